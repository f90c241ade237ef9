// JSON lines from files and standard input, a chunk at a time: a line that cannot be read is reported, not thrown.
import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { STDIN_NAME, unreadable } from './read-text.ts';

interface Place {
  /** The file, or "standard input". */
  readonly source: string;
  /** Counted from 1 within its source. */
  readonly line: number;
}

export type JsonLine = Place &
  ({ readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string });

/** A longer line is skipped, so that no input can make memory grow without bounds. */
const LINE_BYTES_MAX = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * The lines of each chunk of input as one batch, in order; blank lines are left out. The next chunk is read when the
 * batch has been dealt with. "-" names standard input.
 */
export async function* readJsonLines(
  names: readonly string[],
  stdin: Readable = process.stdin,
  lineBytesMax: number = LINE_BYTES_MAX,
): AsyncGenerator<readonly JsonLine[]> {
  for (const name of names) {
    if (name !== '-') {
      await access(name, constants.R_OK).catch((error) => {
        throw unreadable(name, error);
      });
    }
  }
  for (const name of names) {
    const stream = name === '-' ? stdin : createReadStream(name);
    const source = name === '-' ? STDIN_NAME : name;
    yield* readStream(stream, source, lineBytesMax);
  }
}

async function* readStream(
  stream: Readable,
  source: string,
  lineBytesMax: number,
): AsyncGenerator<readonly JsonLine[]> {
  const splitter = new Splitter(source, lineBytesMax);
  try {
    for await (const chunk of stream) {
      const batch = splitter.take(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      if (batch.length > 0) yield batch;
    }
  } catch (error) {
    throw unreadable(source, error);
  }
  const rest = splitter.end();
  if (rest.length > 0) yield rest;
}

class Splitter {
  private readonly source: string;
  private readonly lineBytesMax: number;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private parts: Buffer[] = [];
  private bytes = 0;
  private line = 1;

  constructor(source: string, lineBytesMax: number) {
    this.source = source;
    this.lineBytesMax = lineBytesMax;
  }

  take(chunk: Buffer): JsonLine[] {
    const batch: JsonLine[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      this.hold(chunk.subarray(from, at));
      this.release(batch);
      from = at + 1;
    }
    this.hold(chunk.subarray(from));
    return batch;
  }

  end(): JsonLine[] {
    const batch: JsonLine[] = [];
    this.release(batch);
    return batch;
  }

  /** Of a line that has grown too long only the length is remembered. */
  private hold(part: Buffer): void {
    this.bytes += part.length;
    if (this.bytes > this.lineBytesMax) this.parts = [];
    else if (part.length > 0) this.parts.push(part);
  }

  private release(batch: JsonLine[]): void {
    const place = { source: this.source, line: this.line };
    if (this.bytes > this.lineBytesMax) {
      batch.push({ ...place, ok: false, problem: `is longer than ${this.lineBytesMax} bytes` });
    } else {
      const read = this.parse(Buffer.concat(this.parts));
      if (read !== null) batch.push({ ...place, ...read });
    }
    this.line++;
    this.parts = [];
    this.bytes = 0;
  }

  private parse(bytes: Buffer): { ok: true; value: unknown } | { ok: false; problem: string } | null {
    let text: string;
    try {
      text = this.decoder.decode(bytes);
    } catch {
      return { ok: false, problem: 'is not UTF-8' };
    }
    if (text.trim() === '') return null;
    try {
      return { ok: true, value: JSON.parse(text) };
    } catch (error) {
      return { ok: false, problem: `is not JSON: ${error instanceof Error ? error.message : String(error)}` };
    }
  }
}
