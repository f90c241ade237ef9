// Binding -> Works: one in the execution space of each cluster that is to have the object, none anywhere else; and with the
// binding go its Works.

import type { ResourceBinding } from '../../api/binding.ts';
import type { Cluster } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { bindingNameOf, executionSpaceOf, FINALIZERS, LABELS, workNameOf } from '../../api/names.ts';
import type { OverridePolicy } from '../../api/override.ts';
import type { StagedRollout } from '../../api/staged-rollout.ts';
import type { Work } from '../../api/work.ts';
import { merged } from '../../base/merged.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { hasConditionStatus } from '../../kube/conditions.ts';
import { nameUuid } from '../../kube/hash.ts';
import { deepEqual } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { isRenewedFor } from '../../propagate/edition.ts';
import { selectorsPriority } from '../../propagate/resource-selector.ts';
import { resourcesOf } from '../../propagate/staged.ts';
import { clustersWithWork, orphanWorks, targetsOf } from '../../propagate/targets.ts';
import { renewWork, worksFor } from '../../propagate/works.ts';
import { apportion } from '../../schedule/assign/apportion.ts';
import type { Change } from '../../store/change.ts';
import {
  BINDINGS,
  type BindingKey,
  bindingAt,
  bindingKeyIn,
  bindingKeysFor,
  keyOfBinding,
  objectKeyOf,
  templateOf,
  WORKS_BY_BINDING,
  worksOf,
} from '../bindings.ts';
import { isWish } from '../changes.ts';
import { DEFINED_KIND_INDEX } from '../kinds.ts';
import { isTemplateCollection } from '../policies/templates.ts';
import type { ControlPorts } from '../ports.ts';
import { isHeldByQuota } from '../quotas/quota-hold.ts';
import { ROLLOUTS_BY_RESOURCE } from '../rollout/resources.ts';
import { rolloutNamedIn, SNAPSHOTS } from '../rollout/snapshots.ts';
import { stagedWorks } from '../rollout/staged-works.ts';
import { stagingOf } from '../rollout/staging.ts';
import { createIn, eventsAbout, isHeldBy, release, updateWish } from '../writes.ts';
import { isApplied, isAwaited, mayStay } from './arrival.ts';
import { bornOf, isOfTheFuture } from './birth.ts';
import { type Held, heldBack, markedAsHeld, withHeld } from './hold-back.ts';
import { waitForRedivision } from './redivision.ts';
import { collectStrayWorks } from './stray-works.ts';
import { takenAway } from './taken-away.ts';

/** How often it is looked whether what is purged directly has gone. */
const PURGE_POLL_MS: Millis = 5_000;

/** Arrivals are news; that they are late is not. */
const ARRIVAL_POLL_MS: Millis = 1_000;

const NAME = 'binding';

export function binding(ports: ControlPorts): Controller {
  const { followsTemplates } = ports.profile.switches;
  return {
    name: NAME,
    indexes: [WORKS_BY_BINDING, DEFINED_KIND_INDEX, ROLLOUTS_BY_RESOURCE],
    ignoresEchoes: true,
    watches: [
      ...BINDINGS.map((collection) => ({ on: 'hub' as const, collection, keysOf: wishes })),
      { on: 'hub', collection: COLLECTIONS.works, keysOf: ownersOfWork },
      { on: 'hub', collection: isTemplateCollection, keysOf: followsTemplates ? ofTemplate : ofNotedTemplate },
      { on: 'hub', collection: COLLECTIONS.overrides, keysOf: concernedByOverride },
      { on: 'hub', collection: COLLECTIONS.clusterOverrides, keysOf: concernedByOverride },
      { on: 'hub', collection: COLLECTIONS.stagedRollouts, isOptional: true, keysOf: concernedByRollout },
      { on: 'hub', collection: COLLECTIONS.quotas, isOptional: true },
      { on: 'hub', collection: SNAPSHOTS, keysOf: concernedBySnapshot },
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, ports),
  };
}

function wishes(change: Change, view: View): readonly BindingKey[] {
  const found = change.object as unknown as ResourceBinding;
  return isWish(change) && !isOnlyBegun(change, found, view) ? [keyOfBinding(found)] : [];
}

/** It waits for the scheduler, and nothing of it is anywhere. */
const isOnlyBegun = ({ type }: Change, found: ResourceBinding, view: View): boolean =>
  type === 'ADDED' &&
  found.metadata.deletionTimestamp === undefined &&
  clustersWithWork(found.spec).size === 0 &&
  worksOf(view, found).length === 0;

function ownersOfWork(change: Change, view: View): readonly BindingKey[] {
  const key = bindingKeyIn(change.object.metadata);
  if (key === null) return [];
  return isWish(change) || isArrival(change, key, view) ? [key] : [];
}

