// Where fewer replicas are ready than are to run, of what may go elsewhere.
import type { ResourceBinding } from '../../../api/binding.ts';
import { BINDING_CONDITIONS } from '../../../api/work.ts';
import { hasConditionStatus } from '../../../kube/conditions.ts';
import { strategyOf } from '../../../schedule/request.ts';
import { readyIn } from '../../bindings.ts';
import { hasStagedPlacement } from '../../rollout/staged-placement.ts';
import { isMine } from '../scheduler/mine.ts';
import type { Counts } from './counts.ts';

/**
 * Divided by room, decided on, and not on the move: where each replica is matters to nobody but the scheduler. Of weights that somebody
 * has set it would be another's wish.
 */
export function isMovable(binding: ResourceBinding, schedulerName: string): boolean {
  const { spec, status, metadata } = binding;
  const { replicas = 0, placement, components = [], gracefulEvictionTasks = [], suspension } = spec;
  if (replicas === 0 || placement === undefined || components.length > 0 || gracefulEvictionTasks.length > 0)
    return false;
  if (status?.schedulerObservedGeneration !== metadata.generation || suspension?.dispatching === true) return false;
  const strategy = strategyOf(placement);
  if (strategy !== 'DynamicWeight' && strategy !== 'Aggregated') return false;
  if (!hasConditionStatus(status?.conditions, BINDING_CONDITIONS.scheduled, 'True')) return false;
  return isMine(binding, schedulerName) && !hasStagedPlacement(metadata);
}

/** How many are missing of those that were decided to be there. */
export function lackingIn({ spec, status }: ResourceBinding): Counts {
  const lacking = new Map<string, number>();
  for (const { name, replicas = 0 } of spec.clusters ?? []) {
    const ready = readyIn(name, status);
    if (ready !== null && ready < replicas) lacking.set(name, replicas - ready);
  }
  return lacking;
}
