// Tables that several clusters answered, as one: the columns of the first, and before them which cluster each row is of.
import type { KubeObject } from '../../../engine/index.ts';
import { renderTable } from '../../terminal/table.ts';
import { sortedBy } from './sort-by.ts';

export interface TableShape {
  readonly isWide: boolean;
  readonly showsNamespace: boolean;
  /** Stands before every name; null where all are of one kind. */
  readonly kind: string | null;
  /** The field by which rows are sorted, in place of their clusters; null for none. */
  readonly sortBy: string | null;
}

interface TableColumn {
  readonly name: string;
  readonly priority: number;
  readonly format?: string;
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
  const { sortBy } = shape;
  const found = tables.flatMap((table) => table.rows.map((row) => ({ row, table })));
  const ordered = sortBy === null ? found : sortedBy(found, sortBy, ({ row }) => row.object);
  const columns = tables.find((table) => table.columns.length > 0)?.columns;
  if (found.length === 0 || columns === undefined) return '';
  return renderTable(
    titlesOf(columns, shape).map((title) => ({ title })),
    ordered.map(({ row, table }) => cellsOf(row, table, shape)),
  );
}

export function titlesOf(columns: readonly TableColumn[], { isWide, showsNamespace }: TableShape): readonly string[] {
  const titles = columns.filter(({ priority }) => isWide || priority === 0).map(({ name }) => name.toUpperCase());
  return [...(showsNamespace ? ['NAMESPACE'] : []), 'CLUSTER', ...titles];
}

export const rowsOf = (table: ClusterTable, shape: TableShape): string[][] =>
  table.rows.map((row) => cellsOf(row, table, shape));

function cellsOf(
  { cells, object }: TableRow,
  { cluster, columns }: ClusterTable,
  { isWide, showsNamespace, kind }: TableShape,
): string[] {
  const isName = (at: number) => columns[at]?.format === 'name';
  const told = cells.map((cell, at) => (kind !== null && isName(at) ? `${kind}/${String(cell)}` : String(cell ?? '')));
  return [
    ...(showsNamespace ? [object?.metadata.namespace ?? ''] : []),
    cluster,
    ...told.filter((_, at) => isWide || (columns[at]?.priority ?? 0) === 0),
  ];
}
