import { expect, it } from 'vitest';
import { controlPlane, deployment, type Fixture, policyFor, started } from '../../../test/builders/control-plane.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { Work } from '../../api/work.ts';
import { hasConditionStatus } from '../../kube/conditions.ts';
import type { KubeObject } from '../../kube/meta.ts';

const namespace = (name: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});
const painted: KubeObject = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'ClusterOverridePolicy',
  metadata: { name: 'paint' },
  spec: {
    resourceSelectors: [{ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }],
    overrideRules: [
      {
        targetCluster: { clusterNames: ['m2'] },
        overriders: { labelsOverrider: [{ operator: 'add', value: { tier: 'gold' } }] },
      },
    ],
  },
};

const worksIn = (plane: Fixture, cluster: string) =>
  plane.simulation.world.hub.store.list(COLLECTIONS.works, `karmada-es-${cluster}`) as unknown as readonly Work[];
const inMember = (plane: Fixture, cluster: string, name: string) =>
  plane.simulation.world.member(cluster)!.api.store.get('/namespaces', '', name);

it('goes to every cluster, but not what each has of its own, nor what is not to go', () => {
  const hidden = { 'namespace.karmada.io/skip-auto-propagation': 'True' };
  const plane = started(controlPlane({ clusters: ['m1'] }), namespace('shop'), namespace('secret', hidden));
  const manifests = worksIn(plane, 'm1').flatMap(({ spec }) => spec.workload.manifests ?? []);
  expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['Namespace shop']);
  expect(inMember(plane, 'm1', 'shop')!.metadata.labels).toMatchObject({ 'karmada.io/managed': 'true' });
  expect(inMember(plane, 'm1', 'secret')).toBeNull();
  expect(inMember(plane, 'm1', 'default')!.metadata.labels ?? {}).not.toHaveProperty('karmada.io/managed');
});

it('is left alone in a cluster that has one of its own, and says nothing of that itself', () => {
  const plane = controlPlane({ clusters: ['m1', 'm2'] });
  plane.simulation.world.member('m1')!.api.create('/namespaces', namespace('shop', { own: 'yes' }));
  started(plane, namespace('shop'));
  expect(inMember(plane, 'm1', 'shop')!.metadata.labels).toEqual({ own: 'yes' });
  // One that is there already is as good.
  expect(hasConditionStatus(worksIn(plane, 'm1')[0]!.status?.conditions, 'Applied', 'True')).toBe(true);
  for (const { metadata, spec } of worksIn(plane, 'm2')) {
    const annotations = [metadata.annotations, spec.workload.manifests![0]!.metadata.annotations];
    for (const one of annotations) expect(one ?? {}).not.toHaveProperty('work.karmada.io/conflict-resolution');
  }
});

it('tells by which cluster overrides it was made, as long as they hold', () => {
  const record = (plane: Fixture, cluster: string) =>
    worksIn(plane, cluster)[0]!.metadata.annotations?.['policy.karmada.io/applied-cluster-overrides'];
  const plane = started(controlPlane({ clusters: ['m1', 'm2'] }), namespace('shop'), painted);
  expect(inMember(plane, 'm2', 'shop')!.metadata.labels).toMatchObject({ tier: 'gold' });
  expect(record(plane, 'm1')).toBeUndefined();
  expect(JSON.parse(record(plane, 'm2')!)).toMatchObject([{ policyName: 'paint' }]);
  plane.remove(painted);
  plane.simulation.runFor(60_000);
  expect(record(plane, 'm2')).toBeUndefined();
  expect(inMember(plane, 'm2', 'shop')!.metadata.labels).not.toHaveProperty('tier');
});

it('holds what is propagated, be it the default one', () => {
  const web = deployment('web', 2);
  expect(started(controlPlane({ clusters: ['m1', 'm2'] }), web, policyFor(web)).serving('web')).toBe('m1=1 m2=1');
});
