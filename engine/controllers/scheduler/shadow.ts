// A scheduler that only looks: what it would decide, when somebody else is about to, is held against what that one decided.
import type { ResourceBinding, TargetCluster } from '../../api/binding.ts';
import { byKey, byText } from '../../base/order.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import type { Projection } from '../../control/projection.ts';
import { deepEqual, isObject, type JsonObject } from '../../kube/json.ts';
import type { Change } from '../../store/change.ts';
import { BINDINGS, BINDINGS_BY_TARGET, type BindingKey, bindingAt, keyOfBinding } from '../bindings.ts';
import type { FleetState } from './fleet-state.ts';
import { isMine } from './mine.ts';
import { reasonToDecide } from './why.ts';

export interface ShadowFinding {
  readonly binding: BindingKey;
  readonly kind: string;
  /** `decision` was decided by both from the same state; `standing` was there before anybody looked. */
  readonly about: 'decision' | 'standing';
  readonly agrees: boolean;
  readonly stands: readonly TargetCluster[];
  /** Null where it would find no place. */
  readonly would: readonly TargetCluster[] | null;
  /** Why there is no place. */
  readonly why: string | null;
}

interface Expected {
  readonly would: TargetCluster[] | null;
  readonly why: string | null;
}

export function shadowScheduler(
  fleet: Projection<FleetState>,
  schedulerName: string,
  tell: (finding: ShadowFinding) => void,
): Controller {
  return {
    name: 'shadow-scheduler',
    indexes: BINDINGS_BY_TARGET,
    projections: [fleet as Projection<unknown>],
    watches: BINDINGS.map((collection) => ({ on: 'hub' as const, collection, keysOf: ofBinding })),
    reconcile: (key, view) => reconcile(key, view, view.derived(fleet), schedulerName, tell),
  };
}

const ofBinding = ({ type, object }: Change): readonly BindingKey[] =>
  type === 'DELETED' ? [] : [keyOfBinding(object)];

const expectedOf = ({ remembered }: View): Expected | 'compared' | null =>
  remembered === 'compared' ? 'compared' : isObject(remembered) ? (remembered as unknown as Expected) : null;

function reconcile(
  key: BindingKey,
  view: View,
  state: FleetState,
  schedulerName: string,
  tell: (finding: ShadowFinding) => void,
): Outcome {
  const binding = bindingAt(view, key);
  if (binding === null) return { ...NOTHING_TO_DO, remember: null };
  if (!isMine(binding, schedulerName)) return NOTHING_TO_DO;
  const before = expectedOf(view);
  if (isOpen(binding, view)) return { ...NOTHING_TO_DO, remember: decide(binding, state) as unknown as JsonObject };
  if (before === 'compared') return NOTHING_TO_DO;
  const { would, why } = before ?? decide(binding, state);
  const stands = sorted(binding.spec.clusters ?? []);
  const agrees = would === null ? stands.length === 0 : deepEqual(sorted(would), stands);
  const about = before === null ? 'standing' : 'decision';
  tell({ binding: key, kind: binding.kind ?? '', about, agrees, stands, would, why });
  return { ...NOTHING_TO_DO, remember: 'compared' };
}

/** Somebody has to decide, and has not yet. */
function isOpen(binding: ResourceBinding, view: View): boolean {
  const reason = reasonToDecide(binding, view);
  return reason !== null && reason !== 'always';
}

function decide({ spec, status }: ResourceBinding, state: FleetState): Expected {
  const verdict = state.scheduler.decide({ spec, status });
  if (!verdict.ok) return { would: null, why: verdict.message };
  return { would: sorted(verdict.clusters), why: null };
}

const sorted = (clusters: readonly TargetCluster[]): TargetCluster[] =>
  [...clusters].sort(byKey(({ name }) => name, byText)).map(({ name, replicas = 0 }) => ({ name, replicas }));
