// The world of a scenario: an empty hub behind admission, and the members of its fleet as they join.
import {
  type ApiEnablement,
  circumstancesOf,
  HUB,
  hubAdmission,
  type IndexDefinition,
  type KubeObject,
  memberPlace,
  Random,
  Simulation,
} from '../../engine/index.ts';
import { timeZones } from '../../executor/script/time-zones.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { Scenario } from '../format/scenario.ts';

/** Its clock stands at the beginning of the warm-up. */
export function createWorld(scenario: Scenario, indexes: readonly IndexDefinition[]): Simulation {
  const { seed, start, warmupMs, network, profile } = scenario;
  // Admission needs the world's clock, and the world its admission.
  const clock = { now: () => start - warmupMs };
  const ids = new Random(seed).stream('permanent-ids');
  const simulation: Simulation = new Simulation({
    seed,
    start: start - warmupMs,
    network,
    indexes,
    admit: hubAdmission({
      uid: () => uuidOf(ids),
      now: () => clock.now(),
      zones: timeZones,
      ...circumstancesOf(profile),
      ...(profile.gates.FederatedQuotaEnforcement && {
        quotasHold: (collection, namespace) => simulation.world.hub.store.list(collection, namespace),
      }),
    }),
  });
  clock.now = () => simulation.now;
  return simulation;
}

function uuidOf(random: Random): string {
  const [a, b, c, d] = Array.from({ length: 4 }, () => random.uint32().toString(16).padStart(8, '0')) as [
    string,
    string,
    string,
    string,
  ];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

export function addMember(simulation: Simulation, cluster: FleetCluster, { behaviors }: Scenario): void {
  const { name, nodes, version, apis, latency, load } = cluster;
  const member = simulation.addMember({
    name,
    nodes,
    behaviors,
    ...(version !== null && { version }),
    ...(apis !== null && { apis: withCore(apis) }),
  });
  if (latency !== null) simulation.world.network.setLatency(HUB, memberPlace(name), latency);
  if (load !== null) member.api.create('apps/daemonsets', recordedLoad(load));
}

/** What every cluster serves, even if a recording lists only what somebody was interested in. */
function withCore(apis: readonly ApiEnablement[]): readonly ApiEnablement[] {
  const core = ['namespaces Namespace', 'nodes Node', 'pods Pod'].map((pair) => {
    const [name, kind] = pair.split(' ');
    return { name: name!, kind: kind! };
  });
  const daemonSets = [{ name: 'daemonsets', kind: 'DaemonSet' }];
  return [...apis, { groupVersion: 'v1', resources: core }, { groupVersion: 'apps/v1', resources: daemonSets }];
}

/** What ran in a recorded cluster besides: an equal share of it on every node. */
function recordedLoad(requests: Readonly<Record<string, string>>): KubeObject {
  const labels = { app: 'recorded-load' };
  const containers = [{ name: 'load', image: 'recorded', resources: { requests } }];
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'recorded-load', namespace: 'kube-system' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
}
