// A container engine for the clusters of the stand-in for kind: their containers are killed, started, paused and unpaused, and it
// tells what became of them.
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clusters, FOLDER, fail, nodeOf, type StandInCluster } from './state.ts';

const ACTS: Readonly<Record<string, (one: StandInCluster) => void>> = {
  kill: ({ keeper }) => process.kill(keeper, 'SIGUSR2'),
  start: ({ keeper }) => process.kill(keeper, 'SIGHUP'),
  pause: ({ pid }) => process.kill(pid, 'SIGSTOP'),
  unpause: ({ pid }) => process.kill(pid, 'SIGCONT'),
};

const BECOMES: Readonly<Record<string, string>> = {
  kill: 'exited',
  start: 'running',
  pause: 'paused',
  unpause: 'running',
};

const [verb = '', ...words] = process.argv.slice(2);
await appendFile(join(FOLDER, 'asked'), `docker ${verb} ${words.join(' ')}\n`);
const all = await clusters();
const nodes = verb === 'inspect' ? words.slice(2) : words;
for (const node of nodes) {
  const found = all.find(({ name }) => nodeOf(name) === node);
  if (found === undefined) fail(`Error response from daemon: No such container: ${node}`);
  const status = join(FOLDER, `${node}.status`);
  if (verb === 'inspect') {
    process.stdout.write(`${await readFile(status, 'utf8').catch(() => 'running')}\n`);
    continue;
  }
  const act = ACTS[verb] ?? fail(`docker: '${verb}' is not a docker command.`);
  act(found);
  await writeFile(status, BECOMES[verb]!);
}
