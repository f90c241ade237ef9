// Binding -> PlacementDecisions: where a workload was placed, for tools that do not know bindings. Written where the workload's
// policy asks for it, in both forms that are read out there, and in slices where the clusters are many.
import type { ResourceBinding, TargetCluster } from '../../api/binding.ts';
import { DECISION_OF_ANNOTATION, INVENTORY, PUBLISH_ANNOTATION } from '../../api/inventory.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { ANNOTATIONS } from '../../api/names.ts';
import { byKey, byText } from '../../base/order.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { nameUuid } from '../../kube/hash.ts';
import { deepEqual } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { targetsOf } from '../../propagate/targets.ts';
import type { Change } from '../../store/change.ts';
import type { IndexDefinition } from '../../store/indexes.ts';
import { BINDINGS, type BindingKey, bindingAt, keyOfBinding } from '../bindings.ts';
import { isWish } from '../changes.ts';
import type { ControlPorts } from '../ports.ts';
import { SCHEDULER_NAME } from '../scheduling/scheduler/mine.ts';
import { createIn, remove, update, updateStatus } from '../writes.ts';

const FORMS = [COLLECTIONS.placementDecisions, COLLECTIONS.ocmPlacementDecisions] as const;
const POLICIES = [COLLECTIONS.policies, COLLECTIONS.clusterPolicies] as const;
const LABEL_MAX = 63;
/** Longer than any view is behind that still hears anything. */
const PATIENCE_MS: Millis = 60_000;

const DECISIONS_BY_BINDING: readonly IndexDefinition[] = FORMS.map((collection) => ({
  name: 'decisions-by-binding',
  collection,
  valuesOf: ({ metadata }) => {
    const of = metadata.annotations?.[DECISION_OF_ANNOTATION];
    return of === undefined ? [] : [of];
  },
}));

export function placementDecisions({ profile }: ControlPorts): Controller {
  if (!profile.switches.tellsNeighbours) return { name: NAME, watches: [], reconcile: () => NOTHING_TO_DO };
  return {
    name: NAME,
    indexes: DECISIONS_BY_BINDING,
    watches: [
      ...BINDINGS.map((collection) => ({ on: 'hub' as const, collection, keysOf: ofBinding })),
      ...POLICIES.map((collection) => ({ on: 'hub' as const, collection, keysOf: ofPolicy })),
      ...FORMS.map((collection) => ({ on: 'hub' as const, collection, isOptional: true, keysOf: ofDecision })),
    ],
    reconcile,
  };
}

const NAME = 'placement-decisions';

/** Where it is asked for, or was. */
const ofBinding = (change: Change, view: View): readonly BindingKey[] => {
  if (!isWish(change)) return [];
  const key = keyOfBinding(change.object);
  const isTold = asked(change.object as unknown as ResourceBinding, view) !== null;
  return isTold || FORMS.some((form) => decisionsOf(key, form, view).length > 0) ? [key] : [];
};

function ofPolicy({ object, previous }: Change, view: View): readonly BindingKey[] {
  const publishes = (one: KubeObject | null) => one?.metadata.annotations?.[PUBLISH_ANNOTATION];
  if (publishes(object) === publishes(previous)) return [];
  return BINDINGS.flatMap((collection) => view.list(collection))
    .filter((one) => policyOf(one as unknown as ResourceBinding, view)?.metadata.name === object.metadata.name)
    .map(keyOfBinding);
}

function ofDecision({ object }: Change): readonly BindingKey[] {
  const of = object.metadata.annotations?.[DECISION_OF_ANNOTATION];
  return of === undefined ? [] : [of];
}

const decisionsOf = (key: BindingKey, form: string, view: View): readonly KubeObject[] =>
  view.byIndex(form, 'decisions-by-binding', key);

function policyOf({ metadata: { annotations = {} } }: ResourceBinding, view: View): KubeObject | null {
  const cluster = annotations[ANNOTATIONS.clusterPropagationPolicyName];
  if (cluster !== undefined) return view.get(COLLECTIONS.clusterPolicies, '', cluster);
  const name = annotations[ANNOTATIONS.propagationPolicyName];
  const namespace = annotations[ANNOTATIONS.propagationPolicyNamespace] ?? '';
  return name === undefined ? null : view.get(COLLECTIONS.policies, namespace, name);
}

/** The namespace to publish in. Whoever may write policies in one namespace is not to write into others by that. */
function asked(binding: ResourceBinding, view: View): string | null {
  const policy = policyOf(binding, view);
  const wanted = policy?.metadata.annotations?.[PUBLISH_ANNOTATION] ?? 'false';
  if (policy === null || wanted === 'false' || wanted === '') return null;
  const own = binding.metadata.namespace ?? '';
  const isFree = !policy.metadata.namespace && wanted !== 'true';
  const namespace = isFree ? wanted : own;
  return namespace === '' ? null : namespace;
}

