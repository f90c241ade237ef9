// Promises of our own code: a broken one is a bug of ours, never a mistake of the user's.

export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
}

export function assert(condition: unknown, promise: string): asserts condition {
  if (!condition) throw new BrokenPromise(promise);
}
