// What the clusters that answer were told to run, as a part of what the template asks for: by that part what they need becomes what
// there is to be in all of them.
import type { ResourceBinding } from '../../api/binding.ts';

/**
 * Differs from Karmada: there it is what they run that counts. Where the template has just been made larger, or has no room for all that
 * it asks for, that is little of it, and as if they bore little of the load ever more is asked for, up to the upper bound.
 */
export function calibrationOf(
  { spec }: ResourceBinding,
  seen: readonly string[],
  running: number,
  current: number,
  byPlacement: boolean,
): number {
  const byRunning = running / current;
  if (!byPlacement) return byRunning;
  const { clusters = [], placement } = spec;
  const sum = (replicas: readonly (number | undefined)[]): number =>
    replicas.reduce<number>((all, one = 0) => all + one, 0);
  const given = sum(clusters.filter(({ name }) => seen.includes(name)).map(({ replicas }) => replicas));
  const isDivided = placement?.replicaScheduling?.replicaSchedulingType === 'Divided';
  const asked = isDivided
    ? sum(clusters.map(({ replicas }) => replicas))
    : Math.max(...clusters.map(({ replicas = 0 }) => replicas));
  // Overrides may make more of it than was placed.
  return asked > 0 ? Math.max(byRunning, given / asked) : byRunning;
}
