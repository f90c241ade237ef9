// Tells by an APIService for each group and version what is served, as clients of Kubernetes look it up.
import { formatTime, type KubeObject } from '../../engine/index.ts';
import { attempt, type Keeper, SYSTEM_USER, writeStatus } from './housekeeping.ts';
import type { Hub } from './hub.ts';
import { createObject } from './objects/write.ts';

const COLLECTION = 'apiregistration.k8s.io/apiservices';
const WRITER = 'kube-apiserver';
/** Marks those that are made here, and that go with what they tell of. */
const MANAGED = 'kube-aggregator.kubernetes.io/automanaged';
const HIGHEST = 18_000;
const STEP = 100;
const VERSION_PRIORITY = 100;

export class ApiServiceKeeper implements Keeper {
  private readonly hub: Hub;
  /** What is served as it was when all was told. */
  private told = -1;

  constructor(hub: Hub) {
    this.hub = hub;
  }

  notice({ collection }: { readonly collection: string }): void {
    if (collection === COLLECTION) this.told = -1;
  }

  work(): boolean {
    const { registry, store } = this.hub;
    if (this.told === registry.generation()) return false;
    this.told = registry.generation();
    let worked = false;
    const wanted = new Set<string>();
    for (const [at, { name: group, versions }] of registry.groups().entries()) {
      for (const [place, version] of versions.entries()) {
        const name = `${version}.${group}`;
        wanted.add(name);
        if (store.get(COLLECTION, '', name) !== null) continue;
        const spec = {
          group,
          groupPriorityMinimum: Math.max(HIGHEST - at * STEP, 1000),
          version,
          versionPriority: VERSION_PRIORITY - place,
        };
        worked = attempt(() => this.tell(name, spec)) || worked;
      }
    }
    for (const { metadata } of store.list(COLLECTION)) {
      if (metadata.labels?.[MANAGED] === undefined || wanted.has(metadata.name)) continue;
      store.remove(COLLECTION, '', metadata.name);
      worked = true;
    }
    return worked;
  }

  private tell(name: string, spec: Record<string, unknown>): boolean {
    const { hub } = this;
    const resource = hub.registry.find('apiregistration.k8s.io', 'v1', 'apiservices')!;
    const apiVersion = 'apiregistration.k8s.io/v1';
    const by = { name: WRITER, operation: 'Update' as const, apiVersion, subresource: '' };
    const object: KubeObject = {
      apiVersion,
      kind: 'APIService',
      metadata: { name, labels: { [MANAGED]: 'true' } },
      spec,
    };
    const made = createObject({ hub, resource, user: SYSTEM_USER, by, dryRun: false }, '', object);
    const available = {
      lastTransitionTime: formatTime(hub.now()),
      message: 'Local APIServices are always available',
      reason: 'Local',
      status: 'True',
      type: 'Available',
    };
    writeStatus(hub, resource, made, { conditions: [available] }, WRITER);
    return true;
  }
}
