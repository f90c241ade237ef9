// How fast it goes: what is recommended has to hold for a while, no more may change at a time than the rules allow, and the bounds
// hold in any case.
import type { ScalingBehavior, ScalingRules } from '../api/autoscaling.ts';
import { INT32_MAX } from '../kube/scalar-shapes.ts';
import type { Millis } from '../kube/time.ts';
import { type Change, changesSince, type ScaleMemory } from './memory.ts';

export interface Bounds {
  readonly current: number;
  readonly min: number;
  readonly max: number;
}

export interface Said {
  readonly replicas: number;
  readonly reason: string;
  readonly message: string;
}

const RIGHT = { reason: 'ReadyForNewScale', message: 'there are as many as are recommended, or may be at once' };
const HIGHER = { reason: 'ScaleDownStabilized', message: 'more were recommended of late: the most of that holds' };
const LOWER = { reason: 'ScaleUpStabilized', message: 'fewer were recommended of late: the fewest of that hold' };
const WITHIN = { reason: 'DesiredWithinRange', message: 'as many as are wanted are within bounds' };
const TOO_FEW = { reason: 'TooFewReplicas', message: 'fewer are wanted than there have to be' };
const TOO_MANY = { reason: 'TooManyReplicas', message: 'more are wanted than there may be' };
const TOO_FAST_UP = { reason: 'ScaleUpLimit', message: 'more are wanted than may be added at once' };
const TOO_FAST_DOWN = { reason: 'ScaleDownLimit', message: 'fewer are wanted than may be taken away at once' };

/** Without a behavior: up at once, and down to the most of the last minutes. */
export function stabilize(wanted: number, memory: ScaleMemory, windowMs: Millis, now: Millis): Said {
  const recent = memory.recommended.filter(({ at }) => at >= now - windowMs).map(({ replicas }) => replicas);
  const replicas = Math.max(wanted, ...recent);
  return { replicas, ...(replicas === wanted ? RIGHT : HIGHER) };
}

const DOUBLE = 2;
/** What is small may grow faster. */
const AT_LEAST = 4;

export function limit(wanted: number, { current, min, max }: Bounds): Said {
  const atOnce = Math.max(DOUBLE * current, AT_LEAST);
  if (wanted < min) return { replicas: min, ...TOO_FEW };
  const most = Math.min(max, atOnce);
  if (wanted > most) return { replicas: most, ...(max > atOnce ? TOO_FAST_UP : TOO_MANY) };
  return { replicas: wanted, ...WITHIN };
}

/** By the windows of a behavior: nearest to how many there are, of all that was recommended in them. */
export function stabilizeBy(
  behavior: ScalingBehavior,
  wanted: number,
  current: number,
  memory: ScaleMemory,
  windowMs: Millis,
  now: Millis,
): Said {
  const within = (rules: ScalingRules | undefined, otherwiseMs: Millis): readonly number[] => {
    const seconds = rules?.stabilizationWindowSeconds;
    const since = now - (seconds === undefined ? otherwiseMs : seconds * 1000);
    return memory.recommended.filter(({ at }) => at > since).map(({ replicas }) => replicas);
  };
  const lowest = Math.min(wanted, ...within(behavior.scaleUp, 0));
  const highest = Math.max(wanted, ...within(behavior.scaleDown, windowMs));
  const replicas = Math.min(Math.max(current, lowest), highest);
  return { replicas, ...(replicas === wanted ? RIGHT : wanted >= current ? LOWER : HIGHER) };
}

export function limitBy(
  behavior: ScalingBehavior,
  wanted: number,
  { current, min, max }: Bounds,
  memory: ScaleMemory,
  now: Millis,
): Said {
  if (wanted > current) {
    const atOnce = Math.max(current, mostBy(behavior.scaleUp, current, memory, now));
    const most = Math.min(max, atOnce);
    if (wanted > most) return { replicas: most, ...(max > atOnce ? TOO_FAST_UP : TOO_MANY) };
  }
  if (wanted < current) {
    const atOnce = Math.min(current, leastBy(behavior.scaleDown, current, memory, now));
    const least = Math.max(min, atOnce);
    if (wanted < least) return { replicas: least, ...(min < atOnce ? TOO_FAST_DOWN : TOO_FEW) };
  }
  return { replicas: wanted, ...WITHIN };
}

/** What each policy makes of as many as there were when its period began; changes of both directions are undone for that. */
function proposals(
  { policies = [] }: ScalingRules,
  current: number,
  { added, removed }: ScaleMemory,
  now: Millis,
  byPods: (begun: number, pods: number) => number,
  byPercent: (begun: number, percent: number) => number,
): readonly number[] {
  return policies.map(({ type, value, periodSeconds }) => {
    const since = (changes: readonly Change[]) => changesSince(changes, now - periodSeconds * 1000);
    const begun = current - since(added) + since(removed);
    return type === 'Percent' ? byPercent(begun, value) : byPods(begun, value);
  });
}

/** Rounded up: what may grow by a share of itself shall grow. */
function mostBy(rules: ScalingRules = {}, current: number, memory: ScaleMemory, now: Millis): number {
  if (rules.selectPolicy === 'Disabled') return current;
  const byPods = (begun: number, pods: number): number => begun + pods;
  const byPercent = (begun: number, percent: number): number => Math.ceil(begun * (1 + percent / 100));
  const all = proposals(rules, current, memory, now, byPods, byPercent);
  return Math.min(INT32_MAX, rules.selectPolicy === 'Min' ? Math.min(...all) : Math.max(...all));
}

function leastBy(rules: ScalingRules = {}, current: number, memory: ScaleMemory, now: Millis): number {
  if (rules.selectPolicy === 'Disabled') return current;
  const byPods = (begun: number, pods: number): number => begun - pods;
  const byPercent = (begun: number, percent: number): number => Math.trunc(begun * (1 - percent / 100));
  const all = proposals(rules, current, memory, now, byPods, byPercent);
  // The least change leaves most.
  return rules.selectPolicy === 'Min' ? Math.max(...all) : Math.min(...all);
}
