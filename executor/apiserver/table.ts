// Objects as tables: the columns of their kind, one row each, and as much of each object as the client asked for.
import type { KubeObject } from '../../engine/index.ts';
import type { Resource } from './resource.ts';
import type { Column } from './resources/columns.ts';

export interface TableOptions {
  readonly include: 'metadata' | 'object' | 'none';
  readonly metaVersion: string;
  readonly now: number;
}

export function tableOf(
  objects: readonly KubeObject[],
  metadata: Readonly<Record<string, unknown>>,
  resource: Resource,
  options: TableOptions,
  withColumns = true,
): Record<string, unknown> {
  const { columns, cells } = resource.columns;
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${options.metaVersion}`,
    metadata,
    columnDefinitions: withColumns ? columns.map(definition) : null,
    rows: objects.map((object) => ({ cells: cells(object, options.now), object: included(object, options) })),
  };
}

const definition = ({ name, type, format, description, priority }: Column) => ({
  name,
  type,
  format,
  description,
  priority,
});

function included(object: KubeObject, { include, metaVersion }: TableOptions): unknown {
  switch (include) {
    case 'none':
      return null;
    case 'object':
      return object;
    case 'metadata':
      return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${metaVersion}`, metadata: object.metadata };
  }
}
