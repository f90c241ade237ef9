import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { differenceText, TraceComparison } from './compare.ts';
import { headerOf } from './header.ts';
import { TraceWriter } from './trace-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'compare-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PATH = join(folder, 'trace.jsonl');
const LINES = [
  '{"type":"run","format":2,"scenario":"s","seed":"ä","profile":"muster","params":{},"start":"2026-01-01T00:00:00Z","detail":"steps"}',
  '{"at":1}',
  `{"at":2,"text":"${'x'.repeat(100_000)}"}`,
  '{"at":3}',
];

const compared = (lines: readonly string[]) => {
  const comparison = new TraceComparison(PATH);
  for (const line of lines) comparison.see(line);
  return comparison.end();
};

describe('a trace file', () => {
  it('has the same hash, whether it is written or only hashed', () => {
    const [written, hashed] = [new TraceWriter(PATH), new TraceWriter(null)];
    for (const line of LINES) for (const writer of [written, hashed]) writer.write(line);
    expect(written.close()).toBe(hashed.close());
    expect(headerOf(PATH)).toMatchObject({ seed: 'ä' });
    expect(compared(LINES)).toBeNull();
  });

  it('is told apart from another at the first line that differs', () => {
    const other = LINES.map((line, at) => (at === 2 ? line.replace('xxx', 'xyx') : line));
    const difference = compared(other)!;
    expect(difference.line).toBe(3);
    expect(differenceText('t', difference)).toMatch(/^t:3:18: here they first differ\n {2}recorded: .*xxx/);
    expect(compared(LINES.slice(0, 3))).toEqual({ line: 4, recorded: '{"at":3}', found: null });
    expect(compared([...LINES, 'more'])).toEqual({ line: 5, recorded: null, found: 'more' });
  });

  it('is refused where it is none', () => {
    const none = join(folder, 'none');
    writeFileSync(none, 'hello\n');
    expect(() => headerOf(none)).toThrow('is no trace');
    expect(() => headerOf(folder)).toThrow(/cannot read the trace .*: it is a directory$/);
    const newer = join(folder, 'newer');
    writeFileSync(newer, '{"type":"run","format":3}\n');
    expect(() => headerOf(newer)).toThrow(/newer is a trace of format 3, and this version reads format 2: record it/);
    const wrong = join(folder, 'wrong');
    writeFileSync(wrong, LINES[0]!.replace('"ä"', '7').replace('"steps"', '"some"'));
    expect(() => headerOf(wrong)).toThrow(
      /wrong:1: is no header of a trace: seed is 7, and should be a text; detail is "some", and should be one of steps, full/,
    );
    expect(() => headerOf(join(folder, 'absent'))).toThrow(/cannot read the trace .*absent: it does not exist$/);
  });
});
