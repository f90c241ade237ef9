// Starts `muster up` again in the background, waits until it is ready, and leaves it alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolder } from '../../files/folder.ts';
import { CommandError } from '../../terminal/command.ts';
import { runningIn, type UpState } from './state.ts';

const LOOK_MS = 100;
const LAST_LINES = 5;

export const logIn = (folder: string): string => join(folder, 'up.log');

/** `words` are those of the command line, without the one that brought us here. */
export async function startDetached(folder: string, words: readonly string[]): Promise<UpState> {
  await makeFolder(folder);
  const log = await open(logIn(folder), 'w', 0o600);
  const command = [...process.execArgv, process.argv[1]!, ...words];
  const child = spawn(process.execPath, command, { detached: true, stdio: ['ignore', log.fd, log.fd] });
  let failure: string | null = null;
  const over = once(child, 'exit').then(
    ([code]) => {
      failure = `it ended with code ${code}`;
    },
    (error: unknown) => {
      failure = error instanceof Error ? error.message : String(error);
    },
  );
  for (;;) {
    const running = await runningIn(folder);
    if (running !== null && running.process.pid === child.pid) {
      child.unref();
      await log.close();
      return running;
    }
    await Promise.race([over, new Promise((done) => setTimeout(done, LOOK_MS))]);
    if (failure !== null) break;
  }
  await log.close();
  const said = (await readFile(logIn(folder), 'utf8')).trim().split('\n').slice(-LAST_LINES).join('\n');
  throw new CommandError(
    `up did not come up: ${said === '' ? failure : said} (all of it is in ${resolve(logIn(folder))})`,
  );
}
