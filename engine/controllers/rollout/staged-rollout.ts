// StagedRollout: sees that its objects have changed, lets the change to one wave of clusters after the other, and ends it where
// it does harm. Which revision a cluster gets is read from its status: `binding` writes the Works of a template, and the scheduler lets
// a placement through.
import type { ResourceBinding } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { StagedRollout, StagedRolloutStatus } from '../../api/staged-rollout.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, type EventRecord, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { deepEqual } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { resourceKeyOf, resourcesOf, stages, templateKeyOf } from '../../propagate/staged.ts';
import type { Change } from '../../store/change.ts';
import { BINDINGS, bindingAt, bindingKeyIn, WORKS_BY_BINDING } from '../bindings.ts';
import { isReport, isWish } from '../changes.ts';
import { readiness } from '../clusters/cluster-conditions.ts';
import { DEFINED_KIND_INDEX } from '../kinds.ts';
import { onceMoreEach, sooner } from '../once-more.ts';
import { isTemplateCollection } from '../policies/templates.ts';
import type { ControlPorts } from '../ports.ts';
import { appliedPlacementOf } from '../scheduling/applied-placement.ts';
import { event, updateStatus } from '../writes.ts';
import { clusterStates } from './cluster-states.ts';
import { bindingsOf, placementOfRevision, templateOfRevision } from './placements.ts';
import { progress } from './progress.ts';
import { ROLLOUTS_BY_RESOURCE } from './resources.ts';
import { newestRevision, type Snapshot, snapshotOf } from './revision.ts';
import { readSnapshot, removeOthers, rolloutNamedIn, SNAPSHOTS, writeSnapshot } from './snapshots.ts';
import { isNextOf, stagedPlacementOf } from './staged-placement.ts';

export function stagedRollout(ports: ControlPorts): Controller {
  return {
    name: 'staged-rollout',
    indexes: [ROLLOUTS_BY_RESOURCE, WORKS_BY_BINDING, DEFINED_KIND_INDEX],
    watches: [
      {
        on: 'hub',
        collection: COLLECTIONS.stagedRollouts,
        isOptional: true,
        keysOf: (change) => (change.type !== 'DELETED' && isWish(change) ? [keyOf(change.object)] : []),
      },
      {
        on: 'hub',
        collection: isTemplateCollection,
        keysOf: (change, view) => (isWish(change) ? rolloutsOf(templateKeyOf(change.object), view) : []),
      },
      { on: 'hub', collection: SNAPSHOTS, keysOf: ofSnapshot },
      ...[COLLECTIONS.overrides, COLLECTIONS.clusterOverrides].map((collection) => ({
        on: 'hub' as const,
        collection,
        keysOf: ({ object }: Change, view: View) =>
          view.list(COLLECTIONS.stagedRollouts, object.metadata.namespace ?? null).map(keyOf),
      })),
      ...BINDINGS.map((collection) => ({ on: 'hub' as const, collection, keysOf: ofBinding })),
      { on: 'hub', collection: COLLECTIONS.works, keysOf: ofWork },
      { on: 'hub', collection: COLLECTIONS.clusters, keysOf: ofCluster },
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, ports),
  };
}

const keyOf = ({ metadata }: Pick<KubeObject, 'metadata'>): string => `${metadata.namespace ?? ''}/${metadata.name}`;

const rolloutsOf = (resource: string, view: View): readonly string[] =>
  view.byIndex(COLLECTIONS.stagedRollouts, ROLLOUTS_BY_RESOURCE.name, resource).map(keyOf);

function ofSnapshot({ object }: Change): readonly string[] {
  const name = rolloutNamedIn(object);
  return name === null ? [] : [`${object.metadata.namespace ?? ''}/${name}`];
}

const ofBinding = (change: Change, view: View): readonly string[] =>
  isWish(change) ? rolloutsOf(resourceOf(change.object as unknown as ResourceBinding), view) : [];

function ofWork(change: Change, view: View): readonly string[] {
  if (view.list(COLLECTIONS.stagedRollouts).length === 0 || !(isWish(change) || isReport(change))) return [];
  const key = bindingKeyIn(change.object.metadata);
  const binding = key === null ? null : bindingAt(view, key);
  return binding === null ? [] : rolloutsOf(resourceOf(binding), view);
}

/** Clusters report every few seconds; what they are and whether they are ready changes seldom. */
function ofCluster(change: Change, view: View): readonly string[] {
  const isNews = isWish(change) || readiness(change.object) !== readiness(change.previous);
  return isNews ? view.list(COLLECTIONS.stagedRollouts).map(keyOf) : [];
}

const resourceOf = ({ spec: { resource } }: ResourceBinding): string =>
  resourceKeyOf({ ...resource, namespace: resource.namespace ?? '' });

