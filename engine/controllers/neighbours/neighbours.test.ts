import { describe, expect, it } from 'vitest';
import {
  clusterObject,
  controlPlane,
  DYNAMIC,
  deployment,
  type Fixture,
  policyFor,
} from '../../../test/builders/control-plane.ts';
import { type ClusterProfile, INVENTORY, PUBLISH_ANNOTATION } from '../../api/inventory.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE } from '../../profile/profile.ts';

const web = deployment('web', 6);
const { namespace: SPACE } = INVENTORY;

const asking = (policy: KubeObject, where: string): KubeObject => ({
  ...policy,
  metadata: { ...policy.metadata, annotations: { [PUBLISH_ANNOTATION]: where } },
});

function running(policy = policyFor(web), clusters?: readonly string[]): Fixture {
  const plane = controlPlane(clusters === undefined ? {} : { clusters });
  plane.simulation.runFor(5_000);
  plane.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } });
  plane.put(web);
  plane.put(policy);
  plane.simulation.runFor(90_000);
  return plane;
}

const listed = (plane: Fixture, collection: string, namespace?: string): readonly KubeObject[] =>
  plane.simulation.world.hub.store.list(collection, namespace);

const profileOf = (plane: Fixture, name: string): ClusterProfile | null =>
  plane.simulation.world.hub.store.get(COLLECTIONS.clusterProfiles, SPACE, name) as unknown as ClusterProfile | null;

describe('cluster profiles', () => {
  it('tell of every cluster, and go with it', () => {
    const plane = running();
    plane.change(clusterObject('m1'), (object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { tier: 'gold' } },
      spec: { ...(object.spec as object), region: 'eu', zones: ['eu-a', 'eu-b'], provider: 'aws' },
    }));
    plane.simulation.runFor(30_000);
    expect(listed(plane, COLLECTIONS.clusterProfiles, SPACE).map(({ metadata }) => metadata.name)).toEqual([
      'm1',
      'm2',
      'm3',
    ]);
    const profile = profileOf(plane, 'm1')!;
    expect(profile.metadata.labels).toEqual({ tier: 'gold', [INVENTORY.managerLabel]: 'muster' });
    expect(profile.spec).toEqual({ displayName: 'm1', clusterManager: { name: 'muster' } });
    expect(profile.status?.conditions).toMatchObject([{ type: 'ControlPlaneHealthy', status: 'True' }]);
    expect(profile.status?.properties?.map(({ name, value }) => `${name}=${value}`)).toEqual([
      'cluster.clusterset.k8s.io=m1',
      'clusterset.k8s.io=muster',
      'topology.kubernetes.io/region=eu',
      'topology.kubernetes.io/zone=eu-a,eu-b',
      'muster.dev/provider=aws',
    ]);
    expect(profile.status?.accessProviders).toMatchObject([
      { name: 'secretreader', cluster: { server: 'https://m1.example' } },
    ]);
    plane.remove(clusterObject('m3'));
    plane.simulation.runFor(120_000);
    expect(profileOf(plane, 'm3')).toBeNull();
  });

  it('are written again where somebody takes them away, and left alone where they are of another manager', () => {
    const plane = running();
    const key = (name: string) => ({ collection: COLLECTIONS.clusterProfiles, namespace: SPACE, name });
    const { hub } = plane.simulation.world;
    hub.writer.delete(key('m1'), hub.now);
    hub.writer.delete(key('m2'), hub.now);
    hub.create(COLLECTIONS.clusterProfiles, {
      apiVersion: INVENTORY.apiVersion,
      kind: 'ClusterProfile',
      metadata: { name: 'm2', namespace: SPACE },
      spec: { clusterManager: { name: 'other' } },
    });
    plane.simulation.runFor(60_000);
    expect(profileOf(plane, 'm1')?.status?.conditions).toHaveLength(1);
    expect(profileOf(plane, 'm2')?.status).toBeUndefined();
  });

  it('are not written where Karmada is to be reproduced', () => {
    const plane = controlPlane({ profile: KARMADA_PROFILE });
    plane.put(web);
    plane.put(asking(policyFor(web), 'true'));
    plane.simulation.runFor(90_000);
    for (const collection of [COLLECTIONS.clusterProfiles, COLLECTIONS.placementDecisions]) {
      expect(listed(plane, collection)).toEqual([]);
    }
  });
});

