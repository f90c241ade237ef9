import { describe, expect, it } from 'vitest';
import { terminalProgress } from './progress.ts';

function screen(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
}

describe('progress', () => {
  it('is silent where nobody looks', () => {
    for (const [stream, environment] of [
      [screen(false), {}],
      [screen(true), { TERM: 'dumb' }],
    ] as const) {
      const progress = terminalProgress(stream, environment);
      progress.show('1 of 2');
      progress.clear();
      expect(stream.written).toEqual([]);
    }
  });

  it('replaces its line, cuts it to the screen, and leaves nothing behind', () => {
    const stream = screen(true, 24);
    const progress = terminalProgress(stream, {});
    progress.show('a line that is longer than the screen');
    progress.show('too soon to be seen');
    progress.clear();
    progress.show('東京東京東京東京東京東京東京');
    progress.clear();
    progress.clear();
    expect(stream.written).toEqual([
      '\r\u001b[2Ka line that is longer …',
      '\r\u001b[2K',
      '\r\u001b[2K東京東京東京東京東京東…',
      '\r\u001b[2K',
    ]);
  });
});
