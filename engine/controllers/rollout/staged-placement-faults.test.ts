// Whatever is heard late, heard twice or forgotten, and whoever ends at whichever write: no cluster has a workload that its wave has not
// come to, none loses it before its time, and there are never too few.
import { describe, expect, it } from 'vitest';
import { controlPlane, deployment, evenlyIn, type Fixture, policyFor } from '../../../test/builders/control-plane.ts';
import { drawnFault } from '../../../test/builders/drawn-fault.ts';
import { ROLLOUT_WORDS, type StagedRolloutStatus } from '../../api/staged-rollout.ts';
import { Random } from '../../base/random.ts';
import { clusterOf, HUB } from '../../control/place.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Fault } from '../../simulate/faults.ts';

const SEEDS = 12;
const PROCESSES = ['controller-manager', 'scheduler'] as const;
const COLLECTIONS = [
  'muster.dev/stagedrollouts',
  'policy.karmada.io/propagationpolicies',
  'work.karmada.io/resourcebindings',
  'work.karmada.io/works',
  'cluster.karmada.io/clusters',
] as const;

const web = deployment('web', 6);
const rollout: KubeObject = {
  apiVersion: 'muster.dev/v1alpha1',
  kind: 'StagedRollout',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    resources: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }],
    waves: [
      { clusters: { clusterNames: ['m1', 'm3'] }, bakeSeconds: 20 },
      { clusters: { clusterNames: ['m2', 'm4'] }, approval: true, bakeSeconds: 20 },
    ],
  },
};

const placedIn = (...names: readonly string[]): KubeObject => policyFor(web, evenlyIn(...names));

function begun(seed: string): Fixture {
  const plane = controlPlane({ seed, clusters: ['m1', 'm2', 'm3', 'm4'] });
  plane.simulation.runFor(5_000);
  plane.put(web);
  plane.put(placedIn('m1', 'm2'));
  plane.put(rollout);
  plane.simulation.runFor(120_000);
  expect([plane.serving('web'), statusOf(plane).phase]).toEqual(['m1=3 m2=3', 'Stable']);
  return plane;
}

const statusOf = (plane: Fixture): StagedRolloutStatus =>
  plane.get('muster.dev/v1alpha1', 'StagedRollout', 'web')!.status as StagedRolloutStatus;

const place = (plane: Fixture, ...names: string[]): void =>
  plane.change(placedIn(), (object) => ({ ...object, spec: placedIn(...names).spec }));

function approve(plane: Fixture): void {
  const annotations = { [ROLLOUT_WORDS.approved]: `${statusOf(plane).updateRevision}/2` };
  plane.change(rollout, (object) => ({ ...object, metadata: { ...object.metadata, annotations } }));
}

interface Watched {
  /** Clusters that have got or given any of it. */
  readonly touched: Set<string>;
  fewest: number;
}

function watch(plane: Fixture): Watched {
  const serving = () =>
    plane
      .serving('web')
      .split(' ')
      .reduce((sum, text) => sum + Number(text.split('=')[1] ?? 0), 0);
  const seen: Watched = { touched: new Set(), fewest: serving() };
  plane.simulation.onChange(({ collection, type, object, previous }, at) => {
    seen.fewest = Math.min(seen.fewest, serving());
    const cluster = clusterOf(at);
    if (cluster === null || collection !== 'apps/deployments') return;
    const [now, before] = [object, previous].map((one) => (one?.spec as { replicas?: number } | undefined)?.replicas);
    if (type === 'DELETED' || now !== before) seen.touched.add(cluster);
  });
  return seen;
}

/** What a process can meet with the hub, and that it sleeps for a while. */
function drawn(random: Random): Fault {
  const by = random.pick(PROCESSES);
  if (random.chance(1, 6)) return { fault: 'pause', name: by, forMs: random.integer(500, 10_000) };
  const apiErrors = { code: 'Timeout', perMille: 300, isDone: true, forMs: 10_000 } as const;
  return drawnFault(random, { by, collections: COLLECTIONS, revisionsMax: 20, apiErrors });
}

it.each(Array.from({ length: SEEDS }, (_, seed) => `seed ${seed}`))('keeps to its waves, %s', (seed) => {
  const plane = begun(seed);
  const random = new Random(seed);
  const { simulation } = plane;
  const seen = watch(plane);
  const disturb = (steps: number): void => {
    for (let step = 0; step < steps; step += 1) {
      simulation.inject(drawn(random));
      simulation.runFor(random.integer(1_000, 15_000));
    }
  };
  for (const next of [
    ['m3', 'm2'],
    ['m3', 'm4'],
  ]) {
    disturb(1);
    place(plane, ...next);
    disturb(4);
    simulation.runFor(120_000);
  }
  expect([...seen.touched].filter((name) => name !== 'm1' && name !== 'm3')).toEqual([]);
  expect(plane.serving('web')).toBe('m1=3 m2=3 m3=3');
  approve(plane);
  disturb(6);
  simulation.heal();
  simulation.runFor(600_000);
  expect([plane.serving('web'), statusOf(plane).phase]).toEqual(['m3=3 m4=3', 'Stable']);
  expect(seen.fewest).toBe(6);
});

describe('whoever ends at a write', () => {
  /** Counted from the change of the policy on. */
  const WRITES_MAX = 40;
  /** Of all of them, so many as there is time for here. */
  const EVERY = 3;

  it.each(PROCESSES.flatMap((name) => (['before', 'after'] as const).map((moment) => [name, moment] as const)))(
    'goes on where it was: %s, %s it',
    (name, moment) => {
      for (let at = 1; at <= WRITES_MAX; at += EVERY) {
        const plane = begun('restart');
        const { simulation } = plane;
        const seen = watch(plane);
        let count = 0;
        let hasEnded = false;
        simulation.calls.onArrival(({ by, to, verb, collection }, when) => {
          const isWrite = by === name && to === HUB && collection !== null && verb !== 'list';
          if (!isWrite || when !== moment || hasEnded || collection.includes('leases')) return false;
          count += 1;
          if (count < at) return false;
          hasEnded = true;
          simulation.inject({ fault: 'restart', name, forMs: 1_000 });
          return moment === 'before';
        });
        place(plane, 'm3', 'm4');
        simulation.runFor(100_000);
        expect([at, [...seen.touched].sort(), plane.serving('web')]).toEqual([at, ['m3'], 'm1=3 m2=3 m3=3']);
        approve(plane);
        simulation.runFor(200_000);
        expect([at, plane.serving('web'), statusOf(plane).phase, seen.fewest]).toEqual([at, 'm3=3 m4=3', 'Stable', 6]);
        if (!hasEnded) return expect(at).toBeGreaterThan(EVERY);
      }
    },
  );
});
