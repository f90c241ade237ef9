// In what the clusters that a scenario was played on are not those that it speaks of.
import type { NodePool } from '../../engine/index.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { Scenario } from '../format/scenario.ts';
import type { MemberSort } from './live-members.ts';

/** `written` by name: those of the fleet, and those that joined it later. */
export function fleetNotes(
  { behaviors }: Pick<Scenario, 'behaviors'>,
  sort: MemberSort,
  written: readonly FleetCluster[],
  found: ReadonlyMap<string, FleetCluster>,
): readonly string[] {
  const notes = written.flatMap((cluster) => {
    const real = found.get(cluster.name);
    return real === undefined ? [`${cluster.name} never joined`] : clusterNotes(cluster, real);
  });
  if (sort !== 'embedded' && behaviors.length > 0) {
    notes.push('pods start, stop and work as fast as they do: the behaviors of the scenario are simulated alone');
  }
  return notes;
}

function clusterNotes(written: FleetCluster, real: FleetCluster): readonly string[] {
  const { name } = written;
  const notes: string[] = [];
  const [wanted, had] = [nodesText(written.nodes), nodesText(real.nodes)];
  if (wanted !== had) notes.push(`${name} has ${had}, and not ${wanted}`);
  const loads = [loadText(written.load), loadText(real.load)];
  if (loads[0] !== loads[1]) notes.push(`on each node of ${name} ${loads[1]} runs besides, and not ${loads[0]}`);
  if (written.version !== null && written.version !== real.version) {
    notes.push(`${name} is of version ${real.version ?? 'its own'}, and not ${written.version}`);
  }
  if (written.apis !== null && real.apis === null)
    notes.push(`${name} serves what it serves, and not what was recorded`);
  if (written.latency !== null)
    notes.push(`messages to ${name} take as long as they do, and not what the scenario says`);
  return notes;
}

/** Nodes of one size, whatever they are called: "3 nodes (cpu 8, memory 32Gi)". */
function nodesText(pools: readonly NodePool[]): string {
  const counts = new Map<string, number>();
  for (const { count, allocatable } of pools) {
    const size = SHOWN.flatMap((name) => (allocatable[name] === undefined ? [] : `${name} ${allocatable[name]}`)).join(
      ', ',
    );
    counts.set(size, (counts.get(size) ?? 0) + count);
  }
  const sizes = [...counts].map(([size, count]) => `${count} ${count === 1 ? 'node' : 'nodes'} (${size})`);
  return sizes.join(' and ') || 'no nodes';
}

const SHOWN = ['cpu', 'memory', 'pods'];

const loadText = (load: Readonly<Record<string, string>> | null): string => {
  const shown = SHOWN.flatMap((name) =>
    load?.[name] === undefined || load[name] === '0' ? [] : `${name} ${load[name]}`,
  );
  return shown.join(', ') || 'nothing';
};
