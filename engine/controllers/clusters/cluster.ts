// A cluster's place on the hub: the namespace that holds its Works is there as long as the cluster is; and a cluster leaves only
// when what the hub brought to it is gone, or, where it cannot be reached, is given up.
import { COLLECTIONS } from '../../api/kinds.ts';
import { clusterOfExecutionSpace, executionSpaceOf, FINALIZERS, LABELS } from '../../api/names.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, type EventRecord, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import type { JsonObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { isClaimed } from '../../propagate/claim.ts';
import type { Change } from '../../store/change.ts';
import { BINDINGS_BY_TARGET, type BindingKey, bindingAt, bindingsIn, objectKeyOf } from '../bindings.ts';
import { isWish } from '../changes.ts';
import { createIn, event, hold, isHeldBy, patch, release, remove } from '../writes.ts';
import { isReady } from './cluster-conditions.ts';

const REMOVAL_POLL_MS: Millis = 10_000;

export const cluster: Controller = {
  name: 'cluster',
  indexes: BINDINGS_BY_TARGET,
  watches: [
    {
      on: 'hub',
      collection: COLLECTIONS.clusters,
      keysOf: (change) => (isWish(change) ? [change.object.metadata.name] : []),
    },
    { on: 'hub', collection: COLLECTIONS.namespaces, keysOf: ofSpace },
  ],
  reconcile: (name, view) => {
    const found = view.get(COLLECTIONS.clusters, '', name);
    if (found === null) return NOTHING_TO_DO;
    return found.metadata.deletionTimestamp === undefined ? keep(found, view) : leave(found, view);
  },
};

function ofSpace({ type, object }: Change): readonly string[] {
  const name = type === 'DELETED' ? clusterOfExecutionSpace(object.metadata.name) : null;
  return name === null ? [] : [name];
}

const keyOfCluster = (name: string) => ({ collection: COLLECTIONS.clusters, namespace: '', name });

const spaceOf = (name: string, view: View): KubeObject | null =>
  view.get(COLLECTIONS.namespaces, '', executionSpaceOf(name));

function keep(found: KubeObject, view: View): Outcome {
  const { name } = found.metadata;
  const commands: Command[] = [];
  if (!isHeldBy(found, FINALIZERS.cluster)) commands.push(hold(keyOfCluster(name), found, FINALIZERS.cluster));
  if (spaceOf(name, view) === null) {
    // Differs from Karmada: it is the cluster's own, so that one made by a view that was behind does not outlive the cluster.
    const { apiVersion, kind } = found;
    const ownerReferences = [{ apiVersion, kind, name, uid: found.metadata.uid ?? '' }];
    const metadata = { name: executionSpaceOf(name), labels: { [LABELS.system]: 'true' }, ownerReferences };
    commands.push(createIn(COLLECTIONS.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata }));
  }
  const told = spaceOf(name, view) === null ? [spaceEvent(name, 'CreateExecutionSpaceSucceed', 'it is given')] : [];
  return { commands, requeue: 'await-change', events: told };
}

function leave(found: KubeObject, view: View): Outcome {
  const { name } = found.metadata;
  if (!isHeldBy(found, FINALIZERS.cluster)) return NOTHING_TO_DO;
  const space = spaceOf(name, view);
  if (space !== null) {
    const isFirst = space.metadata.deletionTimestamp === undefined;
    const commands: Command[] = isFirst ? [remove(keyOfSpace(name), space)] : [];
    const told = isFirst ? [spaceEvent(name, 'RemoveExecutionSpaceSucceed', 'it leaves')] : [];
    // Nobody will ever clean up there: what it holds is let go.
    const works = isReady(found) ? [] : view.list(COLLECTIONS.works, executionSpaceOf(name));
    for (const work of works) {
      if (work.metadata.deletionTimestamp === undefined || !isHeldBy(work, FINALIZERS.execution)) continue;
      const key = { collection: COLLECTIONS.works, namespace: executionSpaceOf(name), name: work.metadata.name };
      commands.push({ ...release(key, work, FINALIZERS.execution), isIndependent: true });
    }
    return { commands, requeue: { afterMs: REMOVAL_POLL_MS }, events: told };
  }
  // Whatever is still to run there is moved first, and what nobody moves any more is taken out.
  const bindings = bindingsIn(view, name);
  if (bindings.length > 0) {
    const commands = bindings.flatMap((key) => takenOut(key, name, view));
    return { commands, requeue: { afterMs: REMOVAL_POLL_MS }, events: [] };
  }
  return { commands: [release(keyOfCluster(name), found, FINALIZERS.cluster)], requeue: 'await-change', events: [] };
}

const spaceEvent = (name: string, reason: string, what: string): EventRecord =>
  event('Normal', 'Cluster', keyOfCluster(name), reason, `${what} the namespace ${executionSpaceOf(name)}`);

function takenOut(key: BindingKey, cluster: string, view: View): readonly Command[] {
  const binding = bindingAt(view, key);
  if (binding === null || isClaimed(binding.metadata) || binding.metadata.deletionTimestamp !== undefined) return [];
  const clusters = (binding.spec.clusters ?? []).filter(({ name }) => name !== cluster);
  const change = { spec: { clusters } } as unknown as JsonObject;
  return [{ ...patch(objectKeyOf(key), binding, change), isIndependent: true }];
}

const keyOfSpace = (name: string) => ({
  collection: COLLECTIONS.namespaces,
  namespace: '',
  name: executionSpaceOf(name),
});
