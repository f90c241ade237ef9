// Waits for a process to say something to its user.
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Every line that it has said and goes on to say, from when one has the words; rejects where it ends without. */
export function untilSaid(child: ChildProcess, words: string): Promise<readonly string[]> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stderr! }).on('line', (line) => {
      said.push(line);
      if (line.includes(words)) resolve(said);
    });
    child.once('close', () => reject(new Error(said.join('\n'))));
  });
}
