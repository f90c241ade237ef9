// The text of a file or of standard input, in whole, up to a size; what cannot be read is an error that names it.
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { CommandError } from '../terminal/command.ts';

export interface ReadTextOptions {
  readonly stdin?: Readable;
  readonly bytesMax?: number;
}

export const FILE_BYTES_MAX = 256 * 1024 * 1024;

export const STDIN_NAME = 'standard input';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'its permissions forbid it',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is no directory',
  ELOOP: 'its symbolic links go in circles',
};

/** "-" names standard input. A byte order mark at the beginning is left out. */
export async function readText(name: string, options: ReadTextOptions = {}): Promise<string> {
  const { stdin = process.stdin, bytesMax = FILE_BYTES_MAX } = options;
  const shown = name === '-' ? STDIN_NAME : name;
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of name === '-' ? stdin : createReadStream(name)) {
      const part: Buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      bytes += part.length;
      if (bytes > bytesMax) throw new CommandError(`${shown} is longer than ${bytesMax} bytes`);
      chunks.push(part);
    }
  } catch (error) {
    throw error instanceof CommandError ? error : unreadable(shown, error);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new CommandError(`${shown} is not UTF-8 text`);
  }
}

export function unreadable(name: string, error: unknown): CommandError {
  return new CommandError(`cannot read ${name}: ${whyUnreadable(error)}`);
}

export function whyUnreadable(error: unknown): string {
  const { code, message = String(error) } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}