function reconcile(key: BindingKey, view: View, now: Millis): Outcome {
  const found = bindingAt(view, key);
  const since = typeof view.remembered === 'number' ? view.remembered : now;
  const left = since + PATIENCE_MS - now;
  // It may be that they are not seen yet: what was told is taken back when they have not been seen for a while.
  if (isUnseen(found, view) && left > 0) {
    const isTold = FORMS.some((form) => decisionsOf(key, form, view).length > 0);
    return isTold ? { commands: [], requeue: { afterMs: left }, events: [], remember: since } : NOTHING_TO_DO;
  }
  const binding = found?.metadata.deletionTimestamp === undefined ? found : null;
  const namespace = binding === null ? null : asked(binding, view);
  const commands = FORMS.filter((form) => view.isSynced(form)).flatMap((form) => {
    const wanted = binding === null || namespace === null ? [] : slicesOf(key, binding, namespace, form);
    return changes(form, decisionsOf(key, form, view), wanted);
  });
  return { commands, requeue: commands.length > 0 ? 'when-done' : 'await-change', events: [], remember: null };
}

/** The binding, or the policy that it names. */
const isUnseen = (binding: ResourceBinding | null, view: View): boolean =>
  binding === null || (namesPolicy(binding) && policyOf(binding, view) === null);

const namesPolicy = ({ metadata: { annotations = {} } }: ResourceBinding): boolean =>
  annotations[ANNOTATIONS.clusterPropagationPolicyName] !== undefined ||
  annotations[ANNOTATIONS.propagationPolicyName] !== undefined;

function changes(form: string, known: readonly KubeObject[], wanted: readonly KubeObject[]): readonly Command[] {
  const isOf = (one: KubeObject) => (other: KubeObject) =>
    one.metadata.name === other.metadata.name && one.metadata.namespace === other.metadata.namespace;
  const going = known.filter((one) => !wanted.some(isOf(one)) && one.metadata.deletionTimestamp === undefined);
  return [
    ...wanted.flatMap((one) => {
      const there = known.find(isOf(one));
      if (there === undefined) return [{ ...createIn(form, one), isIndependent: true }];
      const next = { ...there, ...one, metadata: { ...there.metadata, ...one.metadata } };
      if (deepEqual(next, there)) return [];
      // The one form tells its decisions as a status, which has a door of its own.
      const isSameButStatus = deepEqual({ ...next, status: null }, { ...there, status: null });
      return [{ ...(isSameButStatus ? updateStatus(form, next) : update(form, next)), isIndependent: true }];
    }),
    ...going.map((one): Command => {
      const { namespace = '', name } = one.metadata;
      return { ...remove({ collection: form, namespace, name }, one), isIndependent: true };
    }),
  ];
}

function slicesOf(key: BindingKey, binding: ResourceBinding, namespace: string, form: string): readonly KubeObject[] {
  const own = binding.metadata.namespace ?? '';
  const base = namespace === own || own === '' ? binding.metadata.name : `${own}.${binding.metadata.name}`;
  const targets = targetsOf(binding.spec).sort(byKey(({ name }) => name, byText));
  const count = Math.max(1, Math.ceil(targets.length / INVENTORY.decisionsMax));
  return Array.from({ length: count }, (_, index) => {
    const slice = targets.slice(index * INVENTORY.decisionsMax, (index + 1) * INVENTORY.decisionsMax);
    const metadata = { name: `${base}-${index}`, namespace, annotations: { [DECISION_OF_ANNOTATION]: key } };
    const label = labelOf(base);
    return form === COLLECTIONS.ocmPlacementDecisions
      ? ocmDecision(metadata, label, slice)
      : decision(metadata, label, labelOf(binding.spec.resource.name), index, slice, binding.spec.schedulerName);
  });
}

function decision(
  metadata: KubeObject['metadata'],
  key: string,
  placement: string,
  index: number,
  targets: readonly TargetCluster[],
  schedulerName = SCHEDULER_NAME,
): KubeObject {
  const labels = {
    [INVENTORY.decisionKeyLabel]: key,
    [INVENTORY.decisionIndexLabel]: String(index),
    [INVENTORY.placementKeyLabel]: placement,
  };
  return {
    apiVersion: INVENTORY.apiVersion,
    kind: 'PlacementDecision',
    metadata: { ...metadata, labels },
    schedulerName,
    decisions: targets.map((target) => ({
      clusterProfileRef: { name: target.name, namespace: INVENTORY.namespace },
      reason: reasonOf(target),
    })),
  };
}

const ocmDecision = (
  metadata: KubeObject['metadata'],
  placement: string,
  targets: readonly TargetCluster[],
): KubeObject => ({
  apiVersion: INVENTORY.ocmApiVersion,
  kind: 'PlacementDecision',
  metadata: { ...metadata, labels: { [INVENTORY.ocmPlacementLabel]: placement } },
  status: { decisions: targets.map((target) => ({ clusterName: target.name, reason: reasonOf(target) })) },
});

const reasonOf = ({ replicas }: TargetCluster): string => (replicas ? `${replicas} replicas` : 'Scheduled');

/** Names may be longer than labels. */
const labelOf = (name: string): string => (name.length <= LABEL_MAX ? name : nameUuid(name));
