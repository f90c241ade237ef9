// A scheduler that only looks on while a staged rollout lets a placement through: the waves by themselves are no difference.
import { describe, expect, it } from 'vitest';
import {
  clusterObject,
  controlPlane,
  deployment,
  evenlyIn,
  type Fixture,
  onlyIn,
  policyFor,
  portsFor,
  weighedIn,
} from '../../../test/builders/control-plane.ts';
import { ANNOTATIONS } from '../../api/names.ts';
import { STAGED_PLACEMENT } from '../../api/staged-rollout.ts';
import { HUB } from '../../control/place.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { MUSTER_PROFILE } from '../../profile/profile.ts';
import { shadowOf } from '../index.ts';
import type { ShadowFinding } from './scheduler/shadow.ts';

const web = deployment('web', 6);
const BINDING = {
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ResourceBinding',
  metadata: { name: 'web-deployment', namespace: 'default' },
};

const ROLLOUT: KubeObject = {
  apiVersion: 'muster.dev/v1alpha1',
  kind: 'StagedRollout',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    resources: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }],
    waves: ['m3', 'm1', 'm4'].map((name) => ({ clusters: { clusterNames: [name] }, bakeSeconds: 60 })),
  },
};

function standing(placement: object): Fixture {
  const plane = controlPlane({ seed: 'b', clusters: ['m1', 'm2', 'm3', 'm4'] });
  plane.simulation.runFor(5_000);
  plane.put(web);
  plane.put(policyFor(web, placement));
  plane.put(ROLLOUT);
  plane.simulation.runFor(120_000);
  return plane;
}

/** What it finds from now on. */
function shadowed(plane: Fixture, name = 'shadow'): readonly ShadowFinding[] {
  const findings: ShadowFinding[] = [];
  const controllers = [shadowOf(portsFor(MUSTER_PROFILE), 'default-scheduler', (finding) => findings.push(finding))];
  plane.simulation.addProcess({ name, at: HUB, controllers });
  return findings;
}

const run = (plane: Fixture, seconds: number): void => void plane.simulation.runFor(seconds * 1000);

const place = (plane: Fixture, placement: object): void =>
  plane.change(policyFor(web), (object) => ({ ...object, spec: policyFor(web, placement).spec }));

const scale = (plane: Fixture, replicas: number): void =>
  plane.change(web, (object) => ({ ...object, spec: deployment('web', replicas).spec }));

const differences = (findings: readonly ShadowFinding[]) => findings.filter(({ agrees }) => !agrees);

const STORIES: readonly (readonly [string, object, (plane: Fixture) => void, string])[] = [
  ['other clusters', evenlyIn('m1', 'm2'), (plane) => place(plane, evenlyIn('m3', 'm4')), 'm3=3 m4=3'],
  [
    'other weights',
    weighedIn({ m1: 4, m2: 2 }),
    (plane) => place(plane, weighedIn({ m1: 1, m2: 3, m3: 2 })),
    'm1=1 m2=3 m3=2',
  ],
  ['copies', onlyIn('m1', 'm2'), (plane) => place(plane, onlyIn('m3', 'm4')), 'm3=6 m4=6'],
  [
    'a placement that is taken back',
    evenlyIn('m1', 'm2'),
    (plane) => {
      place(plane, evenlyIn('m3', 'm4'));
      run(plane, 100);
      place(plane, evenlyIn('m1', 'm2'));
    },
    'm1=3 m2=3',
  ],
  [
    'what is scaled meanwhile',
    evenlyIn('m1', 'm2'),
    (plane) => {
      place(plane, evenlyIn('m3', 'm4'));
      run(plane, 100);
      scale(plane, 10);
    },
    'm3=5 m4=5',
  ],
  [
    'what leaves a cluster that fails meanwhile',
    evenlyIn('m1', 'm2'),
    (plane) => {
      place(plane, evenlyIn('m3', 'm4'));
      run(plane, 100);
      plane.change(clusterObject('m2'), (object) => ({
        ...object,
        spec: { ...(object.spec as object), taints: [{ key: 'out', effect: 'NoExecute' }] },
      }));
    },
    'm3=3 m4=3',
  ],
];

/** Whatever is decided then is somebody else's doing. */
function askedToMoveWithNobodyToDecide() {
  const plane = standing(evenlyIn('m1', 'm2'));
  plane.simulation.removeProcess('scheduler');
  const findings = shadowed(plane);
  run(plane, 5);
  place(plane, evenlyIn('m3', 'm4'));
  run(plane, 5);
  return { plane, findings };
}

describe('a shadow', () => {
  it.each(STORIES)('agrees at every step with waves that let through %s', (_, before, happen, places) => {
    const plane = standing(before);
    const findings = shadowed(plane);
    happen(plane);
    run(plane, 600);
    expect(plane.places('web')).toBe(places);
    expect(differences(findings)).toEqual([]);
    expect(findings.filter(({ about }) => about === 'decision').length).toBeGreaterThan(2);
    expect(findings.at(-1)!.stands).toEqual(plane.binding('web-deployment')!.spec.clusters);
  });

  it('that looks once agrees with what stands between two waves', () => {
    const plane = standing(evenlyIn('m1', 'm2'));
    place(plane, evenlyIn('m3', 'm4'));
    for (let look = 0; look < 8; look += 1) {
      run(plane, 40);
      const findings = shadowed(plane, `shadow-${look}`);
      run(plane, 5);
      expect(findings.map(({ about, agrees, stands }) => [about, agrees, stands])[0]).toEqual([
        'standing',
        true,
        plane.binding('web-deployment')!.spec.clusters,
      ]);
      plane.simulation.removeProcess(`shadow-${look}`);
    }
    expect(plane.places('web')).toBe('m3=3 m4=3');
  });

  it('says so where another than the staging scheduler went past the waves', () => {
    const { plane, findings } = askedToMoveWithNobodyToDecide();
    plane.change(BINDING, (object) => {
      const { placement } = object.spec as { placement: object };
      const annotations = { ...object.metadata.annotations, [ANNOTATIONS.appliedPlacement]: JSON.stringify(placement) };
      const clusters = ['m3', 'm4'].map((name) => ({ name, replicas: 3 }));
      return {
        ...object,
        metadata: { ...object.metadata, annotations },
        spec: { ...(object.spec as object), clusters },
      };
    });
    run(plane, 5);
    const own = ['m1', 'm2'].map((name) => ({ name, replicas: 3 }));
    expect(differences(findings)).toMatchObject([{ about: 'decision', would: own, why: null }]);
  });

  it('says so where somebody stages otherwise', () => {
    const { plane, findings } = askedToMoveWithNobodyToDecide();
    plane.change(BINDING, (object) => {
      const annotations = {
        ...object.metadata.annotations,
        [STAGED_PLACEMENT]: '{"of":"other","stable":[],"next":null}',
      };
      const clusters = [{ name: 'm1', replicas: 6 }];
      return {
        ...object,
        metadata: { ...object.metadata, annotations },
        spec: { ...(object.spec as object), clusters },
      };
    });
    run(plane, 5);
    expect(differences(findings)).toMatchObject([{ about: 'decision', stands: [{ name: 'm1', replicas: 6 }] }]);
  });
});