function reconcile(key: string, view: View, now: Millis, { interpreter }: ControlPorts): Outcome {
  const [namespace, name] = key.split('/') as [string, string];
  const found = view.get(COLLECTIONS.stagedRollouts, namespace, name) as unknown as StagedRollout | null;
  if (found === null || found.metadata.deletionTimestamp !== undefined) return NOTHING_TO_DO;
  const snapshot = snapshotOf(found, view);
  const missing = resourcesOf(found).filter(
    (one) => !snapshot.templates.some((template) => templateKeyOf(template) === resourceKeyOf(one)),
  );
  // What was never there is not rolled out, but placed: all of it at once. And what is not seen just now may be there.
  if (missing.length > 0) {
    const message = `Waits for ${missing.map((one) => `${one.kind} ${one.name}`).join(', ')}.`;
    return tell(found, { phase: 'Waiting', ...found.status, message }, null, now);
  }
  const newest = newestRevision(found, snapshot, view, interpreter);
  const goal = { revision: newest, obstacle: undecidedOf(found, newest, view) };
  const { status, lookAt } = progress(found, goal, clusterStates(found, newest, view), now);
  const { kept, nextMs, isMissing, ...memory } = inTime(keep(found, status, newest, snapshot, view), view, now);
  if (isMissing) return { commands: kept, requeue: sooner('await-change', nextMs), events: [], ...memory };
  const told = tell(found, status, lookAt, now);
  const commands = [...kept, ...told.commands];
  // The snapshot is there before anything counts on it, and gone when nothing does.
  const isUnfinished = kept.length > 0 || hasSnapshotsToForget(found, status, view);
  const requeue = commands.length > 0 && isUnfinished ? 'when-done' : sooner(told.requeue, nextMs);
  return { ...told, commands, requeue, ...memory };
}

/** A snapshot that somebody who has not heard yet makes or takes away again is not taken away, or made, again at once. */
function inTime(wanted: readonly Command[], view: View, now: Millis) {
  if (wanted.length === 0) return { kept: wanted, nextMs: null, isMissing: false };
  const { due, ...rounds } = onceMoreEach(view, wanted.map(deedOf), now);
  const isDue = (command: Command) => due.includes(deedOf(command));
  const isMissing = wanted.some((command) => command.verb === 'create' && !isDue(command));
  return { kept: wanted.filter(isDue), isMissing, ...rounds };
}

const deedOf = (command: Command): string => ('key' in command ? `${command.verb} ${command.key.name}` : command.verb);

/** Once it is told what is stable now. */
const hasSnapshotsToForget = (
  rollout: StagedRollout,
  { stableRevision = '' }: StagedRolloutStatus,
  view: View,
): boolean =>
  rollout.status?.stableRevision !== stableRevision && removeOthers(rollout, stableRevision, view).length > 0;

function keep(
  rollout: StagedRollout,
  { stableRevision = '' }: StagedRolloutStatus,
  newest: string,
  snapshot: Snapshot,
  view: View,
): readonly Command[] {
  if (!stages(rollout, 'Template')) return removeOthers(rollout, '', view);
  if (readSnapshot(rollout, stableRevision, view) === null) {
    return templateOfRevision(stableRevision) === templateOfRevision(newest)
      ? [writeSnapshot(rollout, stableRevision, snapshot)]
      : [];
  }
  return rollout.status?.stableRevision === stableRevision ? removeOthers(rollout, stableRevision, view) : [];
}

function tell(found: StagedRollout, status: StagedRolloutStatus, lookAt: Millis | null, now: Millis): Outcome {
  const next: StagedRolloutStatus = { observedGeneration: found.metadata.generation ?? 0, ...status };
  const requeue = lookAt === null ? 'await-change' : { afterMs: Math.max(1, lookAt - now) };
  if (deepEqual(next, found.status ?? {})) return { commands: [], requeue, events: [] };
  const command = updateStatus(COLLECTIONS.stagedRollouts, { ...found, status: next } as unknown as KubeObject);
  return { commands: [command], requeue, events: newsOf(found, next) };
}

function newsOf({ metadata: { namespace = '', name }, status: before }: StagedRollout, status: StagedRolloutStatus) {
  if (before?.phase === status.phase && before?.wave === status.wave) return [];
  const isHarm = status.phase === 'Stopped' || status.phase === 'RolledBack';
  const key = { collection: COLLECTIONS.stagedRollouts, namespace, name };
  const message = status.message ?? `Wave ${status.wave} of ${status.waves} begins.`;
  const told: EventRecord = event(
    isHarm ? 'Warning' : 'Normal',
    'StagedRollout',
    key,
    status.phase ?? 'Progressing',
    message,
  );
  return [told];
}

/** What the scheduler has not decided yet of a placement that has changed; null where it has. */
function undecidedOf(rollout: StagedRollout, newest: string, view: View): string | null {
  const stable = placementOfRevision(rollout.status?.stableRevision);
  if (!stages(rollout, 'Placement') || stable === null || stable === placementOfRevision(newest)) return null;
  for (const { what, binding } of bindingsOf(rollout, view)) {
    if (binding?.spec.placement === undefined) continue;
    const staged = stagedPlacementOf(binding);
    const isDecided =
      staged === null
        ? deepEqual(appliedPlacementOf(binding.metadata), binding.spec.placement)
        : isNextOf(staged, binding.spec);
    if (!isDecided) return `Waits for the scheduler to decide where ${what} goes.`;
    if (staged?.refusal !== undefined) return `${what} finds no place: ${staged.refusal}.`;
  }
  return null;
}
