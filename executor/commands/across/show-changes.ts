// A table that has been shown goes on with a row for every change, below the columns that it has, until it is interrupted.
import type { HttpApi } from '../../live/http-api.ts';
import type { ExitCode } from '../../terminal/command.ts';
import { onInterrupt } from '../../terminal/interrupt.ts';
import type { Answer } from './fleet-access.ts';
import { followTable, revisionOf } from './follow-table.ts';
import { rowsOf, type TableShape, tableIn, titlesOf } from './table.ts';

export interface ShownTable {
  readonly answers: readonly Answer[];
  readonly path: string;
  readonly accept: string;
  readonly shape: TableShape;
  /** Whether anything was there to be shown. */
  readonly hasHead: boolean;
}

const GAP = 3;

export async function showChanges(hub: HttpApi, shown: ShownTable): Promise<ExitCode> {
  const { answers, path, accept, shape, hasHead } = shown;
  const { signal, release } = onInterrupt();
  const tables = answers.flatMap((answer) => (answer.ok ? [tableIn(answer.cluster, answer.body)] : []));
  const columns = tables.find((table) => table.columns.length > 0)?.columns ?? [];
  const titles = titlesOf(columns, shape);
  const known = [titles, ...tables.flatMap((table) => rowsOf(table, shape))];
  const widths = titles.map((_, at) => Math.max(...known.map((row) => (row[at] ?? '').length)) + GAP);
  const line = (row: readonly string[]): string =>
    `${row.map((cell, at) => cell.padEnd(at === row.length - 1 ? 0 : (widths[at] ?? 0))).join('')}\n`;
  if (!hasHead) process.stdout.write(line(titles));
  try {
    const following = answers.flatMap((answer) => {
      if (!answer.ok) return [];
      const followed = { cluster: answer.cluster, path, revision: revisionOf(answer.body) ?? '0', columns };
      return [
        followTable(
          hub,
          followed,
          accept,
          (table) => {
            for (const row of rowsOf(table, shape)) process.stdout.write(line(row));
          },
          signal,
        ),
      ];
    });
    await Promise.all(following);
    return signal.aborted ? 130 : 1;
  } finally {
    release();
  }
}
