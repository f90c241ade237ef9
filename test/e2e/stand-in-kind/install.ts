// Puts stand-ins for kind and docker first on the PATH of a test and of everything that it starts.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export interface StandInKind {
  /** What kind and docker were asked, line by line. */
  asked(): Promise<readonly string[]>;
  /** Of the clusters that there are. */
  names(): Promise<readonly string[]>;
  /** As somebody else would. */
  create(name: string): Promise<void>;
  remove(): Promise<void>;
}

export async function installStandInKind(): Promise<StandInKind> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-stand-in-'));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const name of ['kind', 'docker']) {
    const program = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
    await writeFile(join(bin, name), `#!/bin/sh\nexec "${process.execPath}" --import "${TSX}" "${program}" "$@"\n`, {
      mode: 0o755,
    });
  }
  const { PATH = '' } = process.env;
  Object.assign(process.env, {
    PATH: `${bin}${delimiter}${PATH}`,
    STAND_IN_KIND: folder,
    STAND_IN_OWNER: String(process.pid),
  });
  const { clusters } = await import('./state.ts');
  return {
    asked: async () => (await readFile(join(folder, 'asked'), 'utf8').catch(() => '')).split('\n').slice(0, -1),
    names: async () => (await clusters()).map(({ name }) => name),
    create: async (name) => {
      const config = join(folder, 'config.json');
      await writeFile(config, JSON.stringify({ nodes: [{}] }));
      await execa(join(bin, 'kind'), ['create', 'cluster', '--name', name, '--config', config]);
    },
    remove: async () => {
      for (const { pid, keeper } of await clusters()) {
        process.kill(pid, 'SIGCONT');
        process.kill(keeper, 'SIGTERM');
      }
      process.env.PATH = PATH;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
