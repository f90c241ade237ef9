// A container engine for the clusters of the stand-in for kind: their containers are killed, started, paused and unpaused.
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clusters, FOLDER, fail, nodeOf, type StandInCluster } from './state.ts';

const ACTS: Readonly<Record<string, (one: StandInCluster) => void>> = {
  kill: ({ keeper }) => process.kill(keeper, 'SIGUSR2'),
  start: ({ keeper }) => process.kill(keeper, 'SIGHUP'),
  pause: ({ pid }) => process.kill(pid, 'SIGSTOP'),
  unpause: ({ pid }) => process.kill(pid, 'SIGCONT'),
};

const [verb = '', ...nodes] = process.argv.slice(2);
await appendFile(join(FOLDER, 'asked'), `docker ${verb} ${nodes.join(' ')}\n`);
const act = ACTS[verb] ?? fail(`docker: '${verb}' is not a docker command.`);
const all = await clusters();
for (const node of nodes) {
  const found = all.find(({ name }) => nodeOf(name) === node);
  if (found === undefined) fail(`Error response from daemon: No such container: ${node}`);
  act(found);
}
