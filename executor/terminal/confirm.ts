// Asks whether to go on; where nobody can be asked, the answer has to be on the command line.
import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import { CommandError } from './command.ts';

type Terminal = Readable & { readonly isTTY?: boolean };

export async function confirmed(
  question: string,
  input: Terminal = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<boolean> {
  if (input.isTTY !== true) throw new CommandError(`${question} Nobody can be asked here: say --yes`);
  const asking = createInterface({ input, output });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } finally {
    asking.close();
  }
}