/** It has been applied, and there are others whose time may have come by that. */
function isArrival({ object, previous }: Change, key: BindingKey, view: View): boolean {
  if (!isApplied(object as unknown as Work) || isApplied((previous ?? undefined) as unknown as Work)) return false;
  const found = bindingAt(view, key);
  return found !== null && orphanWorks(worksOf(view, found), found.spec).length > 0;
}

const ofTemplate = (change: Change, view: View): readonly BindingKey[] =>
  isWish(change) ? bindingKeysFor(change.object, view) : [];

/** Its binding has been renewed for it already: that is ahead of the object itself where views of both are not of one moment. */
const ofNotedTemplate = (change: Change, view: View): readonly BindingKey[] =>
  ofTemplate(change, view).filter((key) => isRenewedFor(bindingAt(view, key)!, change.object));

/** Bindings of objects that the policy selects, or selected before. */
function concernedByOverride({ object, previous }: Change, view: View): readonly BindingKey[] {
  const versions = [object, previous].filter((one) => one !== null) as unknown as readonly OverridePolicy[];
  const namespace = object.metadata.namespace ?? null;
  return BINDINGS.flatMap((collection) => view.list(collection, namespace) as unknown as readonly ResourceBinding[])
    .filter((one) => versions.some((policy) => canConcern(policy, one)))
    .map(keyOfBinding);
}

/** By what the binding knows of its object; its labels are looked at when it is rendered. */
function canConcern({ spec }: OverridePolicy, { spec: { resource } }: ResourceBinding): boolean {
  const { apiVersion, kind, namespace, name } = resource;
  const selectors = spec?.resourceSelectors ?? [];
  // What was damaged may have concerned anything.
  if (!Array.isArray(selectors) || selectors.length === 0) return true;
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  const byNameAlone = selectors.map(({ labelSelector: _labels, ...selector }) => selector);
  return selectorsPriority({ apiVersion, kind, metadata }, byNameAlone) > 0;
}

/** Bindings of what is, or was, rolled out in waves. */
const concernedByRollout = ({ object, previous }: Change): readonly BindingKey[] =>
  [object, ...(previous === null ? [] : [previous])].flatMap(bindingsOfRollout);

const bindingsOfRollout = (rollout: KubeObject): readonly BindingKey[] =>
  resourcesOf(rollout as unknown as StagedRollout).map(
    ({ kind, namespace, name }) => `${namespace}/${bindingNameOf(kind, name)}`,
  );

function concernedBySnapshot({ object }: Change, view: View): readonly BindingKey[] {
  const name = rolloutNamedIn(object);
  const { namespace = '' } = object.metadata;
  const rollout = name === null ? null : view.get(COLLECTIONS.stagedRollouts, namespace, name);
  return rollout === null ? [] : bindingsOfRollout(rollout);
}

function reconcile(key: BindingKey, view: View, now: Millis, ports: ControlPorts): Outcome {
  const found = bindingAt(view, key);
  if (found === null) {
    return ports.profile.switches.collectsStrays ? collectStrayWorks(key, view, now) : NOTHING_TO_DO;
  }
  const works = worksOf(view, found);
  if (found.metadata.deletionTimestamp !== undefined) return end(key, found, works);
  const template = templateOf(found, view);
  // Without its template nothing is changed: the binding is on its way out, or this view is behind.
  if (template === null) return NOTHING_TO_DO;
  const orphans = orphanWorks(works, found.spec).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const staying = isAwaited(found, works, now, ports.profile)
    ? orphans.filter((work) => mayStay(work, found, view))
    : [];
  const early = orphans.filter((work) => isOfTheFuture(work, found, now));
  const going = orphans.filter((work) => !staying.includes(work) && !early.includes(work));
  const leaving = going.map(takenAway);
  if (waitsForPurge(found, works, view, ports)) {
    return { commands: leaving, requeue: { afterMs: PURGE_POLL_MS }, events: [] };
  }
  // It is rendered once its binding knows.
  if (isHeldByQuota(found, template, ports.interpreter, ports.profile.gates, view)) {
    return { commands: leaving, requeue: 'await-change', events: [] };
  }
  const { waitMs, remember } = waitForRedivision(found, template, ports.interpreter, view.remembered, now);
  if (waitMs > 0) return { commands: leaving, requeue: { afterMs: waitMs }, events: [], remember };
  const held = heldBack(found, works, now, ports.profile);
  const { commands, refused } = render(withHeld(found, held), template, held, view, ports);
  return {
    commands: [...leaving, ...commands],
    requeue:
      refused.length > 0
        ? 'back-off'
        : staying.length + early.length + held.size > 0
          ? { afterMs: ARRIVAL_POLL_MS }
          : 'await-change',
    events: isMended(refused, view)
      ? eventsAbout(found, objectKeyOf(key), 'Normal', 'SyncWorkSucceed', 'its Works are as they should be')
      : refused.flatMap((message) => eventsAbout(found, objectKeyOf(key), 'Warning', 'SyncWorkFailed', message)),
    remember,
  };
}

