// Printer columns of custom resources, read off objects by the paths that their definition gives.
import type { KubeObject } from '../../../engine/index.ts';
import { ageOf } from './cells.ts';
import type { Cell, Column, ColumnSet } from './columns.ts';
import { readJsonPath } from './json-path.ts';

const NAME: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'The name of the object, unique among its kind in its namespace.',
  priority: 0,
};

const AGE = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

export function customColumns(given: readonly Record<string, unknown>[]): ColumnSet {
  const wanted = given.length === 0 ? [AGE] : given;
  const columns: Column[] = wanted.map((column) => {
    const one = column as Record<string, unknown>;
    return {
      name: String(one.name),
      type: String(one.type),
      format: String(one.format ?? ''),
      description: String(one.description ?? `The object's ${String(one.jsonPath)}.`),
      priority: Number(one.priority ?? 0),
    };
  });
  const paths = wanted.map(({ jsonPath }) => String(jsonPath));
  return {
    columns: [NAME, ...columns],
    cells: (object, now) => [
      object.metadata.name,
      ...columns.map((column, at) => cellOf(object, paths[at]!, column, now)),
    ],
  };
}

function cellOf(object: KubeObject, path: string, { type }: Column, now: number): Cell {
  const [value] = readJsonPath(object, path);
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'date':
      return ageOf(value, now);
    case 'integer':
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}
