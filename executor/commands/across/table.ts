// Tables that several clusters answered, as one: the columns of the first, and before them which cluster each row is of.
import type { KubeObject } from '../../../engine/index.ts';
import { renderTable } from '../../terminal/table.ts';

export interface TableShape {
  readonly isWide: boolean;
  readonly showsNamespace: boolean;
}

interface TableColumn {
  readonly name: string;
  readonly priority: number;
}

interface TableRow {
  readonly cells: readonly unknown[];
  readonly object?: KubeObject;
}

export interface ClusterTable {
  readonly cluster: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

export const tableIn = (cluster: string, body: Record<string, unknown>): ClusterTable => ({
  cluster,
  columns: (body.columnDefinitions ?? []) as readonly TableColumn[],
  rows: (body.rows ?? []) as readonly TableRow[],
});

/** Nothing where no cluster has any. */
export function joinedTable(tables: readonly ClusterTable[], shape: TableShape): string {
  const rows = tables.flatMap((table) => rowsOf(table, shape));
  const columns = tables.find((table) => table.columns.length > 0)?.columns;
  if (rows.length === 0 || columns === undefined) return '';
  return renderTable(
    titlesOf(columns, shape).map((title) => ({ title })),
    rows,
  );
}

export function titlesOf(columns: readonly TableColumn[], { isWide, showsNamespace }: TableShape): readonly string[] {
  const titles = columns.filter(({ priority }) => isWide || priority === 0).map(({ name }) => name.toUpperCase());
  return [...(showsNamespace ? ['NAMESPACE'] : []), 'CLUSTER', ...titles];
}

export const rowsOf = ({ cluster, columns, rows }: ClusterTable, { isWide, showsNamespace }: TableShape): string[][] =>
  rows.map(({ cells, object }) => [
    ...(showsNamespace ? [object?.metadata.namespace ?? ''] : []),
    cluster,
    ...cells.filter((_, at) => isWide || (columns[at]?.priority ?? 0) === 0).map((cell) => String(cell ?? '')),
  ]);
