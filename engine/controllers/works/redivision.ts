// Who is made larger or smaller is divided anew by the scheduler in a moment. What is rendered before that is rendered again right
// after it, in every cluster: so it is waited for a moment, and no longer, as the scheduler may be busy or away.
import type { ResourceBinding } from '../../api/binding.ts';
import { isObject, type JsonValue } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { isClaimed } from '../../propagate/claim.ts';
import { PropagationError } from '../../propagate/errors.ts';
import type { Interpreter } from '../../propagate/interpret/interpreter.ts';
import { isOtherCount } from '../scheduling/scheduler/why.ts';

/** A hub that is not busy has decided long before. */
const WAIT_MS: Millis = 200;

export interface RedivisionWait {
  /** 0 where nothing is waited for, or not any more. */
  readonly waitMs: Millis;
  /** For the next look; null where there is nothing to remember. */
  readonly remember: JsonValue;
}

const NO_WAIT: RedivisionWait = { waitMs: 0, remember: null };

export function waitForRedivision(
  binding: ResourceBinding,
  template: KubeObject,
  interpreter: Interpreter,
  remembered: JsonValue | undefined,
  now: Millis,
): RedivisionWait {
  if (!isDivisionPending(binding, template, interpreter)) return NO_WAIT;
  const wish = `${template.metadata.generation ?? ''}/${binding.metadata.generation ?? ''}`;
  const known = isObject(remembered) && remembered.wish === wish ? (remembered.until as Millis) : null;
  const until = known ?? now + WAIT_MS;
  return { waitMs: Math.max(0, until - now), remember: { wish, until } };
}

function isDivisionPending(binding: ResourceBinding, template: KubeObject, interpreter: Interpreter): boolean {
  const { metadata, spec, status } = binding;
  const { clusters = [], suspension } = spec;
  if (clusters.length === 0 || spec.components !== undefined || suspension?.scheduling === true) return false;
  if (!isClaimed(metadata)) return false;
  // What the template wants is asked for only where the binding may not know of it yet.
  const isNewer = spec.resource.resourceVersion !== template.metadata.resourceVersion;
  const known = spec.replicas ?? 0;
  const wanted = isNewer ? replicasIn(template, interpreter, known) : known;
  if (wanted !== known) return true;
  const isDecided = status?.schedulerObservedGeneration === metadata.generation;
  return wanted > 0 && !isDecided && isOtherCount(binding);
}

/** Who cannot tell is not waited for. */
function replicasIn(template: KubeObject, interpreter: Interpreter, otherwise: number): number {
  try {
    return interpreter.replicas(template)?.replicas ?? 0;
  } catch (error) {
    if (error instanceof PropagationError) return otherwise;
    throw error;
  }
}
