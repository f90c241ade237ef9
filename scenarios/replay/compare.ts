// Compares a run with a recorded trace, line by line as it comes, and tells where they first differ.
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { unreadable } from '../../executor/files/read-text.ts';
import { partedTexts } from './parted.ts';

export interface Difference {
  /** Counted from 1. */
  readonly line: number;
  /** Null where one of them has ended. */
  readonly recorded: string | null;
  readonly found: string | null;
}

const CHUNK = 1 << 16;

/** The lines of a file, without holding it. */
export function* linesOf(path: string): Generator<string> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw unreadable(`the trace ${path}`, error);
  }
  const readInto = (buffer: Buffer): number => {
    try {
      return readSync(file, buffer);
    } catch (error) {
      throw unreadable(`the trace ${path}`, error);
    }
  };
  try {
    const decoder = new StringDecoder('utf8');
    const buffer = Buffer.alloc(CHUNK);
    let rest = '';
    for (let read = readInto(buffer); read > 0; read = readInto(buffer)) {
      const lines = (rest + decoder.write(buffer.subarray(0, read))).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(file);
  }
}

export class TraceComparison {
  readonly #recorded: Generator<string>;
  #line = 0;
  #difference: Difference | null = null;

  constructor(path: string) {
    this.#recorded = linesOf(path);
  }

  get difference(): Difference | null {
    return this.#difference;
  }

  get lines(): number {
    return this.#line;
  }

  see(found: string): void {
    if (this.#difference !== null) return;
    this.#line += 1;
    const { value, done } = this.#recorded.next();
    const recorded = done === true ? null : (value as string);
    if (recorded !== found) this.#difference = { line: this.#line, recorded, found };
  }

  /** The run is over: what the trace still has is a difference too. */
  end(): Difference | null {
    if (this.#difference !== null) return this.#difference;
    const { value, done } = this.#recorded.next();
    if (done !== true) this.#difference = { line: this.#line + 1, recorded: value as string, found: null };
    return this.#difference;
  }
}

/** Both lines, from a little before the place where they part. */
export function differenceText(path: string, { line, recorded, found }: Difference): string {
  const parted = partedTexts(recorded, found);
  return `${path}:${line}:${parted.at + 1}: here they first differ\n  recorded: ${parted.recorded}\n  now:      ${parted.found}\n`;
}
