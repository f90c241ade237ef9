// PersistentVolumes and PersistentVolumeClaims.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import { deepEqual } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { fieldsAt, textAt, valueAt, withValue } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf } from './generation.ts';
import { worstPhase } from './phase.ts';
import { retyped } from './typed.ts';

const VOLUME_PHASES_WORST_FIRST = ['Failed', 'Pending', 'Available', 'Bound', 'Released'];

export const persistentVolume: KindInterpreter = {
  retain: (desired, observed) => {
    const claim = valueAt(observed, 'spec', 'claimRef');
    return claim === undefined ? desired : withValue(desired, claim, 'spec', 'claimRef');
  },
  aggregate: (object, items) => {
    const phases = statusesOf(items).map((status) => (status === null ? 'Pending' : textAt(status, 'phase')));
    const phase = worstPhase(phases, VOLUME_PHASES_WORST_FIRST);
    return withStatus(object, phase === null ? {} : { phase });
  },
};

export const persistentVolumeClaim: KindInterpreter = {
  retain: (desired, observed) => {
    const volume = textAt(observed, 'spec', 'volumeName');
    return volume ? withValue(desired, volume, 'spec', 'volumeName') : desired;
  },
  aggregate: (object, items) => {
    const phase = claimPhase(items);
    return withStatus(object, phase === undefined ? {} : { phase });
  },
  healthy: (object) => textAt(object, 'status', 'phase') === 'Bound',
};

/** Lost as soon as one is lost; otherwise what the last claim that is not bound reports. */
function claimPhase(items: readonly AggregatedStatusItem[]): string | undefined {
  const phases = statusesOf(items)
    .filter((status) => status !== null)
    .map((status) => textAt(status, 'phase'));
  if (phases.includes('Lost')) return 'Lost';
  const unbound = phases.filter((phase) => phase !== 'Bound');
  return unbound.length === 0 ? 'Bound' : unbound.at(-1);
}

const withStatus = (object: KubeObject, status: Readonly<Record<string, string>>): KubeObject =>
  deepEqual(fieldsAt(object, 'status') ?? {}, status) ? object : withValue(retyped(object), status, 'status');
