// Asks whether to go on; where nobody can be asked, the answer has to be on the command line.
import { createInterface } from 'node:readline/promises';
import { CommandError } from './command.ts';

export async function confirmed(question: string): Promise<boolean> {
  if (process.stdin.isTTY !== true) throw new CommandError(`${question} Nobody can be asked here: say --yes`);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } finally {
    asking.close();
  }
}
