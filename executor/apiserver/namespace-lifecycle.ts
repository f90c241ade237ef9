// Namespaces from beginning to end: what each one gets when it is made, and the emptying before it goes.
import { type Change, formatTime, isObject, isReleased, type KubeObject, WHY_PROTECTED } from '../../engine/index.ts';
import { attempt, CONTROLLER, type Keeper, SYSTEM_USER, writeStatus } from './housekeeping.ts';
import type { Hub } from './hub.ts';
import { isProtectedIn, removeAsAsked } from './objects/remove.ts';
import { createObject, isFinished } from './objects/write.ts';
import type { Resource } from './resource.ts';
import { items } from './resources/cells.ts';

const NAMESPACES = '/namespaces';
const FINALIZER = 'kubernetes';

const grants = ({ group }: Resource): boolean => group === 'rbac.authorization.k8s.io';

interface Remaining {
  readonly resources: ReadonlyMap<string, number>;
  readonly finalizers: ReadonlyMap<string, number>;
  /** What is not to be deleted, as "secret/name". */
  readonly held: readonly string[];
}

export class NamespaceKeeper implements Keeper {
  private readonly hub: Hub;
  private readonly rootCertificate: string | null;
  private readonly due = new Set<string>();

  constructor(hub: Hub, rootCertificate: string | null) {
    this.hub = hub;
    this.rootCertificate = rootCertificate;
  }

  notice({ collection, object, previous, type }: Change): void {
    if (collection === NAMESPACES) {
      if (type !== 'DELETED') this.due.add(object.metadata.name);
      return;
    }
    const { namespace } = object.metadata;
    if (namespace !== undefined && (type === 'DELETED' || isReleased(object, previous))) this.due.add(namespace);
  }

  work(): boolean {
    const names = [...this.due].sort();
    this.due.clear();
    let worked = false;
    for (const name of names) {
      const namespace = this.hub.store.get(NAMESPACES, '', name);
      if (namespace === null) continue;
      const isEnding = namespace.metadata.deletionTimestamp !== undefined;
      worked = attempt(() => (isEnding ? this.empty(namespace) : this.furnish(name))) || worked;
    }
    return worked;
  }

  /** Every namespace has a service account and the authority's certificate. */
  private furnish(name: string): boolean {
    const wanted: KubeObject[] = [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } },
    ];
    if (this.rootCertificate !== null) {
      wanted.push({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: 'kube-root-ca.crt',
          namespace: name,
          annotations: {
            'kubernetes.io/description': 'The certificate of the authority that vouches for this server.',
          },
        },
        data: { 'ca.crt': this.rootCertificate },
      });
    }
    let worked = false;
    for (const object of wanted) {
      const resource = this.hub.registry.findKind('', 'v1', object.kind)!;
      if (this.hub.store.get(resource.collection, name, object.metadata.name) !== null) continue;
      const by = { name: CONTROLLER, operation: 'Update' as const, apiVersion: 'v1', subresource: '' };
      createObject({ hub: this.hub, resource, user: SYSTEM_USER, by, dryRun: false }, name, object);
      worked = true;
    }
    return worked;
  }

  private empty(namespace: KubeObject): boolean {
    const { name } = namespace.metadata;
    let worked = false;
    const resources = new Map<string, number>();
    const finalizers = new Map<string, number>();
    const held: string[] = [];
    const kinds = this.hub.registry.collections().filter(({ namespaced }) => namespaced);
    // Who has something to take away first, as an agent has, may do so to the end.
    for (const resource of [...kinds.filter((kind) => !grants(kind)), ...kinds.filter(grants)]) {
      if (grants(resource) && resources.size > 0) break;
      for (const object of this.hub.store.list(resource.collection, name)) {
        const isThere = object.metadata.deletionTimestamp === undefined;
        const isHeld = isThere && isProtectedIn(this.hub, object);
        if (isHeld) held.push(`${resource.plural}/${object.metadata.name}`);
        if (isThere && !isHeld && this.remove(resource, object)) {
          worked = true;
          continue;
        }
        const full = resource.group === '' ? `${resource.plural}.` : `${resource.plural}.${resource.group}`;
        resources.set(full, (resources.get(full) ?? 0) + 1);
        for (const one of object.metadata.finalizers ?? []) finalizers.set(one, (finalizers.get(one) ?? 0) + 1);
      }
    }
    if (resources.size > 0) return this.tell(name, { resources, finalizers, held }) || worked;
    return this.finish(name) || worked;
  }

  private remove(resource: Resource, object: KubeObject): boolean {
    return removeAsAsked(this.hub, resource, resource.fromStored(object), {
      dryRun: false,
      propagation: 'Background',
      uid: null,
      resourceVersion: null,
      gracePeriodSeconds: null,
    }).isGone;
  }

  private finish(name: string): boolean {
    const namespace = this.hub.store.get(NAMESPACES, '', name);
    if (namespace === null) return false;
    const spec = isObject(namespace.spec) ? namespace.spec : {};
    const held = Array.isArray(spec.finalizers) ? spec.finalizers : [];
    if (!held.includes(FINALIZER)) return false;
    const { finalizers: _finalizers, ...rest } = spec;
    const kept = held.filter((one) => one !== FINALIZER);
    const next: KubeObject = { ...namespace, spec: kept.length === 0 ? rest : { ...rest, finalizers: kept } };
    if (isFinished(next)) this.hub.store.remove(NAMESPACES, '', name);
    else this.hub.store.put(NAMESPACES, next);
    return true;
  }

  private tell(name: string, remaining: Remaining): boolean {
    const namespace = this.hub.store.get(NAMESPACES, '', name);
    if (namespace === null) return false;
    const status = isObject(namespace.status) ? namespace.status : {};
    const old = items(status.conditions);
    const now = formatTime(this.hub.now());
    const conditions = conditionsFor(remaining).map((condition) => {
      const before = old.find(({ type }) => type === condition.type);
      const since = before !== undefined && before.status === condition.status ? before.lastTransitionTime : now;
      return { ...condition, lastTransitionTime: since };
    });
    if (JSON.stringify(conditions) === JSON.stringify(old)) return false;
    const resource = this.hub.registry.find('', 'v1', 'namespaces')!;
    writeStatus(this.hub, resource, namespace, { ...status, conditions });
    return true;
  }
}

function conditionsFor({ resources, finalizers, held }: Remaining): Record<string, unknown>[] {
  const counted = (counts: ReadonlyMap<string, number>, word: string) =>
    [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, count]) => `${key} ${word} ${count} resource instances`)
      .join(', ');
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
  });
  return [
    condition(
      'NamespaceDeletionDiscoveryFailure',
      'False',
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ),
    condition(
      'NamespaceDeletionGroupVersionParsingFailure',
      'False',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    held.length > 0
      ? condition(
          'NamespaceDeletionContentFailure',
          'True',
          'ContentDeletionFailed',
          `Failed to delete all resource types: ${held.map((one) => `${one} ${WHY_PROTECTED}`).join('; ')}`,
        )
      : condition(
          'NamespaceDeletionContentFailure',
          'False',
          'ContentDeleted',
          'All content successfully deleted, may be waiting on finalization',
        ),
    condition(
      'NamespaceContentRemaining',
      'True',
      'SomeResourcesRemain',
      `Some resources are remaining: ${counted(resources, 'has')}`,
    ),
    finalizers.size > 0
      ? condition(
          'NamespaceFinalizersRemaining',
          'True',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${counted(finalizers, 'in')}`,
        )
      : condition(
          'NamespaceFinalizersRemaining',
          'False',
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ),
  ];
}
