// Asks the built-in interpreters about objects of one kind, in as few words as a table of cases needs.
import type { AggregatedStatusItem } from '../../engine/api/binding.ts';
import type { KubeObject } from '../../engine/kube/meta.ts';
import type { Millis } from '../../engine/kube/time.ts';
import { builtInLayers } from '../../engine/propagate/interpret/built-in.ts';
import { Interpreter } from '../../engine/propagate/interpret/interpreter.ts';

const NOW: Millis = Date.UTC(2026, 0, 2);
export const NOW_TEXT = '2026-01-02T00:00:00Z';

/** One item a status, from clusters m1, m2 and so on; null where a cluster has reported none. */
export const from = (...statuses: readonly (object | null)[]): AggregatedStatusItem[] =>
  statuses.map((status, at) => ({ clusterName: `m${at + 1}`, ...(status && { status }), applied: true }));

export function interpreting(apiVersion: string, kind: string) {
  const interpreter = new Interpreter(builtInLayers);
  const of = (fields: object, metadata: object = {}): KubeObject => ({
    apiVersion,
    kind,
    metadata: { name: 'sample', namespace: 'shop', ...metadata },
    ...fields,
  });
  return {
    of,
    replicas: (spec: object) => interpreter.replicas(of({ spec })),
    components: (spec: object) => interpreter.components(of({ spec })),
    revised: (spec: object, replicas: number) => interpreter.revise(of({ spec }), replicas).spec,
    retained: (desired: object, observed: object) => interpreter.retain(of(desired), of(observed)),
    reflected: (status: object | undefined, metadata: object = {}) =>
      interpreter.reflect(of(status === undefined ? {} : { status }, metadata)),
    aggregated: (object: KubeObject, ...statuses: readonly (object | null)[]) =>
      interpreter.aggregate(object, from(...statuses), NOW).status,
    /** Aggregated twice: what has been told is not told again. */
    settles: (object: KubeObject, ...statuses: readonly (object | null)[]) => {
      const once = interpreter.aggregate(object, from(...statuses), NOW);
      return interpreter.aggregate(once, from(...statuses), NOW + 60_000) === once;
    },
    healthy: (status: object | undefined, fields: object = {}, metadata: object = {}) =>
      interpreter.healthy(of({ ...fields, ...(status && { status }) }, metadata)),
    dependencies: (spec: object) =>
      interpreter.dependencies(of({ spec })).map(({ kind: dependent, name }) => `${dependent} ${name}`),
  };
}
