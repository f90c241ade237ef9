// The benchmarks by name; each loads only when it is asked for.
import { type Command, CommandError } from '../executor/terminal/command.ts';

const BENCHES: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  hub: () => import('./hub/command.ts'),
  live: () => import('./live/command.ts'),
  replay: () => import('./replay/command.ts'),
  schedule: () => import('./schedule/command.ts'),
};

export async function loadBench(words: readonly string[]): Promise<{ readonly command: Command }> {
  const names = Object.keys(BENCHES);
  const name = words.find((word) => names.includes(word));
  if (name === undefined) throw new CommandError(`which benchmark? There is ${names.join(', ')}`);
  return BENCHES[name]!();
}
