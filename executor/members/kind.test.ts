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
async function kindThat(body: string, timeoutMs = 10_000): Promise<Kind> {
  const binary = join(folder, 'kind');
  const script = `#!/bin/sh\necho "$KUBECONFIG $*" >> "${join(folder, 'asked')}"\n${body}\n`;
  await writeFile(binary, script);
  await chmod(binary, 0o755);
  return new Kind({ binary, kubeconfig: join(folder, 'own'), timeoutMs });
}

const asked = () => readFile(join(folder, 'asked'), 'utf8');

describe('kind', () => {
  it('sees only the clusters that are ours', async () => {
    const kind = await kindThat('printf "mine\\nmuster-m1\\nmuster-m2\\n"');
    expect(await kind.list()).toEqual(['m1', 'm2']);
  });

  it('creates and deletes under its own prefix and with its own kubeconfig', async () => {
    const kind = await kindThat('exit 0');
    await kind.create('m1', { region: 'r', zone: 'z' });
    await kind.delete('m1');
    const own = join(folder, 'own');
    expect(await asked()).toBe(
      `${own} create cluster --name muster-m1 --config ${own}.m1.json --wait 120s --kubeconfig ${own} -q\n` +
        `${own} delete cluster --name muster-m1 --kubeconfig ${own} -q\n`,
    );
    expect(await readFile(`${own}.m1.json`, 'utf8')).toContain('"topology.kubernetes.io/zone":"z"');
  });

  it.each([
    [
      'echo "ERROR: failed to get docker info: exec: docker: executable file not found in \\$PATH" >&2; exit 1',
      'no container engine',
    ],
    [
      'echo "ERROR: failed to list clusters: Cannot connect to the Docker daemon" >&2; exit 1',
      'does not answer; try "docker info"',
    ],
    [
      'echo "ERROR: failed to pull image \\"kindest/node:v1\\": no route" >&2; exit 1',
      'try "docker pull kindest/node:v1"',
    ],
    ['echo "ERROR: something else" >&2; exit 1', 'kind could not list clusters: something else'],
  ])('tells of a failure in one sentence: %s', async (body, told) => {
    const kind = await kindThat(body);
    await expect(kind.list()).rejects.toThrow(told);
  });

  it('tells of a missing binary and of a time limit', async () => {
    const none = new Kind({ binary: join(folder, 'none'), kubeconfig: join(folder, 'own') });
    await expect(none.list()).rejects.toThrow('no kind on the PATH');
    const slow = await kindThat('exec sleep 60', 200);
    await expect(slow.list()).rejects.toThrow('took longer than 0.2 s');
  });
});
