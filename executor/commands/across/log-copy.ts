// Copies logs to one place: a single one byte by byte, several of them line by line, each line with where it is from.
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { writeText } from '../../files/write.ts';

/** Takes from many, and passes on one after the other, no faster than it is read. */
export class SharedOutput {
  readonly #stream: Writable;
  #last: Promise<void> = Promise.resolve();

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  write(text: string): Promise<void> {
    this.#last = this.#last.then(() => writeText(this.#stream, text));
    return this.#last;
  }
}

/** An empty prefix is for what is alone. */
export async function copyLog(log: Readable, prefix: string, out: SharedOutput): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of log as AsyncIterable<Buffer>) {
    const text = decoder.write(chunk);
    if (prefix === '') {
      await out.write(text);
      continue;
    }
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    if (lines.length > 0) await out.write(lines.map((line) => `${prefix}${line}\n`).join(''));
  }
  if (rest !== '') await out.write(`${prefix}${rest}\n`);
}
