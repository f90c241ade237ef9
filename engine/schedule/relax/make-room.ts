// Makes capacity and demand meet: more room on a cluster, fewer replicas, or a division that exists.
import type { ReplicaScheduling } from '../../api/placement.ts';
import { byKey, byName, byNumber, inOrder, reversed, sortedKeys } from '../../base/order.ts';
import type { Refusal } from '../decision.ts';
import { estimateRoom } from '../estimate/estimate.ts';
import type { EstimatorPlugin } from '../plugin.ts';
import { readRequest, strategyOf } from '../request.ts';
import { dividesReplicas } from '../select/by-topology.ts';
import { nearestThat, placementOf, type Relaxation, type Relaxed, type Situation, withPlacement } from './situation.ts';

/** Clusters that are tried as the place for more room. */
const PLACES_MAX = 4;

export const addRoom: Relaxation = (situation, refusal, probe) => {
  const wanted = situation.binding.spec.replicas ?? 0;
  if (!lacksRoom(situation, refusal) || wanted < 1) return [];
  const clusters = places(situation, refusal);
  let best: { cluster: string; more: number } | null = null;
  for (const cluster of clusters) {
    // Nothing farther than the best so far is worth looking for, and mostly nothing closer helps either.
    const most: number = best === null ? wanted : best.more - 1;
    if (most < 1 || !probe(withRoom(situation, cluster, most))) continue;
    const more: number | null = nearestThat(1, most, (count) => probe(withRoom(situation, cluster, count)));
    if (more !== null) best = { cluster, more };
  }
  if (best !== null) return [roomier(situation, best.cluster, best.more)];
  // A spread can need room on several clusters: each is a beginning.
  return refusal.code === 'SpreadUnsatisfiable' ? clusters.map((cluster) => roomier(situation, cluster, 1)) : [];
};

/** Where the spread has to hold for the replicas themselves, a cluster without room takes no part in it. */
const lacksRoom = ({ profile, binding }: Situation, { code }: Refusal): boolean =>
  code === 'InsufficientReplicas' ||
  (code === 'SpreadUnsatisfiable' &&
    profile.switches.spreadByAnyTopology &&
    dividesReplicas(readRequest(binding, profile, [])));

function roomier(situation: Situation, cluster: string, more: number): Relaxed {
  const what = `add room for ${more} more ${more === 1 ? 'replica' : 'replicas'}${perReplica(situation)} on ${cluster}`;
  const number = { name: `room on ${cluster}`, by: more };
  return { changes: [{ on: 'fleet', what, number }], situation: withRoom(situation, cluster, more) };
}

/** The clusters that were selected; where the selection failed, the roomiest that fit, or the fullest for a spread. */
function places({ fleet, binding, profile, plugins }: Situation, { attempts, code }: Refusal): readonly string[] {
  const { selected, scores } = attempts[0]!;
  if (selected !== null) return selected.slice(0, PLACES_MAX);
  const request = readRequest(binding, profile, []);
  return fleet.clusters
    .filter(({ metadata }) => scores.has(metadata.name))
    .map((cluster) => ({
      name: cluster.metadata.name,
      room: estimateRoom(cluster, request, plugins.estimators, fleet),
    }))
    .sort(code === 'SpreadUnsatisfiable' ? fullestFirst : roomiestFirst)
    .slice(0, PLACES_MAX)
    .map(({ name }) => name);
}

interface Place {
  readonly name: string;
  readonly room: number;
}

const byRoom = byKey(({ room }: Place) => room, byNumber);
const fullestFirst = inOrder<Place>(byRoom, byName);
const roomiestFirst = inOrder<Place>(reversed(byRoom), byName);

function withRoom(situation: Situation, name: string, more: number): Situation {
  const estimators = situation.plugins.estimators.map(
    (estimator): EstimatorPlugin => ({
      name: estimator.name,
      estimate(cluster, request, fleet) {
        const room = estimator.estimate(cluster, request, fleet);
        return room === null || cluster.metadata.name !== name ? room : room + more;
      },
    }),
  );
  return { ...situation, plugins: { ...situation.plugins, estimators } };
}

/** " of 500m/1Gi": cpu and memory as people say them, other resources by name. */
function perReplica({ binding }: Situation): string {
  const request = binding.spec.replicaRequirements?.resourceRequest ?? {};
  const plain = ['cpu', 'memory'].filter((resource) => request[resource] !== undefined);
  const named = sortedKeys(request).filter((resource) => !plain.includes(resource));
  const parts = [
    plain.map((resource) => (plain.length === 1 ? `${request[resource]} ${resource}` : request[resource])).join('/'),
    ...named.map((resource) => `${request[resource]} ${resource}`),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` of ${parts.join(', ')}`;
}

export const lowerReplicas: Relaxation = (situation, refusal, probe) => {
  const replicas = situation.binding.spec.replicas ?? 0;
  if (!lacksRoom(situation, refusal) || replicas < 2) return [];
  // Fewer than one in every group could never be spread.
  const least = (placementOf(situation).spreadConstraints ?? []).map(({ minGroups }) => minGroups ?? 1);
  const fewest = Math.min(replicas - 1, Math.max(1, ...least));
  const fewer = nearestThat(replicas - 1, fewest, (count) => probe(withReplicas(situation, count)));
  if (fewer === null) return [];
  const what = `lower replicas from ${replicas} to ${fewer}`;
  const number = { name: 'replicas', by: replicas - fewer };
  return [{ changes: [{ on: 'workload', what, number }], situation: withReplicas(situation, fewer) }];
};

function withReplicas(situation: Situation, replicas: number): Situation {
  const { binding } = situation;
  return { ...situation, binding: { ...binding, spec: { ...binding.spec, replicas } } };
}

/** Estimates beyond 32 bits come out negative at Karmada; the clusters have room, and more than enough. */
export const saturateEstimates: Relaxation = (situation, refusal) => {
  const { profile } = situation;
  const wraps = refusal.attempts.some(({ estimates }) => [...estimates.values()].some((room) => room < 0));
  if (profile.switches.estimatesSaturate || !wraps) return [];
  const what = 'decide with estimatesSaturate (the muster profile), which does not overflow 32 bits';
  const switches = { ...profile.switches, estimatesSaturate: true };
  return [{ changes: [{ on: 'scheduler', what }], situation: { ...situation, profile: { ...profile, switches } } }];
};

/** Replicas are to be divided in a way that does not exist. */
export const chooseDivision: Relaxation = (situation, refusal) => {
  if (refusal.code !== 'StrategyUnsupported' && strategyOf(placementOf(situation)) !== 'Unsupported') return [];
  const scheduling = placementOf(situation).replicaScheduling ?? {};
  if (scheduling.replicaDivisionPreference === 'Weighted') {
    const dynamic = { ...scheduling, weightPreference: { dynamicWeight: 'AvailableReplicas' } };
    return [withScheduling(situation, dynamic, 'set dynamicWeight to AvailableReplicas')];
  }
  return [
    withScheduling(
      situation,
      { ...scheduling, replicaDivisionPreference: 'Weighted' },
      'set replicaDivisionPreference to Weighted',
    ),
    withScheduling(
      situation,
      { ...scheduling, replicaDivisionPreference: 'Aggregated' },
      'set replicaDivisionPreference to Aggregated',
    ),
  ];
};

function withScheduling(situation: Situation, replicaScheduling: ReplicaScheduling, what: string): Relaxed {
  const changed = withPlacement(situation, (placement) => ({ ...placement, replicaScheduling }));
  return { changes: [{ on: 'policy', what }], situation: changed };
}
