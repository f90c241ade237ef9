// Hears what the code under test writes to standard output and standard error, in their place.
import { vi } from 'vitest';

export interface Listening {
  /** Heard so far on standard output. */
  out: string;
  /** And on standard error. */
  notes: string;
  /** Both are theirs again. */
  end(): void;
}

export function listening(): Listening {
  const heard = { out: '', notes: '' };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(hearing((text) => (heard.out += text))),
    vi.spyOn(process.stderr, 'write').mockImplementation(hearing((text) => (heard.notes += text))),
  ];
  return Object.assign(heard, {
    end: () => {
      for (const spy of spies) spy.mockRestore();
    },
  });
}

/** Whoever waits until it is written need not wait. */
const hearing =
  (keep: (text: string) => void): typeof process.stdout.write =>
  (chunk: unknown, ...rest: unknown[]) => {
    keep(String(chunk));
    const done = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
    done?.();
    return true;
  };
