// Resource quotas: what a namespace uses, and the refusal of what would exceed it.
import {
  addQuantity,
  compareQuantity,
  forbidden,
  formatQuantity,
  isObject,
  type KubeObject,
  parseQuantity,
  type Quantity,
} from '../../../engine/index.ts';
import type { Hub } from '../hub.ts';
import { namedOf } from '../resource.ts';
import { items, read } from '../resources/cells.ts';
import type { WriteContext } from './write.ts';

const ZERO: Quantity = { nano: 0n, format: 'DecimalSI' };
const ONE = parseQuantity('1')!;

/** Short names of counted resources beside the "count/..." form. */
const COUNTED: Readonly<Record<string, string>> = {
  pods: '/pods',
  services: '/services',
  secrets: '/secrets',
  configmaps: '/configmaps',
  replicationcontrollers: '/replicationcontrollers',
  resourcequotas: '/resourcequotas',
  persistentvolumeclaims: '/persistentvolumeclaims',
};

/** What one object counts against a quota's item. */
function usageOf(item: string, collection: string, object: KubeObject): Quantity {
  const [group = '', plural = ''] = collection.split('/');
  const name = group === '' ? plural : `${plural}.${group}`;
  if (item === `count/${name}` || COUNTED[item] === collection) {
    return item === 'pods' && isOver(object) ? ZERO : ONE;
  }
  if (collection === '/pods' && !isOver(object)) {
    const match = /^(?:(requests|limits)\.)?(.+)$/.exec(item)!;
    const part = match[1] ?? 'requests';
    return items(read(object, 'spec.containers'))
      .map((container) => read(container, `resources.${part}`))
      .map((amounts) => (isObject(amounts) ? parseQuantity(String(amounts[match[2]!] ?? '')) : null))
      .reduce<Quantity>((sum, amount) => (amount === null ? sum : addQuantity(sum, amount)), ZERO);
  }
  if (collection === '/persistentvolumeclaims' && item === 'requests.storage') {
    const requests = read(object, 'spec.resources.requests');
    return (isObject(requests) ? parseQuantity(String(requests.storage ?? '')) : null) ?? ZERO;
  }
  return ZERO;
}

const isOver = (object: KubeObject) => ['Succeeded', 'Failed'].includes(String(read(object, 'status.phase')));

/** The collections that a quota's items look at. */
function collectionsOf(hub: Hub, hard: Record<string, unknown>): string[] {
  const wanted = new Set<string>();
  for (const item of Object.keys(hard)) {
    if (item.startsWith('count/')) {
      const [plural = '', ...group] = item.slice('count/'.length).split('.');
      const collection = `${group.join('.')}/${plural}`;
      if (hub.registry.collections().some((one) => one.collection === collection)) wanted.add(collection);
    } else if (COUNTED[item] !== undefined) wanted.add(COUNTED[item]);
    else if (item === 'requests.storage') wanted.add('/persistentvolumeclaims');
    else wanted.add('/pods');
  }
  return [...wanted].sort();
}

export function quotaUsage(hub: Hub, namespace: string, hard: Record<string, unknown>): Record<string, Quantity> {
  const used: Record<string, Quantity> = {};
  for (const item of Object.keys(hard)) used[item] = ZERO;
  for (const collection of collectionsOf(hub, hard)) {
    for (const object of hub.store.list(collection, namespace)) {
      for (const item of Object.keys(hard)) used[item] = addQuantity(used[item]!, usageOf(item, collection, object));
    }
  }
  return used;
}

export function checkQuota({ hub, resource }: WriteContext, object: KubeObject): void {
  const namespace = object.metadata.namespace ?? '';
  for (const quota of hub.store.list('/resourcequotas', namespace)) {
    const hard = read(quota, 'spec.hard');
    if (!isObject(hard)) continue;
    const requested = Object.keys(hard)
      .filter((item) => usageOf(item, resource.collection, object).nano > 0n)
      .sort();
    if (requested.length === 0) continue;
    const used = quotaUsage(hub, namespace, hard);
    const exceeded = requested.filter((item) => {
      const limit = parseQuantity(String(hard[item]));
      return (
        limit !== null &&
        compareQuantity(addQuantity(used[item]!, usageOf(item, resource.collection, object)), limit) > 0
      );
    });
    if (exceeded.length === 0) continue;
    const list = (value: (item: string) => string) => exceeded.map((item) => `${item}=${value(item)}`).join(',');
    throw forbidden(
      namedOf(resource),
      object.metadata.name,
      `exceeded quota: ${quota.metadata.name}, requested: ${list((item) => formatQuantity(usageOf(item, resource.collection, object)))},` +
        ` used: ${list((item) => formatQuantity(used[item]!))}, limited: ${list((item) => String(hard[item]))}`,
    );
  }
}

/** The quota's status as it is now, or null where nothing changed. */
export function quotaStatus(hub: Hub, quota: KubeObject): Record<string, unknown> | null {
  const hard = read(quota, 'spec.hard');
  if (!isObject(hard)) return null;
  const used = quotaUsage(hub, quota.metadata.namespace ?? '', hard);
  const status = {
    hard,
    used: Object.fromEntries(Object.entries(used).map(([item, amount]) => [item, formatQuantity(amount)])),
  };
  return JSON.stringify(quota.status ?? {}) === JSON.stringify(status) ? null : status;
}
