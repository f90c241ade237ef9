import { describe, expect, it } from 'vitest';
import { renderTable } from './table.ts';
import { textWidth } from './text-width.ts';

describe('the width of a text', () => {
  it.each([
    ['abc', 3],
    ['', 0],
    ['é', 1],
    ['e\u0301', 1],
    ['東京', 4],
    ['ｱ', 1],
    ['한국', 4],
    ['🚀', 2],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['⚠️', 2],
    ['→', 1],
    ['\u001b[31mred\u001b[39m', 3],
    ['\u200b', 0],
    ['𠀀', 2],
  ])('%j is %i', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});

describe('a table', () => {
  it('pads its columns, right where asked, and never ends a line in spaces', () => {
    const columns = [{ title: 'NAME' }, { title: 'REPLICAS', align: 'right' as const }, { title: 'WHY' }];
    const rows = [
      ['東京', '7', ''],
      ['a-longer-name', '12345678', 'spread'],
    ];
    expect(renderTable(columns, rows)).toBe(
      ['NAME            REPLICAS   WHY', '東京                   7', 'a-longer-name   12345678   spread', ''].join(
        '\n',
      ),
    );
  });

  it('keeps its columns where a cell is painted', () => {
    const paint = (padded: string) => `<${padded}>`;
    expect(renderTable([{ title: 'A', paint }, { title: 'B' }], [['x', 'y']])).toBe('A   B\n<x>   y\n');
    expect(renderTable([{ title: 'LONG', paint }, { title: 'B' }], [['x', 'y']])).toBe('LONG   B\n<x   >   y\n');
  });

  it('shows the first line of a cell only, and nothing that moves the cursor', () => {
    expect(renderTable([{ title: 'A' }], [['one\ntwo'], ['\u001b[2Jx\ty\u202e']])).toBe(
      'A\none...\n\\u001b[2Jx y\\u202e\n',
    );
  });

  it('of half a million rows is no trouble', () => {
    const rows = Array.from({ length: 500_000 }, () => ['x']);
    expect(renderTable([{ title: 'A' }], rows)).toHaveLength(1_000_002);
  });
});
