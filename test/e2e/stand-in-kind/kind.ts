// A kind whose clusters are real Kubernetes APIs without containers. It does what kind is documented to do with the words that it
// is given, and fails as kind does: exit code 1, and "ERROR: ..." on standard error.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { kubeconfigOf } from '../../../executor/commands/up/kubeconfig-file.ts';
import { cluster, clusters, FOLDER, fail, fileOf, nodeOf } from './state.ts';

const KEEPER = fileURLToPath(new URL('./keeper.ts', import.meta.url));

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string', default: 'kind' },
    config: { type: 'string' },
    wait: { type: 'string' },
    image: { type: 'string' },
    kubeconfig: { type: 'string' },
    quiet: { type: 'boolean', short: 'q', default: false },
  },
});
const [verb = '', noun = '', ...rest] = positionals;
const { name } = values;
await appendFile(join(FOLDER, 'asked'), `${process.argv.slice(2).join(' ')}\n`);

const print = (text: string): void => void process.stdout.write(text === '' ? '' : `${text}\n`);

async function create(): Promise<void> {
  if ((await cluster(name)) !== null) {
    fail(`ERROR: failed to create cluster: node(s) already exist for a cluster with the name "${name}"`);
  }
  const config = JSON.parse(await readFile(values.config ?? '', 'utf8')) as { readonly nodes: readonly unknown[] };
  if (config.nodes.length !== 1) fail('ERROR: failed to create cluster: the stand-in makes clusters of one node');
  const keeper = spawn(process.execPath, [...process.execArgv, KEEPER, name], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await Promise.race([
    once(keeper.stdout!, 'data'),
    once(keeper, 'exit').then(() => fail('ERROR: failed to create cluster: its node ended')),
  ]);
  keeper.stdout!.destroy();
  keeper.unref();
}

async function remove(): Promise<void> {
  const found = await cluster(name);
  if (found === null) return;
  process.kill(found.pid, 'SIGCONT');
  process.kill(found.keeper, 'SIGTERM');
  await rm(fileOf(name));
}

async function kubeconfig(): Promise<void> {
  const found = await cluster(name);
  if (found === null) fail(`ERROR: could not locate any control plane nodes for cluster named '${name}'`);
  process.stdout.write(kubeconfigOf([{ ...found.access, name: `kind-${name}` }]));
}

const ACTS: Readonly<Record<string, () => Promise<void>>> = {
  'create cluster': create,
  'delete cluster': remove,
  'get clusters': async () => print((await clusters()).map((one) => one.name).join('\n')),
  'get nodes': async () => print((await cluster(name)) === null ? '' : nodeOf(name)),
  'get kubeconfig': kubeconfig,
  'load docker-image': async () => {
    if (rest[0]?.startsWith('shop/') !== true) fail(`ERROR: image: "${rest[0]}" not present locally`);
  },
};

const act = ACTS[`${verb} ${noun}`] ?? (() => fail(`ERROR: unknown command "${verb} ${noun}" for "kind"`));
await act();
