import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../api/cluster.ts';
import type { Placement, SpreadConstraint } from '../../api/placement.ts';
import { MUSTER_PROFILE } from '../../profile/profile.ts';
import { readRequest } from '../request.ts';
import { selectByTopology } from './by-topology.ts';
import { type Candidate, candidateOrder } from './candidate.ts';

interface Drawn {
  readonly zones: readonly string[];
  readonly region: string;
  readonly provider: string;
  readonly rack: string;
  readonly score: number;
  readonly available: number;
}

const toCandidate = (drawn: Drawn, at: number): Candidate => {
  const name = `m${at}`;
  const cluster: Cluster = {
    metadata: { name, labels: { rack: drawn.rack } },
    spec: { zones: [...drawn.zones], region: drawn.region, provider: drawn.provider },
  };
  return { name, cluster, tier: 0, score: drawn.score, room: drawn.available, available: drawn.available };
};

const drawn: fc.Arbitrary<Drawn> = fc.record({
  zones: fc.uniqueArray(fc.constantFrom('z1', 'z2', 'z3', 'z4'), { minLength: 1, maxLength: 2 }),
  region: fc.constantFrom('eu', 'us', 'ap'),
  provider: fc.constantFrom('aws', 'gcp'),
  rack: fc.constantFrom('r1', 'r2', 'r3'),
  score: fc.constantFrom(0, 0, 100),
  available: fc.integer({ min: 0, max: 9 }),
});

const limits = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 1, 2, 9))
  .map(([minGroups, more]) => ({ minGroups, ...(more === 9 ? {} : { maxGroups: minGroups + more }) }));
const constraints: fc.Arbitrary<SpreadConstraint[]> = fc.uniqueArray(
  fc.oneof(
    fc
      .tuple(fc.constantFrom('zone' as const, 'region' as const, 'provider' as const, 'cluster' as const), limits)
      .map(([spreadByField, limit]): SpreadConstraint => ({ spreadByField, ...limit })),
    limits.map((limit): SpreadConstraint => ({ spreadByLabel: 'rack', ...limit })),
  ),
  { minLength: 1, maxLength: 4, selector: ({ spreadByField, spreadByLabel }) => spreadByField ?? spreadByLabel },
);

const groupsOf = (cluster: Cluster, { spreadByField }: SpreadConstraint): readonly string[] => {
  if (spreadByField === 'cluster') return [cluster.metadata.name];
  if (spreadByField === 'zone') return cluster.spec.zones ?? [];
  if (spreadByField === 'region') return [cluster.spec.region!];
  if (spreadByField === 'provider') return [cluster.spec.provider!];
  return [cluster.metadata.labels!.rack!];
};

const holds = (chosen: readonly Candidate[], constraint: SpreadConstraint): boolean => {
  const groups = new Set(chosen.flatMap(({ cluster }) => groupsOf(cluster, constraint))).size;
  return groups >= (constraint.minGroups ?? 0) && groups <= (constraint.maxGroups || Number.POSITIVE_INFINITY);
};

const worth = (chosen: readonly Candidate[]): [number, number, number] => [
  chosen.reduce((sum, { score }) => sum + score, 0),
  chosen.length,
  chosen.reduce((sum, { available }) => sum + available, 0),
];

const isBetter = (a: readonly number[], b: readonly number[]): boolean => {
  const at = a.findIndex((value, place) => value !== b[place]);
  return at >= 0 && a[at]! > b[at]!;
};

/** Looks at every subset. */
function bestByBruteForce(
  candidates: readonly Candidate[],
  spread: readonly SpreadConstraint[],
  replicas: number | null,
) {
  const able = replicas === null ? candidates : candidates.filter(({ available }) => available > 0);
  let best: [number, number, number] | null = null;
  for (let subset = 1; subset < 2 ** able.length; subset += 1) {
    const chosen = able.filter((_, at) => (subset & (1 << at)) !== 0);
    const found = worth(chosen);
    if (replicas !== null && (found[2] < replicas || chosen.length > replicas)) continue;
    if (!spread.every((constraint) => holds(chosen, constraint))) continue;
    if (best === null || isBetter(found, best)) best = found;
  }
  return best;
}

