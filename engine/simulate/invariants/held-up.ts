// Whether something of a binding cannot arrive because its dispatching is suspended.
import type { ResourceBinding } from '../../api/binding.ts';
import { targetsOf } from '../../propagate/targets.ts';
import { isSuspended } from '../../propagate/works.ts';
import type { SettledPorts } from './settled-ports.ts';

export const isSuspendedSomewhere = ({ spec }: ResourceBinding): boolean =>
  targetsOf(spec).some(({ name }) => isSuspended(spec.suspension, name));

/** What it had before may then still be there. */
export const isHeldUp = (binding: ResourceBinding, { staysUntilArrived }: Pick<SettledPorts, 'staysUntilArrived'>) =>
  staysUntilArrived && isSuspendedSomewhere(binding);
