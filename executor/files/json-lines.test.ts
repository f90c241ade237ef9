import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonLine, readJsonLines } from './json-lines.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'json-lines-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function linesOf(names: string[], stdin?: Readable, lineBytesMax?: number): Promise<JsonLine[]> {
  const lines: JsonLine[] = [];
  for await (const batch of readJsonLines(names, stdin, lineBytesMax)) lines.push(...batch);
  return lines;
}

const chunks = (...parts: (string | Buffer)[]) => Readable.from(parts.map((part) => Buffer.from(part as string)));

describe('JSON lines', () => {
  it('come from several files and standard input, numbered within each', async () => {
    writeFileSync(join(folder, 'a'), '1\n\n  \n2');
    const lines = await linesOf([join(folder, 'a'), '-', join(folder, 'a')], chunks('"x"\r\n'));
    expect(lines.map((line) => [line.ok && line.value, line.line])).toEqual([
      [1, 1],
      [2, 4],
      ['x', 1],
      [1, 1],
      [2, 4],
    ]);
    expect(lines[2]?.source).toBe('standard input');
  });

  it('are put together where a chunk cuts them, even inside of a character', async () => {
    const bytes = Buffer.from('{"a":"é"}\n[1]');
    const pieces = [...bytes].map((_, at) => bytes.subarray(at, at + 1));
    const lines = await linesOf(['-'], Readable.from(pieces));
    expect(lines.map((line) => line.ok && line.value)).toEqual([{ a: 'é' }, [1]]);
  });

  it('that cannot be read are reported at their place, and the next is read all the same', async () => {
    const lines = await linesOf(['-'], chunks('{\n', Buffer.from([0xff, 0x0a]), '3\n'));
    expect(lines.map((line) => (line.ok ? line.value : line.problem))).toEqual([
      expect.stringMatching(/^is not JSON: /),
      'is not UTF-8',
      3,
    ]);
  });

  it('that are too long are skipped without being held', async () => {
    const lines = await linesOf(['-'], chunks('"', 'x'.repeat(20), 'y'.repeat(20), '"\n"ok"\n"', 'z'.repeat(20)), 10);
    expect(lines.map((line) => (line.ok ? line.value : line.problem))).toEqual([
      'is longer than 10 bytes',
      'ok',
      'is longer than 10 bytes',
    ]);
    expect(lines[1]?.line).toBe(2);
  });

  it('of a file that is not there are an error before anything is read', async () => {
    const read = linesOf(['-', join(folder, 'absent')], chunks('1\n'));
    await expect(read).rejects.toThrow(/^cannot read .*absent: it does not exist$/);
  });
});
