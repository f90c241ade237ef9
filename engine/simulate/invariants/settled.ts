// What must hold once the last change is long over and every fault is healed, whatever happened before: decisions fit what is
// asked for, Works are what the decisions say, members have what the Works say, statuses tell the truth, and services, autoscalers and
// quotas are followed.
//
// An observer of the whole world: the controllers know nothing of it, and it knows nothing of them.
import type { ResourceBinding } from '../../api/binding.ts';
import type { Cluster } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { World } from '../world.ts';
import { autoscalingViolations } from './autoscaling.ts';
import { decisionViolations } from './decisions.ts';
import { memberViolations } from './members.ts';
import { quotaViolations } from './quotas.ts';
import { exportViolations, exposureViolations } from './services.ts';
import type { SettledPorts } from './settled-ports.ts';
import { statusViolations } from './statuses.ts';
import { nameOf, type Violation, violation } from './violation.ts';
import { waitingViolations } from './waiting.ts';
import { abandonedWorks, workViolations } from './works.ts';

/** Everything that is wrong, in order of names. */
export function settledViolations(world: World, ports: SettledPorts): readonly Violation[] {
  const { store } = world.hub;
  const clusters = new Map(
    store.list(COLLECTIONS.clusters).map((object) => [object.metadata.name, object as unknown as Cluster]),
  );
  const found: Violation[] = [];
  for (const binding of bindingsIn(world)) {
    const { apiVersion, kind, namespace = '', name } = binding.spec.resource;
    const collection = ports.collectionOf({ apiVersion, kind });
    const template = collection === null ? null : store.get(collection, namespace, name);
    if (template === null || template.metadata.uid !== binding.spec.resource.uid) {
      found.push(
        violation('binding-has-template', nameOf(binding), `its ${kind} ${name} is gone, and it is still there`),
      );
      continue;
    }
    // Until then where it goes, and as what, is between what was and what is to be.
    if (ports.isHeldBack?.(binding) !== true) {
      found.push(...decisionViolations(binding, clusters, ports));
      found.push(...waitingViolations(world, binding, clusters, ports));
      found.push(...workViolations(world, binding, template, clusters, ports));
    }
    found.push(...statusViolations(world, binding, template, ports));
  }
  // By Karmada's rules what was made too late for its binding stays.
  if (ports.collectsStrays) found.push(...abandonedWorks(world));
  for (const member of world.members) found.push(...memberViolations(world, member, ports));
  found.push(...autoscalingViolations(world, ports), ...exportViolations(world));
  if (ports.gates.MultiClusterService) found.push(...exposureViolations(world));
  if (ports.gates.FederatedQuotaEnforcement) found.push(...quotaViolations(world));
  return found;
}

export const bindingsIn = ({ hub: { store } }: World): readonly ResourceBinding[] =>
  [...store.list(COLLECTIONS.bindings), ...store.list(COLLECTIONS.clusterBindings)].map(
    (object) => object as unknown as ResourceBinding,
  );
