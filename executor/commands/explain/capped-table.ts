// Tables that stay short on large fleets: the first rows and how many more there are, unless all are asked for.
import { type Column, renderTable } from '../../terminal/table.ts';

const ROWS_MAX = 20;

/** Nothing where there are no rows. A table that is hardly longer than the limit is shown whole. */
export function cappedTable(columns: readonly Column[], rows: readonly (readonly string[])[], wide: boolean): string {
  if (rows.length === 0) return '';
  if (wide || rows.length <= ROWS_MAX + 5) return renderTable(columns, rows);
  return `${renderTable(columns, rows.slice(0, ROWS_MAX))}and ${rows.length - ROWS_MAX} more; -o wide lists them\n`;
}
