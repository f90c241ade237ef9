// What applying changes, as a table and as a document.
import { byText, objectKey, type TargetCluster } from '../../../engine/index.ts';
import type { ApplyWork } from '../../live/apply/carry-out.ts';
import { isPlacedInWaves } from '../../live/apply/rollouts.ts';
import type { Listing } from '../../terminal/output.ts';

interface Row {
  readonly action: 'create' | 'change' | 'remove' | 'place';
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly what: string;
}

export const applyListing = (work: ApplyWork): Listing<Row> => {
  const rows = rowsOf(work);
  return {
    columns: [
      {
        title: 'ACTION',
        value: ({ action }) => action,
        paint: (text, colours, { action }) =>
          action === 'remove' ? colours.red(text) : action === 'create' ? colours.green(text) : text,
      },
      { title: 'KIND', value: ({ kind }) => kind },
      { title: 'NAMESPACE', value: ({ namespace }) => namespace },
      { title: 'NAME', value: ({ name }) => name },
      { title: 'WHAT', value: ({ what }) => what },
    ],
    rows,
    name: ({ kind, namespace, name }) => `${kind.toLowerCase()}/${objectKey(namespace ?? '', name)}`,
    document: () => ({ apiVersion: 'muster/v1alpha1', kind: 'ApplyPreview', changes: rows }),
    empty: 'nothing differs',
  };
};

function rowsOf({ objects, placements, removals }: ApplyWork): readonly Row[] {
  return [
    ...objects.flatMap(({ action, object, fields }): Row[] => {
      if (action !== 'create' && action !== 'change') return [];
      const { kind, metadata } = object;
      return [{ action, kind, namespace: metadata.namespace ?? null, name: metadata.name, what: fields.join(', ') }];
    }),
    ...placements.map(({ workload, before, after }): Row => {
      const { kind, namespace, name } = workload;
      return {
        action: 'place',
        kind,
        namespace,
        name,
        what: `${moveText(before, after)}${isPlacedInWaves(workload) ? ', in waves' : ''}`,
      };
    }),
    ...removals.map(({ made }): Row => {
      const { kind, namespace = null, name } = made;
      return { action: 'remove', kind, namespace, name, what: 'it was made before, and is no longer asked for' };
    }),
  ];
}

/** "m1: 2 -> 3, m2: 4 -> 0". */
export function moveText(before: readonly TargetCluster[], after: readonly TargetCluster[]): string {
  const names = [...new Set([...before, ...after].map(({ name }) => name))].sort(byText);
  const countIn = (targets: readonly TargetCluster[], name: string): string => {
    const target = targets.find((one) => one.name === name);
    return target === undefined ? 'none' : String(target.replicas ?? 'there');
  };
  return names
    .filter((name) => countIn(before, name) !== countIn(after, name))
    .map((name) => `${name}: ${countIn(before, name)} -> ${countIn(after, name)}`)
    .join(', ');
}

/** "2 to create, 1 to place"; empty where there is nothing to do. */
export function summaryOf(work: ApplyWork): string {
  const rows = rowsOf(work);
  return (['create', 'change', 'place', 'remove'] as const)
    .map((action) => [rows.filter((row) => row.action === action).length, action] as const)
    .filter(([count]) => count > 0)
    .map(([count, action]) => `${count} to ${action}`)
    .join(', ');
}
