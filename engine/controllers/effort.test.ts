// How much is done for one thing that happens: who looks, and what is written.
import { describe, expect, it } from 'vitest';
import {
  clusterObject,
  controlPlane,
  deployment,
  type Fixture,
  policyFor,
  started,
  weighedIn,
  withSpec,
} from '../../test/builders/control-plane.ts';
import { COLLECTIONS } from '../api/kinds.ts';
import { HUB } from '../control/place.ts';
import type { TraceLine } from '../control/trace.ts';
import type { KubeObject } from '../kube/meta.ts';

type Step = Extract<TraceLine, { type: 'step' }>;

interface Watched {
  readonly plane: Fixture;
  /** Since the last time this was asked. */
  readonly steps: () => readonly Step[];
}

function watched(...objects: readonly KubeObject[]): Watched {
  let seen: Step[] = [];
  const plane = controlPlane({ seed: 'effort', trace: (line) => void (line.type === 'step' && seen.push(line)) });
  started(plane, ...objects);
  seen = [];
  return { plane, steps: () => seen.splice(0) };
}

const keysOf = (steps: readonly Step[], controller: string): readonly string[] =>
  steps.filter((step) => step.controller === controller).map(({ key }) => key);

/** By controller and collection, as "controller collection". */
function writesIn(steps: readonly Step[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { controller, commands } of steps) {
    for (const command of commands) {
      if (!('key' in command) || command.key.collection === COLLECTIONS.clusters) continue;
      const name = `${controller} ${command.key.collection}`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  return counts;
}

const web = deployment('web', 6);
const BOTH = policyFor(web, weighedIn({ m1: 1, m2: 1 }));

const shop: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };

const change = (plane: Fixture, name: string, differ: (object: KubeObject) => KubeObject): void =>
  plane.change(clusterObject(name), differ);

describe('namespaces', () => {
  it('are looked at in the cluster that changes alone, and only where overrides may see the change', () => {
    const { plane, steps } = watched(shop);
    change(plane, 'm2', withSpec({ taints: [{ key: 'cordoned', effect: 'NoSchedule' }] }));
    plane.simulation.runFor(5_000);
    expect(keysOf(steps(), 'namespace')).toEqual([]);
    change(plane, 'm2', (object) => ({ ...object, metadata: { ...object.metadata, labels: { tier: 'gold' } } }));
    plane.simulation.runFor(5_000);
    expect(keysOf(steps(), 'namespace')).toContain('shop m2');
    change(plane, 'm2', withSpec({ region: 'eu', zones: ['eu-a'] }));
    plane.simulation.runFor(5_000);
    const looks = keysOf(steps(), 'namespace');
    expect(looks).toContain('shop m2');
    expect(looks.every((key) => key.endsWith(' m2'))).toBe(true);
  });

  it('come to a cluster that joins, whatever there was before', () => {
    const { plane, steps } = watched(shop);
    plane.simulation.addMember({ name: 'm9', nodes: [] });
    plane.put(clusterObject('m9'));
    plane.simulation.runFor(30_000);
    expect(writesIn(steps())['namespace work.karmada.io/works']).toBeGreaterThan(0);
    const spaces = plane.simulation.world.hub.store.list(COLLECTIONS.works, 'karmada-es-m9');
    expect(spaces.map(({ metadata }) => metadata.name).some((name) => name.startsWith('shop'))).toBe(true);
  });
});

describe('what leaves a cluster', () => {
  it('is written down once by who drives it out, once by who places it and once when it has gone', () => {
    const { plane, steps } = watched(web, policyFor(web, weighedIn({ m1: 1, m2: 1, m3: 1 })));
    change(plane, 'm2', withSpec({ taints: [{ key: 'out', effect: 'NoExecute' }] }));
    plane.simulation.runFor(120_000);
    expect(plane.places('web')).toBe('m1=3 m3=3');
    const found = steps();
    const wishes = found.flatMap(({ controller, commands }) =>
      commands.flatMap((command) =>
        command.verb === 'patch' && command.key.collection === COLLECTIONS.bindings ? [controller] : [],
      ),
    );
    expect(wishes).toEqual(['taint-manager', 'scheduler', 'graceful-eviction']);
  });
});

describe('a workload that is new', () => {
  it('is looked at by nobody whom it does not concern yet', () => {
    const { plane, steps } = watched(BOTH);
    plane.put(web);
    plane.simulation.runFor(60_000);
    expect(plane.serving('web')).toBe('m1=3 m2=3');
    const looks = steps();
    expect(keysOf(looks, 'dependencies-distributor')).toEqual([]);
    expect(keysOf(looks, 'taint-manager')).toEqual([]);
    expect(keysOf(looks, 'resource-detector')).toHaveLength(1);
    expect(keysOf(looks, 'scheduler')).toHaveLength(2);
    expect(keysOf(looks, 'binding')).toHaveLength(1);
  });
});

describe('a change of size', () => {
  it('is told by each cluster when it has seen to it and when it is done, and summed up as often', () => {
    const { plane, steps } = watched(web, BOTH);
    plane.change(web, withSpec({ replicas: 8 }));
    plane.simulation.runFor(60_000);
    expect(plane.serving('web')).toBe('m1=4 m2=4');
    const writes = writesIn(steps());
    expect(writes['resource-detector work.karmada.io/resourcebindings']).toBe(1);
    expect(writes['scheduler work.karmada.io/resourcebindings']).toBe(2);
    expect(writes['binding work.karmada.io/works']).toBe(2);
    expect(writes['execution apps/deployments']).toBe(2);
    expect(writes['work-status work.karmada.io/works']).toBe(4);
    expect(writes['binding-status work.karmada.io/resourcebindings']).toBeLessThanOrEqual(3);
  });
});

describe('a hub that does not answer', () => {
  it('is told more and more seldom what it should know, and knows it in the end', () => {
    const { plane, steps } = watched(BOTH);
    plane.put(web);
    plane.simulation.runFor(300);
    plane.simulation.inject({
      fault: 'api-errors',
      place: HUB,
      code: 'ServerError',
      perMille: 1000,
      forMs: 120_000,
    });
    steps();
    plane.simulation.runFor(120_000);
    const tries = steps().filter(({ controller, commands }) => controller === 'binding-status' && commands.length > 0);
    expect(tries.length).toBeGreaterThan(5);
    expect(tries.length).toBeLessThan(30);
    plane.simulation.runFor(60_000);
    expect(plane.binding('web-deployment')!.status!.aggregatedStatus).toMatchObject([
      { clusterName: 'm1', status: { readyReplicas: 3 } },
      { clusterName: 'm2', status: { readyReplicas: 3 } },
    ]);
  });
});
