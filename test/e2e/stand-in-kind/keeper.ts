// Keeps one cluster of the stand-in for kind, as a container engine keeps containers: an embedded member of one node, whoever asked
// for it is gone. SIGUSR2 takes its power, SIGHUP gives it back, SIGTERM ends it; and it ends with the test that it was made for.
import { writeFile } from 'node:fs/promises';
import { startEmbedded } from '../../../executor/members/embedded.ts';
import { fileOf, nodeOf, type StandInCluster } from './state.ts';

const LOOK_MS = 1_000;
const name = process.argv[2] ?? '';
const owner = Number(process.env.STAND_IN_OWNER);

const member = await startEmbedded({
  name,
  nodes: [{ name: nodeOf(name), count: 1, allocatable: { cpu: '4', memory: '8Gi', pods: 110 } }],
  behaviors: [{ match: {}, behavior: { start: { p50Ms: 800, p99Ms: 2_000 } } }],
});

process.on('SIGUSR2', () => {
  member.tell({ order: 'power', isOn: false });
  member.pause();
});
process.on('SIGHUP', () => {
  member.resume();
  member.tell({ order: 'power', isOn: true });
});
const end = (): void => void member.close().then(() => process.exit(0));
process.on('SIGTERM', end);
setInterval(() => {
  try {
    process.kill(owner, 0);
  } catch {
    end();
  }
}, LOOK_MS);

const { server, authority, token } = member;
const state: StandInCluster = { name, keeper: process.pid, pid: member.pid, access: { server, authority, token } };
await writeFile(fileOf(name), JSON.stringify(state), { mode: 0o600 });
process.stdout.write('ready\n');
