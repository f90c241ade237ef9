// Plain padded columns, the way kubectl prints them.
import { textWidth, withoutControls } from './text-width.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Applied to a row's padded cell, so that colours do not shift what stands beside it. */
  readonly paint?: (padded: string, cell: string, row: number) => string;
}

const GAP = '   ';

export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title);
  const cells = rows.map((row) => columns.map((_, at) => firstLine(row[at] ?? '')));
  const widths = columns.map(({ title }, at) =>
    cells.reduce((width, row) => Math.max(width, textWidth(row[at]!)), textWidth(title)),
  );
  const line = (row: readonly string[], number: number | null): string =>
    columns
      .map(({ align = 'left', paint }, at) => {
        const cell = row[at]!;
        const space = ' '.repeat(widths[at]! - textWidth(cell));
        const isLast = at === columns.length - 1;
        const padded = align === 'right' ? space + cell : isLast ? cell : cell + space;
        return paint === undefined || number === null ? padded : paint(padded, cell, number);
      })
      .join(GAP)
      .trimEnd();
  return `${[line(titles, null), ...cells.map(line)].join('\n')}\n`;
}

/** As kubectl does: what has more lines is cut after the first. Control characters would move the cursor. */
function firstLine(cell: string): string {
  const [first = '', ...more] = cell.split(/\r?\n/);
  return withoutControls(more.length > 0 ? `${first}...` : first);
}
