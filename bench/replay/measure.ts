// Replays a case in a process of its own and takes the figures that it sends.
import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CommandError } from '../../executor/terminal/command.ts';
import { filesFor, OBJECTS_FILE, type ReplayCase } from './cases.ts';
import type { ReplayFigures } from './process.ts';

const isBuilt = import.meta.url.endsWith('.js');
const PROCESS = fileURLToPath(new URL(`./process.${isBuilt ? 'js' : 'ts'}`, import.meta.url));

export async function measureReplay(one: ReplayCase, signal: AbortSignal): Promise<ReplayFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  try {
    const { scenario, objects } = filesFor(one);
    const file = join(folder, 'scenario.yaml');
    await writeFile(file, scenario);
    await writeFile(join(folder, OBJECTS_FILE), objects);
    return await replayed(file, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function replayed(file: string, signal: AbortSignal): Promise<ReplayFigures> {
  const runner = isBuilt ? [] : ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
  const child = fork(PROCESS, [file], { execArgv: runner, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], signal });
  let complaints = '';
  child.stderr!.on('data', (bytes: Buffer) => {
    complaints += bytes.toString();
  });
  return new Promise((resolve, reject) => {
    let figures: ReplayFigures | null = null;
    child.on('message', (message) => {
      figures = message as unknown as ReplayFigures;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (figures !== null) resolve(figures);
      else reject(new CommandError(`the replay ended with ${code ?? 'a signal'}: ${complaints.trim()}`));
    });
  });
}
