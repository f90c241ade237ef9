// What a member has from somebody else, of this control plane or of another: who may take it over, who may take it away, and what is
// left as it is.
import { describe, expect, it } from 'vitest';
import { controlPlane, type Fixture, onlyIn, policyFor } from '../../../test/builders/control-plane.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { ANNOTATIONS, executionSpaceOf, LABELS, workNameOf } from '../../api/names.ts';
import { WORK_CONDITIONS, type Work } from '../../api/work.ts';
import { findCondition } from '../../kube/conditions.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../profile/profile.ts';

const PROFILES = [KARMADA_PROFILE, MUSTER_PROFILE] as const;

const settings = (value: string, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'default', ...metadata },
  data: { value },
});

const workOf = (name: string, ...manifests: KubeObject[]): KubeObject => ({
  apiVersion: 'work.karmada.io/v1alpha1',
  kind: 'Work',
  metadata: { name, namespace: executionSpaceOf('m1') },
  spec: { workload: { manifests } },
});

const OURS = workNameOf('ConfigMap', 'settings', 'default');

const marksOf = (space: string, name: string) => ({
  labels: { [LABELS.managed]: 'true' },
  annotations: { [ANNOTATIONS.workNamespace]: space, [ANNOTATIONS.workName]: name },
});

const memberApi = ({ simulation }: Fixture) => simulation.world.member('m1')!.api;

const there = (plane: Fixture) => memberApi(plane).store.get('/configmaps', 'default', 'settings');

const ownerOf = (plane: Fixture) => there(plane)?.metadata.annotations?.[ANNOTATIONS.workName];

function applied({ simulation }: Fixture, name: string) {
  const work = simulation.world.hub.store.get(COLLECTIONS.works, executionSpaceOf('m1'), name);
  return findCondition((work as unknown as Work | null)?.status?.conditions, WORK_CONDITIONS.applied);
}

const begun = (profile = MUSTER_PROFILE): Fixture => {
  const plane = controlPlane({ profile, clusters: ['m1'] });
  plane.simulation.runFor(5_000);
  return plane;
};

function propagated(plane: Fixture): Fixture {
  plane.put(settings('hub'));
  plane.put(policyFor(settings('hub'), onlyIn('m1')));
  plane.simulation.runFor(60_000);
  return plane;
}

const FOREIGN = [
  ['a cluster of another name', executionSpaceOf('old')],
  ['another control plane', executionSpaceOf('m1')],
] as const;

describe.each(PROFILES)('with the profile $name', (profile) => {
  it.each(FOREIGN)('what came by the Work of %s is gone on with, without being told to', (_, space) => {
    const plane = begun(profile);
    memberApi(plane).create('/configmaps', settings('old', marksOf(space, 'settings-x')));
    propagated(plane);
    expect(there(plane)).toMatchObject({ data: { value: 'hub' } });
    expect(ownerOf(plane)).toBe(OURS);
    expect(applied(plane, OURS)).toMatchObject({ status: 'True' });
    plane.remove(settings('hub'));
    plane.simulation.runFor(60_000);
    expect(there(plane)).toBeNull();
  });

  it('what nobody brought is left alone', () => {
    const plane = begun(profile);
    memberApi(plane).create('/configmaps', settings('theirs'));
    propagated(plane);
    expect(there(plane)).toMatchObject({ data: { value: 'theirs' } });
    expect(applied(plane, OURS)).toMatchObject({ status: 'False', reason: 'AppliedFailed' });
  });

  it('two Works of one object do not take it from each other, and the one that lost it says so', () => {
    const plane = begun(profile);
    plane.put(workOf('by-hand', settings('hand')));
    plane.simulation.runFor(30_000);
    expect(ownerOf(plane)).toBe('by-hand');
    propagated(plane);
    expect(there(plane)).toMatchObject({ data: { value: 'hub' } });
    const { resourceVersion } = there(plane)!.metadata;
    plane.simulation.runFor(600_000);
    expect(there(plane)!.metadata.resourceVersion).toBe(resourceVersion);
    expect(applied(plane, OURS)).toMatchObject({ status: 'True' });
    const lost = `ConfigMap settings has been taken over by the Work ${executionSpaceOf('m1')}/${OURS}`;
    expect(applied(plane, 'by-hand')).toMatchObject({ status: 'False' });
    expect(applied(plane, 'by-hand')!.message).toContain(lost);
  });

  it('who has lost it brings it again when it is gone', () => {
    const plane = begun(profile);
    plane.put(workOf('by-hand', settings('hand')));
    plane.simulation.runFor(30_000);
    propagated(plane);
    plane.remove(settings('hub'));
    plane.simulation.runFor(60_000);
    expect(there(plane)).toMatchObject({ data: { value: 'hand' } });
    expect(applied(plane, 'by-hand')).toMatchObject({ status: 'True' });
  });

  it('a start of everything leaves one owner', () => {
    const plane = begun(profile);
    plane.put(workOf('by-hand', settings('hand')));
    plane.simulation.runFor(30_000);
    propagated(plane);
    plane.simulation.inject({ fault: 'restart', name: 'controller-manager' });
    plane.simulation.runFor(120_000);
    const { resourceVersion } = there(plane)!.metadata;
    plane.simulation.runFor(600_000);
    expect(there(plane)!.metadata.resourceVersion).toBe(resourceVersion);
  });
});

