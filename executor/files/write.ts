// Writing to a stream no faster than its reader reads.
import { once } from 'node:events';
import type { Writable } from 'node:stream';

export async function writeText(stream: Writable, text: string): Promise<void> {
  if (text === '' || stream.write(text)) return;
  try {
    await once(stream, 'drain');
  } catch (error) {
    // Nobody reads it any more: whether that ends anything is decided where the stream belongs.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}