const requestFor = (spreadConstraints: SpreadConstraint[], replicas: number | null) => {
  const placement: Placement = {
    spreadConstraints,
    replicaScheduling:
      replicas === null
        ? { replicaSchedulingType: 'Duplicated' }
        : { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' },
  };
  const resource = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  return readRequest({ spec: { resource, replicas: replicas ?? 3, placement } }, MUSTER_PROFILE, []);
};

describe('selection by topology', () => {
  it('is the best choice of all that hold every constraint, or there is none', () => {
    fc.assert(
      fc.property(
        fc.array(drawn, { minLength: 1, maxLength: 8 }),
        constraints,
        fc.option(fc.integer({ min: 1, max: 24 })),
        (fleet, spread, replicas) => {
          const candidates = fleet.map(toCandidate).sort(candidateOrder);
          const ours = selectByTopology(candidates, requestFor(spread, replicas));
          const best = bestByBruteForce(candidates, spread, replicas);
          if (!ours.ok) {
            expect(best).toBeNull();
            return;
          }
          expect(spread.filter((constraint) => !holds(ours.value, constraint))).toEqual([]);
          expect(worth(ours.value)).toEqual(best);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('does not depend on the order in which clusters come', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 2, maxLength: 10 }), constraints, (fleet, spread) => {
        const candidates = fleet.map(toCandidate);
        const names = (list: readonly Candidate[]) => {
          const chosen = selectByTopology([...list].sort(candidateOrder), requestFor(spread, 6));
          return chosen.ok ? chosen.value.map(({ name }) => name) : chosen.failure;
        };
        expect(names([...candidates].reverse())).toEqual(names(candidates));
      }),
      { numRuns: 1000 },
    );
  });

  it('answers in bounded time on a fleet of twenty thousand, holding every constraint', () => {
    const candidates = Array.from({ length: 20_000 }, (_, at) =>
      toCandidate(
        {
          zones: [`z${at % 60}`],
          region: `r${at % 20}`,
          provider: `p${at % 4}`,
          rack: `k${at % 500}`,
          score: 0,
          available: at % 50,
        },
        at,
      ),
    ).sort(candidateOrder);
    const spread: SpreadConstraint[] = [
      { spreadByField: 'zone', minGroups: 6, maxGroups: 9 },
      { spreadByField: 'provider', minGroups: 2, maxGroups: 3 },
      { spreadByField: 'region', minGroups: 3 },
      { spreadByLabel: 'rack', minGroups: 5 },
      { spreadByField: 'cluster', minGroups: 8, maxGroups: 40 },
    ];
    const chosen = selectByTopology(candidates, requestFor(spread, 900));
    expect(chosen.ok).toBe(true);
    if (chosen.ok) expect(spread.filter((constraint) => !holds(chosen.value, constraint))).toEqual([]);
  });

  const three = [
    { zones: ['z1'], region: 'eu', provider: 'aws', rack: 'r1', score: 0, available: 2 },
    { zones: ['z2'], region: 'eu', provider: 'aws', rack: 'r1', score: 0, available: 3 },
    { zones: ['z1', 'z2'], region: 'us', provider: 'gcp', rack: 'r2', score: 0, available: 4 },
  ].map(toCandidate);
  const refusal = (spread: SpreadConstraint[], replicas: number | null) => {
    const outcome = selectByTopology([...three].sort(candidateOrder), requestFor(spread, replicas));
    return outcome.ok ? null : outcome.failure;
  };

  it('tells which constraint has too few groups', () => {
    const failure = refusal([{ spreadByField: 'zone', minGroups: 3 }], 3);
    expect(failure).toMatchObject({
      code: 'SpreadUnsatisfiable',
      message: expect.stringContaining('zone needs at least 3'),
    });
  });

  it('tells which constraint contradicts the others', () => {
    const failure = refusal(
      [
        { spreadByField: 'provider', minGroups: 2 },
        { spreadByField: 'zone', minGroups: 1, maxGroups: 1 },
      ],
      null,
    );
    expect(failure).toMatchObject({
      code: 'SpreadUnsatisfiable',
      message: expect.stringContaining('together with the others'),
    });
  });

  it('tells how much room is missing', () => {
    const failure = refusal([{ spreadByField: 'zone', minGroups: 2 }], 10);
    expect(failure).toMatchObject({ code: 'InsufficientReplicas', message: expect.stringContaining('room for 9') });
  });

  it('tells that there are fewer replicas than groups to be in', () => {
    const failure = refusal([{ spreadByField: 'cluster', minGroups: 3 }], 2);
    expect(failure).toMatchObject({ code: 'SpreadUnsatisfiable', message: expect.stringContaining('2 replicas') });
  });

  it('selects nothing where an unset limit means none', () => {
    const strict = { ...MUSTER_PROFILE, switches: { ...MUSTER_PROFILE.switches, unsetMaxGroupsIsUnlimited: false } };
    const request = { ...requestFor([{ spreadByField: 'zone', minGroups: 1 }], 3), profile: strict };
    const outcome = selectByTopology(three, request);
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'InsufficientReplicas' } });
  });

  it('weighs more kinds of clusters than it can search, the best of each group first', () => {
    const candidates = Array.from({ length: 300 }, (_, at) =>
      toCandidate(
        {
          zones: [`z${at}`, `y${at % 7}`],
          region: `r${at % 150}`,
          provider: `p${at % 40}`,
          rack: `k${at % 3}`,
          score: at % 9 === 0 ? 100 : 0,
          available: 5,
        },
        at,
      ),
    ).sort(candidateOrder);
    const spread: SpreadConstraint[] = [
      { spreadByField: 'provider', minGroups: 20, maxGroups: 30 },
      { spreadByField: 'zone', minGroups: 2 },
      { spreadByLabel: 'rack', minGroups: 1, maxGroups: 2 },
    ];
    const chosen = selectByTopology(candidates, requestFor(spread, null));
    expect(chosen.ok && spread.every((constraint) => holds(chosen.value, constraint))).toBe(true);
  });

  it('leaves out clusters that static weights give nothing to', () => {
    const placement: Placement = {
      spreadConstraints: [{ spreadByField: 'zone', minGroups: 2 }],
      replicaScheduling: {
        replicaSchedulingType: 'Divided',
        replicaDivisionPreference: 'Weighted',
        weightPreference: { staticWeightList: [{ targetCluster: { clusterNames: ['m0', 'm2'] }, weight: 1 }] },
      },
    };
    const resource = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
    const request = readRequest({ spec: { resource, replicas: 4, placement } }, MUSTER_PROFILE, []);
    const chosen = selectByTopology([...three].sort(candidateOrder), request);
    expect(chosen.ok && chosen.value.map(({ name }) => name)).toEqual(['m2', 'm0']);
    const blind = { ...MUSTER_PROFILE, switches: { ...MUSTER_PROFILE.switches, staticWeightsRespectCapacity: false } };
    const many = selectByTopology([...three].sort(candidateOrder), { ...request, replicas: 400, profile: blind });
    expect(many.ok).toBe(true);
  });

  it('has nothing to choose from an empty fleet', () => {
    expect(selectByTopology([], requestFor([{ spreadByField: 'zone' }], null))).toMatchObject({ ok: false });
  });
});