it.each([
  { profile: KARMADA_PROFILE, goes: true },
  { profile: MUSTER_PROFILE, goes: false },
])('with the profile $profile.name what another Work took over goes with the first: $goes', ({ profile, goes }) => {
  const plane = begun(profile);
  plane.put(workOf('by-hand', settings('hand')));
  plane.simulation.runFor(30_000);
  propagated(plane);
  const { uid } = there(plane)!.metadata;
  plane.remove(workOf('by-hand'));
  plane.simulation.runFor(60_000);
  // Whoever has it now makes it anew.
  expect(there(plane)?.metadata.uid !== uid).toBe(goes);
  expect(ownerOf(plane)).toBe(OURS);
});

it.each([
  { profile: KARMADA_PROFILE, status: 'False' },
  { profile: MUSTER_PROFILE, status: 'True' },
])(
  'with the profile $profile.name a namespace that a member has of its own will do: $status',
  ({ profile, status }) => {
    const plane = begun(profile);
    const shop: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    memberApi(plane).create('/namespaces', shop);
    plane.put(shop);
    plane.simulation.runFor(60_000);
    expect(applied(plane, workNameOf('Namespace', 'shop', undefined))).toMatchObject({ status });
    expect(memberApi(plane).store.get('/namespaces', '', 'shop')!.metadata.labels?.[LABELS.managed]).toBeUndefined();
  },
);

it.each([
  { profile: KARMADA_PROFILE, left: false },
  { profile: MUSTER_PROFILE, left: true },
])("with the profile $profile.name another control plane's namespace is left to it: $left", ({ profile, left }) => {
  const plane = begun(profile);
  const shop: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  const marks = marksOf(executionSpaceOf('old'), 'shop-x');
  memberApi(plane).create('/namespaces', { ...shop, metadata: { name: 'shop', ...marks } });
  plane.put(shop);
  plane.simulation.runFor(60_000);
  const name = workNameOf('Namespace', 'shop', undefined);
  expect(applied(plane, name)).toMatchObject({ status: 'True' });
  plane.remove(shop);
  plane.simulation.runFor(60_000);
  expect(memberApi(plane).store.get('/namespaces', '', 'shop') !== null).toBe(left);
});

it("what bears another fleet's marks and is wanted by nobody here is not taken away", () => {
  const plane = propagated(begun());
  const stranger = { ...settings('theirs', marksOf(executionSpaceOf('old'), 'x')) };
  memberApi(plane).create('/configmaps', { ...stranger, metadata: { ...stranger.metadata, name: 'theirs' } });
  const ours = { ...settings('late', marksOf(executionSpaceOf('m1'), 'x')) };
  memberApi(plane).create('/configmaps', { ...ours, metadata: { ...ours.metadata, name: 'late' } });
  plane.simulation.runFor(300_000);
  const names = memberApi(plane)
    .store.list('/configmaps')
    .map(({ metadata }) => metadata.name);
  expect(names).toEqual(['settings', 'theirs']);
});

describe('what is left behind on purpose', () => {
  const clusterPolicyFor = ({ apiVersion, kind, metadata: { name } }: KubeObject): KubeObject => ({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'ClusterPropagationPolicy',
    metadata: { name: 'everywhere' },
    spec: {
      resourceSelectors: [{ apiVersion, kind, name }],
      placement: onlyIn('m1'),
      preserveResourcesOnDeletion: true,
    },
  });
  const reader: KubeObject = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'reader', labels: { app: 'shop' } },
    rules: [],
  };
  const labelled = settings('hub', { labels: { app: 'shop' } });

  it.each([
    ['a policy', labelled, policyFor(labelled, onlyIn('m1'), { preserveResourcesOnDeletion: true })],
    ['a cluster policy, of a namespace', labelled, clusterPolicyFor(labelled)],
    ['a cluster policy, of none', reader, clusterPolicyFor(reader)],
  ])('bears no mark and no claim: of %s', (_, object, policy) => {
    const plane = begun();
    plane.put(object);
    plane.put(policy);
    plane.simulation.runFor(30_000);
    const inMember = () => {
      const collection = object.kind === 'ClusterRole' ? 'rbac.authorization.k8s.io/clusterroles' : '/configmaps';
      return memberApi(plane).store.get(collection, object.metadata.namespace ?? '', object.metadata.name)!;
    };
    expect(inMember().metadata.labels?.[LABELS.managed]).toBe('true');
    plane.remove(object);
    plane.simulation.runFor(60_000);
    expect(inMember().metadata.labels).toEqual({ app: 'shop' });
    expect(inMember().metadata.annotations).toBeUndefined();
  });

  it('holds up nobody when it has gone already', () => {
    const plane = begun();
    plane.put(labelled);
    plane.put(policyFor(labelled, onlyIn('m1'), { preserveResourcesOnDeletion: true, suspension: null }));
    plane.simulation.runFor(30_000);
    plane.put(
      policyFor(labelled, onlyIn('m1'), { preserveResourcesOnDeletion: true, suspension: { dispatching: true } }),
    );
    plane.simulation.runFor(30_000);
    const key = { collection: '/configmaps', namespace: 'default', name: 'settings' };
    memberApi(plane).writer.delete(key, plane.simulation.now);
    plane.remove(labelled);
    plane.simulation.runFor(120_000);
    expect(plane.simulation.world.hub.store.get(COLLECTIONS.works, executionSpaceOf('m1'), OURS)).toBeNull();
  });
});
