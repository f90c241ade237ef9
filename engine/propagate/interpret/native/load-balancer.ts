// The entry points of load balancers in all clusters as one list: each once, with all of its ports, in a fixed order.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import { byKey, byNumber, byText, type Comparator, inOrder } from '../../../base/order.ts';
import { canonicalJson, deepEqual } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { type Fields, fieldsAt, listAt, numberAt, textAt, withValue } from '../../fields.ts';
import { statusesOf } from './generation.ts';

export function aggregateLoadBalancer(
  object: KubeObject,
  items: readonly AggregatedStatusItem[],
  typed: (entry: Fields) => Fields = (entry) => entry,
): KubeObject {
  const entries = statusesOf(items).flatMap((status) => listAt(status ?? {}, 'loadBalancer', 'ingress').map(typed));
  const ingress = mergeEntries(entries);
  const after = { loadBalancer: ingress.length === 0 ? {} : { ingress } };
  return deepEqual(fieldsAt(object, 'status'), after) ? object : withValue(object, after, 'status');
}

/** Whether anybody could reach it. */
export const hasAddress = (object: KubeObject): boolean =>
  listAt(object, 'status', 'loadBalancer', 'ingress').some(
    (entry) => Boolean(textAt(entry, 'hostname')) || Boolean(textAt(entry, 'ip')),
  );

function mergeEntries(entries: readonly Fields[]): Fields[] {
  const byAddress = new Map<string, { entry: Fields; ports: Map<string, Fields> }>();
  for (const entry of entries) {
    const key = canonicalJson([entry.hostname ?? '', entry.ip ?? '', entry.ipMode ?? null]);
    const ports = byAddress.get(key)?.ports ?? new Map<string, Fields>();
    for (const port of listAt(entry, 'ports')) ports.set(canonicalJson(port), port);
    byAddress.set(key, { entry, ports });
  }
  return [...byAddress.values()]
    .map(({ entry, ports }) =>
      withValue(entry, ports.size === 0 ? undefined : [...ports.values()].sort(byPort), 'ports'),
    )
    .sort(byAddressOrder);
}

const byPort = inOrder<Fields>(
  byKey((port) => numberAt(port, 'port') ?? 0, byNumber),
  byKey((port) => textAt(port, 'protocol') ?? '', byText),
  byKey((port) => textAt(port, 'error') ?? '', byText),
);

/** Names come before what has none, addresses by their text, and a mode before none. */
const byAddressOrder: Comparator<Fields> = inOrder(
  byKey((entry) => textAt(entry, 'hostname') || null, presentFirst),
  byKey((entry) => textAt(entry, 'ip') ?? '', byText),
  byKey((entry) => textAt(entry, 'ipMode') ?? null, presentFirst),
);

function presentFirst(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return byText(a, b);
}
