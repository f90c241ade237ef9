import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Kind } from './kind.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-kind-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A kind that notes what it is asked and answers as the real one is documented to. */
async function kindThat(body: string, timeoutMs = 10_000, engineBody = 'exit 0'): Promise<Kind> {
  const binary = join(folder, 'kind');
  const script = `#!/bin/sh\necho "$KUBECONFIG $*" >> "${join(folder, 'asked')}"\n${body}\n`;
  await writeFile(binary, script);
  await chmod(binary, 0o755);
  const engine = join(folder, 'engine');
  await writeFile(engine, `#!/bin/sh\necho "engine $*" >> "${join(folder, 'asked')}"\n${engineBody}\n`);
  await chmod(engine, 0o755);
  return new Kind({ binary, engine, kubeconfig: join(folder, 'own'), timeoutMs });
}

const asked = () => readFile(join(folder, 'asked'), 'utf8');

describe('kind', () => {
  it('sees only the clusters that are ours', async () => {
    const kind = await kindThat('printf "mine\\nmuster-m1\\nmuster-m2\\n"');
    expect(await kind.list()).toEqual(['m1', 'm2']);
  });

  it('creates and deletes under its own prefix and with its own kubeconfig', async () => {
    const kind = await kindThat(`[ "$1" != create ] || cp "$6" "${join(folder, 'config')}"`);
    await kind.create('m1', { provider: 'p', region: 'r', zone: 'z' });
    await kind.delete('m1');
    const own = join(folder, 'own');
    expect(await asked()).toBe(
      `${own} create cluster --name muster-m1 --config ${own}.m1.json --wait 120s --kubeconfig ${own} -q\n` +
        `${own} delete cluster --name muster-m1 --kubeconfig ${own} -q\n`,
    );
    const config = await readFile(join(folder, 'config'), 'utf8');
    expect(config).toContain('"topology.kubernetes.io/zone":"z"');
    expect(config).toContain('"topology.muster.dev/provider":"p"');
    await expect(readFile(`${own}.m1.json`)).rejects.toThrow('ENOENT');
  });

  it.each([
    ['node(s) already exist for a cluster with the name \\"muster-m1\\"', false],
    ['failed to init node', true],
  ])('deletes what it left half made, and nothing that was there: %s', async (told, isDeleted) => {
    const kind = await kindThat(`case "$1" in create) echo "ERROR: ${told}" >&2; exit 1;; esac`);
    await expect(kind.create('m1', { provider: 'p', region: 'r', zone: 'z' })).rejects.toThrow('kind could not create');
    expect((await asked()).includes('delete cluster --name muster-m1')).toBe(isDeleted);
  });

  it('loads images that this machine has, and says where it has none', async () => {
    await (await kindThat('exit 0')).loadImage('m1', 'shop/web:1');
    expect(await asked()).toContain('load docker-image shop/web:1 --name muster-m1 -q');
    const missing = await kindThat(`echo 'ERROR: image: "shop/web:1" not present locally' >&2; exit 1`);
    await expect(missing.loadImage('m1', 'shop/web:1')).rejects.toThrow('this machine has no such image; try "');
  });

  it.each([
    [
      'echo "ERROR: failed to get docker info: exec: docker: executable file not found in \\$PATH" >&2; exit 1',
      'no container engine',
    ],
    [
      'echo "ERROR: failed to list clusters: Cannot connect to the Docker daemon" >&2; exit 1',
      'does not answer; try "',
    ],
    ['echo "ERROR: failed to pull image \\"kindest/node:v1\\": no route" >&2; exit 1', 'engine pull kindest/node:v1"'],
    ['echo "ERROR: something else" >&2; exit 1', 'kind could not list clusters: something else'],
  ])('tells of a failure in one sentence: %s', async (body, told) => {
    const kind = await kindThat(body);
    await expect(kind.list()).rejects.toThrow(told);
  });

  it('kills, starts, pauses and resumes the nodes of its own clusters', async () => {
    const kind = await kindThat('printf "muster-m1-control-plane\\nmuster-m1-worker\\n"');
    await kind.kill('m1');
    await kind.start('m1');
    await kind.pause('m1');
    await kind.resume('m1');
    const acts = (await asked()).split('\n').filter((line) => line.startsWith('engine'));
    const nodes = 'muster-m1-control-plane muster-m1-worker';
    expect(acts).toEqual(['kill', 'start', 'pause', 'unpause'].map((act) => `engine ${act} ${nodes}`));
  });

  it.each([
    ['running running', 'running'],
    ['paused paused', 'paused'],
    ['exited created', 'dead'],
    ['running exited', null],
    ['removing removing', null],
  ])('knows of nodes that are %s', async (statuses, condition) => {
    const kind = await kindThat(
      'printf "muster-m1-control-plane\\nmuster-m1-worker\\n"',
      10_000,
      `printf '${statuses}' | tr ' ' '\\n'`,
    );
    expect(await kind.condition('m1')).toBe(condition);
    const nodes = 'muster-m1-control-plane muster-m1-worker';
    expect(await asked()).toContain(`engine inspect --format {{.State.Status}} ${nodes}\n`);
  });

  it('tells why nothing could be done to nodes', async () => {
    const none = await kindThat('exit 0');
    await expect(none.pause('m1')).rejects.toThrow('kind has no cluster muster-m1');
    const broken = await kindThat(
      'echo muster-m1-control-plane',
      10_000,
      'echo "Error: no such container" >&2; exit 1',
    );
    await expect(broken.kill('m1')).rejects.toThrow(
      /could not kill the nodes of m1: Error: no such container; try ".*ps -a"/,
    );
  });

  it('tells of a missing binary and of a time limit', async () => {
    const none = new Kind({ binary: join(folder, 'none'), kubeconfig: join(folder, 'own') });
    await expect(none.list()).rejects.toThrow('no kind on the PATH');
    const slow = await kindThat('exec sleep 60', 200);
    await expect(slow.list()).rejects.toThrow('took longer than 0.2 s');
  });
});