/** Something could not be rendered at the last look, and can be now. */
const isMended = (refused: readonly string[], { attempt: { failures, results } }: View): boolean =>
  refused.length === 0 && failures > 0 && results.every(({ result }) => result.ok);

/** Its Works go first. It does not wait until they have gone: one of a dead cluster would hold up what comes after it everywhere. */
function end(key: BindingKey, found: ResourceBinding, works: readonly Work[]): Outcome {
  const going = works.filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(takenAway);
  if (going.length > 0) return { commands: going, requeue: 'when-done', events: [] };
  const finalizer = found.metadata.namespace ? FINALIZERS.binding : FINALIZERS.clusterBinding;
  if (!isHeldBy(found, finalizer)) return NOTHING_TO_DO;
  return { commands: [release(objectKeyOf(key), found, finalizer)], requeue: 'await-change', events: [] };
}

/**
 * What is purged directly must be gone before its successor starts, so that it never runs twice. Karmada waits for that in a dead
 * cluster, too, where nothing can be purged, for as long as the task lasts that says so: ten minutes, and then it may run twice.
 */
function waitsForPurge(
  { spec }: ResourceBinding,
  works: readonly Work[],
  view: View,
  { profile }: ControlPorts,
): boolean {
  const kept = clustersWithWork(spec);
  return (spec.gracefulEvictionTasks ?? []).some(({ fromCluster, purgeMode }) => {
    if (purgeMode !== 'Directly' || kept.has(fromCluster)) return false;
    const space = executionSpaceOf(fromCluster);
    if (!works.some(({ metadata }) => metadata.namespace === space)) return false;
    return !profile.switches.purgeSkipsDeadClusters || isReady(fromCluster, view);
  });
}

function isReady(name: string, view: View): boolean {
  const cluster = view.get(COLLECTIONS.clusters, '', name) as unknown as Cluster | null;
  return hasConditionStatus(cluster?.status?.conditions, 'Ready', 'True');
}

function render(
  found: ResourceBinding,
  template: KubeObject,
  held: Held,
  view: View,
  { interpreter, yaml, profile }: ControlPorts,
): { readonly commands: readonly Command[]; readonly refused: readonly string[] } {
  const names = targetsOf(found.spec).map(({ name }) => name);
  const clusters = new Map(
    names.flatMap((name) => {
      const cluster = view.get(COLLECTIONS.clusters, '', name) as unknown as Cluster | null;
      return cluster === null ? [] : [[name, cluster] as const];
    }),
  );
  const policies = {
    clusterOverridePolicies: view.list(COLLECTIONS.clusterOverrides) as unknown as readonly OverridePolicy[],
    overridePolicies: view.list(
      COLLECTIONS.overrides,
      found.metadata.namespace ?? '',
    ) as unknown as readonly OverridePolicy[],
  };
  const stored = (space: string, name: string) => view.get(COLLECTIONS.works, space, name) as unknown as Work | null;
  // The same binding always gives the same id, so that a Work that was made and not yet seen is not made otherwise.
  const seed = found.metadata.uid ?? keyOfBinding(found);
  const workId = (space: string, name: string) =>
    stored(space, name)?.metadata.labels?.[LABELS.workId] ?? nameUuid(`${seed}/${space}`);
  const sources = { binding: found, template, clusters, policies };
  const tools = { interpreter, yaml, apportion, workId };
  const options = { preservedState: profile.gates.StatefulFailoverInjection };
  const staging = stagingOf(template, view, interpreter);
  const hasWork = (cluster: string) =>
    stored(
      executionSpaceOf(cluster),
      workNameOf(template.kind, template.metadata.name, template.metadata.namespace),
    ) !== null;
  const planned =
    staging === null ? worksFor(sources, tools, options) : stagedWorks(sources, staging, tools, options, hasWork);
  const commands = planned.works.flatMap((work): Command[] => {
    const { namespace = '', name } = work.metadata;
    const known = stored(namespace, name);
    if (known === null) {
      const made = bornOf(found, work) as unknown as KubeObject;
      return [merged(createIn(COLLECTIONS.works, made), { isIndependent: true })];
    }
    // It is made anew when it has gone.
    if (known.metadata.deletionTimestamp !== undefined) return [];
    const renewed = markedAsHeld(renewWork(known, work), held);
    if (isSame(known, renewed)) return [];
    return [merged(updateWish(COLLECTIONS.works, renewed as unknown as KubeObject), { isIndependent: true })];
  });
  return { commands, refused: planned.refusals.map(({ cluster, message }) => `${cluster}: ${message}`) };
}

const isSame = (a: Work, b: Work): boolean =>
  deepEqual(a.spec, b.spec) &&
  deepEqual(a.metadata.labels ?? {}, b.metadata.labels ?? {}) &&
  deepEqual(a.metadata.annotations ?? {}, b.metadata.annotations ?? {}) &&
  deepEqual(a.metadata.finalizers ?? [], b.metadata.finalizers ?? []);
