// A scheduler that only looks: what it would decide, when somebody else is about to, is held against what that one decided.
import type { ResourceBinding, TargetCluster } from '../../../api/binding.ts';
import { COLLECTIONS } from '../../../api/kinds.ts';
import { STAGED_PLACEMENT } from '../../../api/staged-rollout.ts';
import { byKey, byText } from '../../../base/order.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../../control/controller.ts';
import type { Projection } from '../../../control/projection.ts';
import { canonicalJson, deepEqual, isObject, type JsonObject } from '../../../kube/json.ts';
import type { Change } from '../../../store/change.ts';
import { BINDINGS, BINDINGS_BY_TARGET, type BindingKey, bindingAt, keyOfBinding } from '../../bindings.ts';
import { ROLLOUTS_BY_RESOURCE } from '../../rollout/resources.ts';
import { isNextOf, stagedPlacementOf } from '../../rollout/staged-placement.ts';
import type { FleetState } from './fleet-state.ts';
import { type Gate, gateOf, letThroughBy, stagedChange } from './in-waves.ts';
import { isMine } from './mine.ts';
import { affinityOf } from './telling.ts';
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

interface Opinion {
  readonly would: TargetCluster[] | null;
  readonly why: string | null;
}

interface Memory {
  /** What it would decide, for as long as nobody has; null where nothing was to be decided. */
  readonly expected: Opinion | null;
  /** The binding's places, of all kinds: as they were when it expected that, or when it last told of them. */
  readonly seen: string;
}

export function shadowScheduler(
  fleet: Projection<FleetState>,
  schedulerName: string,
  tell: (finding: ShadowFinding) => void,
): Controller {
  return {
    name: 'shadow-scheduler',
    indexes: [...BINDINGS_BY_TARGET, ROLLOUTS_BY_RESOURCE],
    projections: [fleet as Projection<unknown>],
    watches: [
      ...BINDINGS.map((collection) => ({ on: 'hub' as const, collection, keysOf: ofBinding })),
      { on: 'hub', collection: COLLECTIONS.stagedRollouts, isOptional: true, keysOf: letThroughBy },
    ],
    reconcile: (key, view) => reconcile(key, view, view.derived(fleet), schedulerName, tell),
  };
}

const ofBinding = ({ type, object }: Change): readonly BindingKey[] =>
  type === 'DELETED' ? [] : [keyOfBinding(object)];

const memoryOf = ({ remembered }: View): Memory | null =>
  isObject(remembered) ? (remembered as unknown as Memory) : null;

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
  const before = memoryOf(view);
  const places = placesText(binding);
  const isAsSeen = before?.seen === places;
  const compare = (about: ShadowFinding['about'], { would, why }: Opinion): void => {
    const stands = sorted(binding.spec.clusters ?? []);
    const agrees = would === null ? stands.length === 0 : deepEqual(sorted(would), stands);
    tell({ binding: key, kind: binding.kind ?? '', about, agrees, stands, would, why });
  };
  const noted = (expected: Opinion | null): Outcome => {
    const memory: Memory = { expected, seen: places };
    return { ...NOTHING_TO_DO, remember: memory as unknown as JsonObject };
  };
  const reason = reasonToDecide(binding, view);
  const gate = gateOf(binding, reason, view);
  if (gate !== undefined) {
    const opinion = decideInWaves(binding, gate, view, state);
    // Whoever hears of a place before the wave that it came in has expected nothing, and says nothing until it hears more.
    if (opinion === null && before?.expected === null && !isAsSeen) return NOTHING_TO_DO;
    if (before === null) {
      if (isDecidedInWaves(binding)) compare('standing', opinion ?? asItStands(binding));
    } else if (before.expected !== null && !isAsSeen) compare('decision', before.expected);
    return noted(opinion);
  }
  if (reason !== null && reason !== 'always') return noted(decide(binding, state));
  if (before?.expected === null && isAsSeen) return NOTHING_TO_DO;
  if (before === null || before.expected === null) compare('standing', decide(binding, state));
  else compare('decision', before.expected);
  return noted(null);
}

function decide({ spec, status }: Pick<ResourceBinding, 'spec' | 'status'>, state: FleetState): Opinion {
  const verdict = state.scheduler.decide({ spec, status });
  if (!verdict.ok) return { would: null, why: verdict.message };
  return { would: sorted(verdict.clusters), why: null };
}

/** Null where it would leave everything as it is: a wave comes with the next, and nothing is to be decided until then. */
function decideInWaves(binding: ResourceBinding, gate: Gate, view: View, state: FleetState): Opinion | null {
  const status = { ...binding.status, schedulerObservingAffinityName: affinityOf(binding) ?? undefined };
  const input = { spec: binding.spec, status };
  const { change } = stagedChange(binding, input, gate, (asked) => state.scheduler.decide(asked), view);
  if (change === null) return null;
  const { clusters = [] } = { ...binding.spec, ...(change.spec as Partial<ResourceBinding['spec']> | undefined) };
  return { would: sorted(clusters), why: null };
}

/** Somebody has noted where it goes by the placement that it has now. */
function isDecidedInWaves(binding: ResourceBinding): boolean {
  const staged = stagedPlacementOf(binding);
  return staged !== null && isNextOf(staged, binding.spec);
}

const asItStands = ({ spec }: ResourceBinding): Opinion => ({ would: sorted(spec.clusters ?? []), why: null });

const placesText = ({ metadata, spec }: ResourceBinding): string =>
  canonicalJson([spec.clusters ?? [], metadata.annotations?.[STAGED_PLACEMENT] ?? null]);

const sorted = (clusters: readonly TargetCluster[]): TargetCluster[] =>
  [...clusters].sort(byKey(({ name }) => name, byText)).map(({ name, replicas = 0 }) => ({ name, replicas }));
