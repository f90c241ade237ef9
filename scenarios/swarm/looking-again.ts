// When all is as it should be, whoever looks again does nothing, and neither does who has started again and knows nothing of it.
import {
  builtInApis,
  type Change,
  COLLECTIONS,
  canonicalJson,
  findCondition,
  isForsaken,
  isObject,
  type KubeObject,
  type Millis,
  type ResourceBinding,
  type Simulation,
  type Violation,
} from '../../engine/index.ts';
import type { Scenario } from '../format/scenario.ts';
import { isNoise } from '../run/noise.ts';
import { changeName } from './stuck.ts';

/** So long it is waited for what comes of it. */
const AGAIN_MS: Millis = 120_000;
/** Who has started again takes so long to do what it does of its own accord. */
const STARTED_MS: Millis = 420_000;

export function afterLookingAgain(scenario: Scenario, simulation: Simulation): readonly Violation[] {
  if (restsOnWhoLooks(scenario, simulation)) return [];
  const lookAgain = { fault: 'resync', forMs: AGAIN_MS, rule: 'looking-again-changes-nothing' } as const;
  const found = changesAfter(simulation, lookAgain, 'everything was looked at again');
  // Whoever adds to what is written may do so for the first time when all is written again.
  if (found.length > 0 || simulation.world.members.some(({ mutation }) => mutation !== null)) return found;
  const startAgain = { fault: 'restart', forMs: STARTED_MS, rule: 'restart-changes-nothing' } as const;
  return changesAfter(simulation, startAgain, 'every process had started again');
}

/**
 * Karmada decides on copies at every look, and which group of clusters is best may be a matter of the room of the moment; what fitted
 * nowhere, or is of a kind that not every cluster served then, is tried again when somebody looks; what a quota has refused asks again,
 * and takes up room until it is refused again; and what has become of the object of a binding that no policy has any more gets to its
 * clusters when everything starts again.
 */
const restsOnWhoLooks = ({ profile }: Scenario, { world: { hub } }: Simulation): boolean =>
  [COLLECTIONS.bindings, COLLECTIONS.clusterBindings]
    .flatMap((collection) => hub.store.list(collection) as unknown as readonly ResourceBinding[])
    .some((binding) => {
      if (isForsaken(binding) || refusalOf(binding) === 'QuotaExceeded') return true;
      if (profile.switches.followsFleetChanges) return false;
      return isSpread(binding) || refusalOf(binding) !== null || !isServedByAll(binding);
    });

function refusalOf({ status }: ResourceBinding): string | null {
  const scheduled = findCondition(status?.conditions, 'Scheduled');
  return scheduled?.status === 'False' ? scheduled.reason : null;
}

const SERVED_BY_ALL = new Set(builtInApis().map(({ groupVersion }) => groupVersion));

const isServedByAll = ({ spec }: ResourceBinding): boolean => SERVED_BY_ALL.has(spec.resource.apiVersion);

const isSpread = ({ spec }: ResourceBinding): boolean => (spec.placement?.spreadConstraints ?? []).length > 0;

function changesAfter(
  simulation: Simulation,
  { fault, forMs, rule }: { readonly fault: 'resync' | 'restart'; readonly forMs: Millis; readonly rule: string },
  what: string,
): readonly Violation[] {
  const changed = new Set<string>();
  const stop = simulation.onChange((change, place) => {
    if (!isNoise(change) && !isRewording(change)) changed.add(changeName(change, place));
  });
  for (const { name } of simulation.processes) simulation.inject({ fault, name });
  simulation.runFor(forMs);
  stop();
  const message = `it was changed after ${what}, and nothing else had happened`;
  return [...changed].map((about) => ({ rule, about, message }));
}

/** A reason that is told in the words of today; who scales by the load has forgotten what that was of late. */
function isRewording({ object, previous }: Change): boolean {
  if (previous === null || object.spec !== previous.spec || !isObject(object.status)) return false;
  const told = object.kind === 'FederatedHPA' ? withoutConditions : withoutMessages;
  return canonicalJson(told(object)) === canonicalJson(told(previous));
}

function withoutConditions({ status }: KubeObject): unknown {
  const { conditions: _conditions, ...rest } = isObject(status) ? status : {};
  return rest;
}

function withoutMessages({ status }: KubeObject): unknown {
  if (!isObject(status) || !Array.isArray(status.conditions)) return status ?? null;
  const conditions = status.conditions.map(({ message: _message, ...rest }: Record<string, unknown>) => rest);
  return { ...status, conditions };
}
