// Checks a property on many random inputs, and prints the seed that would draw them again.
import fc from 'fast-check';

/** `MUSTER_SEED` draws the inputs of an earlier run again; without it every run draws its own. */
export function check<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  predicate: (drawn: T) => void,
  numRuns = 1000,
): void {
  fc.assert(fc.property(arbitrary, predicate), { numRuns, seed: seedOf(name, numRuns) });
}

/** The same of what takes its time. */
export async function checkInTime<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  predicate: (drawn: T) => Promise<void>,
  numRuns: number,
): Promise<void> {
  await fc.assert(fc.asyncProperty(arbitrary, predicate), { numRuns, seed: seedOf(name, numRuns) });
}

function seedOf(name: string, numRuns: number): number {
  const given = process.env.MUSTER_SEED;
  const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
  process.stdout.write(`${name}: ${numRuns} runs, MUSTER_SEED=${seed}\n`);
  return seed;
}
