// Random bindings of a Deployment: replicas, what each asks for, and perhaps an earlier decision.
import fc from 'fast-check';
import type { TargetCluster } from '../../engine/api/binding.ts';
import type { Placement } from '../../engine/api/placement.ts';
import type { BindingInput } from '../../engine/schedule/request.ts';
import { CLUSTER_NAMES } from './cluster.ts';

/** What one replica asks for, in plain numbers. */
export interface Need {
  readonly cpuMilli: number;
  readonly memoryMi: number;
}

export const need: fc.Arbitrary<Need> = fc.record({
  cpuMilli: fc.constantFrom(100, 250, 500, 1000, 3000),
  memoryMi: fc.constantFrom(0, 128, 256, 1024),
});

export const replicas: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 12 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 60 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 700 }) },
);

export const previous: fc.Arbitrary<TargetCluster[]> = fc.uniqueArray(
  fc.record({ name: fc.constantFrom(...CLUSTER_NAMES), replicas: fc.integer({ min: 0, max: 9 }) }),
  { selector: ({ name }) => name, maxLength: 5 },
);

export interface BindingOptions {
  readonly placement: fc.Arbitrary<Placement>;
  readonly previous?: fc.Arbitrary<TargetCluster[]>;
  readonly evictions?: boolean;
}

export const bindingOf = (options: BindingOptions): fc.Arbitrary<BindingInput> =>
  fc
    .record({
      placement: options.placement,
      replicas,
      need,
      clusters: options.previous ?? fc.constant<TargetCluster[]>([]),
      evicting: options.evictions
        ? fc.uniqueArray(fc.constantFrom(...CLUSTER_NAMES), { maxLength: 2 })
        : fc.constant<string[]>([]),
      uid: fc.constantFrom('', 'u1', 'u2', 'u3'),
    })
    .map((drawn) => ({
      spec: {
        resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web', uid: drawn.uid },
        replicas: drawn.replicas,
        replicaRequirements: {
          resourceRequest: {
            cpu: `${drawn.need.cpuMilli}m`,
            ...(drawn.need.memoryMi > 0 ? { memory: `${drawn.need.memoryMi}Mi` } : {}),
          },
        },
        clusters: drawn.clusters,
        placement: drawn.placement,
        gracefulEvictionTasks: drawn.evicting.map((fromCluster) => ({
          fromCluster,
          reason: 'TaintUntolerated',
          producer: 'TaintManager',
        })),
      },
      status: { lastScheduledTime: '2026-01-01T00:00:00Z' },
    }));
