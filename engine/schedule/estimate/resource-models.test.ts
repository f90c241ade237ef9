import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../api/cluster.ts';
import { setsByModels } from './component-sets.ts';
import { lessPromised, type ModelNodes, modelledRequest } from './resource-models.ts';

const INT32_MAX = 2_147_483_647;
const amounts = fc.record({ cpu: fc.nat(9), memory: fc.nat(9), pods: fc.nat(4) });
type Amounts = Record<'cpu' | 'memory' | 'pods', number>;
const RESOURCES = ['cpu', 'memory', 'pods'] as const;

const unitsOf = (given: Amounts) => new Map(RESOURCES.map((resource) => [resource, BigInt(given[resource])]));

/** Each node by itself, written without a thought for speed. */
function oneByOne(grades: readonly { count: number; capacity: Amounts }[], promised: Amounts): Amounts[] {
  const owed = { ...promised };
  return grades.flatMap(({ count, capacity }) =>
    Array.from({ length: count }, () => {
      const left = { ...capacity };
      for (const resource of RESOURCES) {
        const paid = Math.min(left[resource], owed[resource]);
        left[resource] -= paid;
        owed[resource] -= paid;
      }
      return left;
    }),
  );
}

const spelledOut = (nodes: readonly ModelNodes[]): Amounts[] =>
  nodes.flatMap(({ count, capacity }) =>
    Array.from({ length: count }, () => ({
      cpu: Number(capacity.get('cpu')),
      memory: Number(capacity.get('memory')),
      pods: Number(capacity.get('pods')),
    })),
  );

describe('what is promised, taken off modelled nodes', () => {
  it('leaves what taking it off node by node leaves', () => {
    const grades = fc.array(fc.record({ count: fc.nat(6), capacity: amounts }), { maxLength: 3 });
    fc.assert(
      fc.property(grades, fc.record({ cpu: fc.nat(60), memory: fc.nat(60), pods: fc.nat(25) }), (given, promised) => {
        const nodes = given.map(({ count, capacity }, grade) => ({ grade, count, capacity: unitsOf(capacity) }));
        const units = new Map([
          ['cpu', BigInt(promised.cpu)],
          ['memory', BigInt(promised.memory)],
        ]);
        const left = lessPromised(nodes, { pods: BigInt(promised.pods), units });
        expect(spelledOut(left)).toEqual(oneByOne(given, promised));
      }),
      { numRuns: 1000 },
    );
  });

  it('comes at once for as many nodes as there can be', () => {
    const nodes = [{ grade: 0, count: INT32_MAX, capacity: unitsOf({ cpu: 2, memory: 3, pods: 4 }) }];
    const left = lessPromised(nodes, { pods: 10n ** 9n, units: new Map([['cpu', 3_000_000_001n]]) });
    expect(left.reduce((sum, { count }) => sum + count, 0)).toBe(INT32_MAX);
    expect(left.length).toBeLessThan(8);
  });
});

const modelled = (counts: readonly number[], capacities: readonly Amounts[]): Cluster =>
  ({
    metadata: { name: 'm' },
    spec: {
      resourceModels: capacities.map(({ cpu, memory }, grade) => ({
        grade,
        ranges: [
          { name: 'cpu', min: String(cpu), max: '1k' },
          { name: 'memory', min: String(memory), max: '1k' },
        ],
      })),
    },
    status: {
      resourceSummary: { allocatableModelings: counts.map((count, grade) => ({ grade, count })) },
    },
  }) as unknown as Cluster;

const component = (replicas: number, cpu: number, memory: number) => ({
  name: `c${replicas}-${cpu}-${memory}`,
  replicas,
  replicaRequirements: { resourceRequest: { cpu: String(cpu), memory: String(memory) } },
});

/** Every replica of every set by itself, on the first node that takes it. */
function setsOneByOne(nodes: Map<string, bigint>[], parts: ReturnType<typeof component>[], bound: number): number {
  const ordered = parts
    .map(({ replicas, replicaRequirements }) => ({ replicas, request: modelledRequest(replicaRequirements) }))
    .sort((a, b) => {
      const cpu = Number((b.request.get('cpu') ?? 0n) - (a.request.get('cpu') ?? 0n));
      return cpu !== 0 ? cpu : Number((b.request.get('memory') ?? 0n) - (a.request.get('memory') ?? 0n));
    });
  for (let sets = 0; sets < bound; sets += 1) {
    for (const { replicas, request } of ordered) {
      for (let replica = 0; replica < replicas; replica += 1) {
        const node = nodes.find((free) => [...request].every(([resource, each]) => (free.get(resource) ?? 0n) >= each));
        if (node === undefined) return sets;
        for (const [resource, each] of request) node.set(resource, node.get(resource)! - each);
      }
    }
  }
  return bound;
}

describe('sets of components on modelled nodes', () => {
  it('are as many as placing every replica by itself finds', () => {
    const part = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(4), fc.nat(4));
    fc.assert(
      fc.property(
        fc.array(fc.nat(4), { minLength: 1, maxLength: 3 }),
        fc.array(amounts, { minLength: 3, maxLength: 3 }),
        fc.array(part, { minLength: 1, maxLength: 3 }),
        fc.nat(12),
        (counts, capacities, drawn, bound) => {
          const parts = drawn.map(([replicas, cpu, memory]) => component(replicas, cpu, memory));
          const cluster = modelled(counts, capacities);
          const nodes = counts.flatMap((count, grade) =>
            Array.from({ length: count }, () => {
              const { cpu, memory } = capacities[grade]!;
              return new Map([
                ['cpu', BigInt(cpu) * 1000n],
                ['memory', BigInt(memory)],
                ['pods', 110n],
              ]);
            }),
          );
          expect(setsByModels(cluster, parts, BigInt(bound))).toBe(BigInt(setsOneByOne(nodes, parts, bound)));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('come at once for replicas beyond counting', () => {
    const cluster = modelled([10], [{ cpu: 4_000_000_000, memory: 1, pods: 0 }]);
    expect(setsByModels(cluster, [component(1, 2, 0)], 2n ** 30n)).toBe(1100n);
    expect(setsByModels(cluster, [component(INT32_MAX, 0, 0)], 3n)).toBe(0n);
  });
});
