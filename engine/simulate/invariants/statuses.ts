// Statuses against the truth: a binding tells of the clusters that have its object and of no other, and what it tells of each
// is what the member itself says.
import type { ResourceBinding } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { executionSpaceOf, workNameOf } from '../../api/names.ts';
import { canonicalJson } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { clustersWithWork, targetsOf } from '../../propagate/targets.ts';
import type { World } from '../world.ts';
import { isHeldUp } from './held-up.ts';
import type { SettledPorts } from './settled-ports.ts';
import { nameOf, type Violation, violation } from './violation.ts';
import { isNowhere } from './works.ts';

export function statusViolations(
  world: World,
  binding: ResourceBinding,
  template: KubeObject,
  ports: Pick<SettledPorts, 'interpreter' | 'collectsStrays' | 'staysUntilArrived'>,
): readonly Violation[] {
  const { interpreter, collectsStrays } = ports;
  const mayTellOfMore = isHeldUp(binding, ports) || (collectsStrays && isNowhere(binding));
  const about = nameOf(binding);
  const items = binding.status?.aggregatedStatus ?? [];
  const told = items.map(({ clusterName }) => clusterName);
  const targets = new Set(targetsOf(binding.spec).map(({ name }) => name));
  // It may have been driven out of a cluster before it had come there.
  const having = [...clustersWithWork(binding.spec)]
    .filter((cluster) => (targets.has(cluster) && !isLeaving(world, cluster)) || hasWorkIn(world, binding, cluster))
    .sort();
  if (canonicalJson([...told].sort()) !== canonicalJson(having) && !mayTellOfMore) {
    return [
      violation(
        'status-is-whole',
        about,
        `it tells of ${told.join(', ') || 'no cluster'}, and is in ${having.join(', ') || 'none'}`,
      ),
    ];
  }
  const found: Violation[] = [];
  for (const { clusterName, status, applied } of items) {
    const member = world.member(clusterName);
    if (member === null || applied !== true) continue;
    const object = observedIn(member, template);
    if (object === null) continue;
    const reflected = interpreter.reflect(object) ?? null;
    if (canonicalJson(reflected) !== canonicalJson(status ?? null)) {
      found.push(violation('status-is-true', about, `what it tells of ${clusterName} is not how it is there`));
    }
  }
  return found;
}

/** With it its Works go first. */
const isLeaving = ({ hub }: World, cluster: string): boolean =>
  hub.store.get(COLLECTIONS.clusters, '', cluster)?.metadata.deletionTimestamp !== undefined;

function hasWorkIn({ hub }: World, { spec: { resource } }: ResourceBinding, cluster: string): boolean {
  const name = workNameOf(resource.kind, resource.name, resource.namespace);
  return hub.store.get(COLLECTIONS.works, executionSpaceOf(cluster), name) !== null;
}

function observedIn(member: World['members'][number], template: KubeObject): KubeObject | null {
  const { namespace = '', name } = template.metadata;
  for (const collection of member.api.store.collectionNames()) {
    const object = member.api.store.get(collection, namespace, name);
    if (object !== null && object.kind === template.kind && object.apiVersion === template.apiVersion) return object;
  }
  return null;
}