describe('placement decisions', () => {
  const decided = (plane: Fixture, namespace = 'default') => ({
    names: listed(plane, COLLECTIONS.placementDecisions, namespace).map(({ metadata }) => metadata.name),
    clusters: listed(plane, COLLECTIONS.placementDecisions, namespace).flatMap(({ decisions }) =>
      (decisions as { clusterProfileRef: { name: string } }[]).map((one) => one.clusterProfileRef.name),
    ),
    ocm: listed(plane, COLLECTIONS.ocmPlacementDecisions, namespace).flatMap(({ status }) =>
      (status as { decisions: { clusterName: string }[] }).decisions.map((one) => one.clusterName),
    ),
  });

  it('are written where a policy asks for them, in both forms, and follow it', () => {
    const plane = running(asking(policyFor(web), 'true'));
    const all = { names: ['web-deployment-0'], clusters: ['m1', 'm2', 'm3'], ocm: ['m1', 'm2', 'm3'] };
    expect(decided(plane)).toEqual(all);
    const [first] = listed(plane, COLLECTIONS.placementDecisions, 'default');
    expect(first).toMatchObject({
      schedulerName: 'default-scheduler',
      metadata: { labels: { [INVENTORY.decisionKeyLabel]: 'web-deployment', [INVENTORY.placementKeyLabel]: 'web' } },
      decisions: [{ clusterProfileRef: { name: 'm1', namespace: SPACE }, reason: '2 replicas' }, {}, {}],
    });
    plane.change(policyFor(web), (object) => ({
      ...object,
      spec: { ...(object.spec as object), placement: { ...DYNAMIC, clusterAffinity: { clusterNames: ['m2'] } } },
    }));
    plane.simulation.runFor(120_000);
    expect(decided(plane)).toEqual({ names: ['web-deployment-0'], clusters: ['m2'], ocm: ['m2'] });
    plane.change(policyFor(web), (object) => ({ ...object, metadata: { ...object.metadata, annotations: {} } }));
    plane.simulation.runFor(60_000);
    expect(decided(plane)).toEqual({ names: [], clusters: [], ocm: [] });
  });

  it('go with what they tell of, and are not written unasked', () => {
    const plane = running(asking(policyFor(web), 'true'));
    plane.remove(web);
    plane.simulation.runFor(90_000);
    expect(decided(plane).names).toEqual([]);
    expect(decided(running()).names).toEqual([]);
  });

  it('are in another namespace only where a policy of the whole cluster says so', () => {
    const own = running(asking(policyFor(web), 'argocd'));
    expect([decided(own).names, decided(own, 'argocd').names]).toEqual([['web-deployment-0'], []]);
    const { metadata, ...policy } = policyFor(web);
    const wide = { ...policy, kind: 'ClusterPropagationPolicy', metadata: { name: metadata.name } };
    const other = running(asking(wide, 'argocd'));
    expect([decided(other).names, decided(other, 'argocd').names]).toEqual([[], ['default.web-deployment-0']]);
  });

  it('come in slices of a hundred', () => {
    const clusters = Array.from({ length: 101 }, (_, at) => `m${String(at).padStart(3, '0')}`);
    const plane = running(asking(policyFor(web, { clusterAffinity: {} }), 'true'), clusters);
    const { names, ocm } = decided(plane);
    expect([names, ocm.length, ocm.at(-1)]).toEqual([['web-deployment-0', 'web-deployment-1'], 101, 'm100']);
  });
});
