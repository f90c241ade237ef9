// After the fleet has changed and been quiet for a while: what would be better off elsewhere is moved there, some at a time, until
// nothing is worth moving. One key for all, so that a change of a cluster costs nothing a workload.
import type { ResourceBinding } from '../../../api/binding.ts';
import { COLLECTIONS } from '../../../api/kinds.ts';
import { ANNOTATIONS } from '../../../api/names.ts';
import type { Command } from '../../../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../../control/controller.ts';
import type { Projection } from '../../../control/projection.ts';
import { canonicalJson, isObject, type JsonObject } from '../../../kube/json.ts';
import { formatTime, type Millis } from '../../../kube/time.ts';
import type { Profile } from '../../../profile/profile.ts';
import { BINDINGS, keyOfBinding, objectKeyOf } from '../../bindings.ts';
import type { ControlPorts } from '../../ports.ts';
import { hasStagedPlacement } from '../../rollout/staged-placement.ts';
import { patch } from '../../writes.ts';
import { type FleetState, isOtherCluster } from './fleet-state.ts';
import { isFollowed, noteFollowed } from './followed.ts';
import { isMine } from './mine.ts';
import {
  AFFINITY_ANNOTATION,
  MOVED_ANNOTATION,
  MOVED_FOR_ANNOTATION,
  nextMoveAt,
  type VoluntaryMove,
  voluntaryMove,
} from './voluntary.ts';

const FLEET = 'fleet';

/** So many workloads are moved before it is looked again. */
const MOVES_MAX = 100;

/** Until then what was moved has come up, or can be seen not to. */
const PASS_MS: Millis = 30_000;

interface Memory {
  readonly version: number;
  /** Since when the fleet has been as it is. */
  readonly since: Millis;
  /** All that was to be moved for it has been. */
  readonly isDone?: boolean;
}

export function follower({ profile }: ControlPorts, fleet: Projection<FleetState>, schedulerName: string): Controller {
  return {
    name: 'fleet-follower',
    projections: [fleet as Projection<unknown>],
    initialKeys: [FLEET],
    watches: [
      {
        on: 'hub',
        collection: COLLECTIONS.clusters,
        keysOf: ({ type, object, previous }) => (type === 'DELETED' || isOtherCluster(object, previous) ? [FLEET] : []),
      },
      ...BINDINGS.map((collection) => ({ on: 'hub' as const, collection })),
    ],
    reconcile: (_, view, now) => reconcile(view, now, view.derived(fleet), profile, schedulerName),
  };
}

function reconcile(view: View, now: Millis, state: FleetState, profile: Profile, schedulerName: string): Outcome {
  const { switches, timings } = profile;
  if (!switches.followsFleetChanges && !switches.failsBack) return NOTHING_TO_DO;
  if (!view.isSynced(COLLECTIONS.clusters)) return NOTHING_TO_DO;
  const memory = isObject(view.remembered) ? (view.remembered as unknown as Memory) : null;
  if (memory === null && isFollowed(state, schedulerName)) {
    return { ...NOTHING_TO_DO, remember: { version: state.version, since: now, isDone: true } };
  }
  if (memory?.version !== state.version) {
    const remember = { version: state.version, since: now };
    return { commands: [], requeue: { afterMs: timings.fleetChangeSettleMs }, events: [], remember };
  }
  const noted = () => ({ ...NOTHING_TO_DO, commands: noteFollowed(state, schedulerName) });
  if (memory.isDone === true) return noted();
  const settledAt = memory.since + timings.fleetChangeSettleMs;
  if (settledAt > now) return { commands: [], requeue: { afterMs: settledAt - now }, events: [] };
  state.tick(now);
  const passed = pass(view, now, state, profile, schedulerName);
  return passed.requeue === 'await-change' ? { ...noted(), remember: { ...memory, isDone: true } } : passed;
}

function pass(view: View, now: Millis, state: FleetState, profile: Profile, schedulerName: string): Outcome {
  const commands: Command[] = [];
  const stepsMax = Math.ceil(100 / Math.max(1, profile.timings.voluntaryMovePercent));
  let next: Millis | null = null;
  for (const collection of BINDINGS) {
    for (const object of view.list(collection)) {
      const binding = object as unknown as ResourceBinding;
      if (!isMine(binding, schedulerName) || (binding.spec.clusters ?? []).length === 0) continue;
      if (hasStagedPlacement(binding.metadata)) continue;
      // What is still being moved is looked at again with the next pass.
      const gone = stepsFor(binding, state.signature());
      if (gone >= stepsMax) continue;
      const at = isOnTheMove(binding) ? now + PASS_MS : nextMoveAt(binding, profile);
      if (at > now && !isNew(binding)) {
        next = next === null ? at : Math.min(next, at);
        continue;
      }
      const move = at > now ? null : voluntaryMove(binding, state.scheduler, now, profile, gone > 0);
      if (move === null) continue;
      const steps = move.isComplete ? stepsMax : gone + 1;
      commands.push(moving(binding, move, `${state.signature()} ${steps}`, now));
      if (commands.length === MOVES_MAX) return { commands, requeue: { afterMs: PASS_MS }, events: [] };
    }
  }
  if (commands.length > 0) return { commands, requeue: { afterMs: PASS_MS }, events: [] };
  return { commands, requeue: next === null ? 'await-change' : { afterMs: next - now }, events: [] };
}

/** Steps that it has gone for this very fleet: each of them changes what would be best, and there has to be an end. */
function stepsFor({ metadata }: ResourceBinding, signature: string): number {
  const [fleet, steps] = (metadata.annotations?.[MOVED_FOR_ANNOTATION] ?? '').split(' ');
  return fleet === signature ? Number(steps) : 0;
}

/** What has never been well is not on the move, and nothing is waited for. */
const isNew = ({ status }: ResourceBinding): boolean => (status?.aggregatedStatus ?? []).length === 0;

function isOnTheMove({ spec, status }: ResourceBinding): boolean {
  if ((spec.gracefulEvictionTasks ?? []).length > 0) return true;
  return (spec.clusters ?? []).some(
    ({ name }) => status?.aggregatedStatus?.find(({ clusterName }) => clusterName === name)?.health === 'Unknown',
  );
}

function moving(
  binding: ResourceBinding,
  { clusters, affinity, tasks }: VoluntaryMove,
  movedFor: string,
  now: Millis,
): Command {
  const change = {
    metadata: {
      annotations: {
        [MOVED_ANNOTATION]: formatTime(now),
        [MOVED_FOR_ANNOTATION]: movedFor,
        [AFFINITY_ANNOTATION]: affinity,
        [ANNOTATIONS.appliedPlacement]: canonicalJson(binding.spec.placement ?? {}),
      },
    },
    spec: {
      clusters,
      ...(tasks.length > 0 && { gracefulEvictionTasks: [...(binding.spec.gracefulEvictionTasks ?? []), ...tasks] }),
    },
  } as unknown as JsonObject;
  return { ...patch(objectKeyOf(keyOfBinding(binding)), binding, change), isIndependent: true };
}
