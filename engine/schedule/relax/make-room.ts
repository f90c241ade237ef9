// Makes capacity and demand meet: more room on a cluster, fewer replicas, or a division that exists.
import type { Placement, ReplicaScheduling } from '../../api/placement.ts';
import { sortedKeys } from '../../base/order.ts';
import type { Refusal } from '../decision.ts';
import type { EstimatorPlugin } from '../plugin.ts';
import { strategyOf } from '../request.ts';
import { nearestThat, type Relaxation, type Relaxed, type Situation, withPlacement } from './situation.ts';

/** Clusters that are tried as the place for more room. */
const PLACES_MAX = 4;

export const addRoom: Relaxation = (situation, refusal, probe) => {
  if (refusal.code !== 'InsufficientReplicas') return [];
  const wanted = situation.binding.spec.replicas ?? 0;
  let best: { cluster: string; more: number } | null = null;
  for (const cluster of places(situation, refusal)) {
    // Nothing closer than the best so far is worth looking for.
    const most: number = best === null ? wanted : best.more - 1;
    const more: number | null =
      most < 1 ? null : nearestThat(1, most, (count) => probe(withRoom(situation, cluster, count)));
    if (more !== null) best = { cluster, more };
  }
  if (best === null) return [];
  const { cluster, more } = best;
  const what = `add room for ${more} more ${more === 1 ? 'replica' : 'replicas'}${perReplica(situation)} on ${cluster}`;
  const number = { name: `room on ${cluster}`, by: more };
  return [{ changes: [{ on: 'fleet', what, number }], situation: withRoom(situation, cluster, more) }];
};

/** The clusters that were selected; where the selection failed, those that fit. */
function places({ fleet }: Situation, { attempts }: Refusal): readonly string[] {
  const attempt = attempts[0];
  const fits = fleet.clusters.map(({ metadata }) => metadata.name).filter((name) => attempt?.scores.has(name));
  return (attempt?.selected ?? fits.sort()).slice(0, PLACES_MAX);
}

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
  if (refusal.code !== 'InsufficientReplicas' || replicas < 2) return [];
  const fewer = nearestThat(replicas - 1, 1, (count) => probe(withReplicas(situation, count)));
  if (fewer === null) return [];
  const what = `lower replicas from ${replicas} to ${fewer}`;
  const number = { name: 'replicas', by: replicas - fewer };
  return [{ changes: [{ on: 'workload', what, number }], situation: withReplicas(situation, fewer) }];
};

function withReplicas(situation: Situation, replicas: number): Situation {
  const { binding } = situation;
  return { ...situation, binding: { ...binding, spec: { ...binding.spec, replicas } } };
}

const placementOf = ({ binding }: Situation): Placement => binding.spec.placement ?? {};

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
