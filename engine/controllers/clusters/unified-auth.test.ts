// Who may go through the hub into a cluster: for them, and for nobody else, the hub may act there.
import { describe, expect, it } from 'vitest';
import { clusterObject, controlPlane, type Fixture, withSpec } from '../../../test/builders/control-plane.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { ANNOTATIONS, executionSpaceOf, LABELS } from '../../api/names.ts';
import type { TraceLine } from '../../control/trace.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../profile/profile.ts';
import { clustersBehind, guestsOf, impersonationRules } from './unified-auth/impersonation.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';
const ROLES = COLLECTIONS.clusterRoles;

const role = (name: string, ...rules: object[]): KubeObject =>
  ({ apiVersion: RBAC, kind: 'ClusterRole', metadata: { name }, rules }) as KubeObject;

const into = (...resourceNames: string[]) => ({
  apiGroups: ['cluster.karmada.io'],
  resources: ['clusters/proxy'],
  verbs: ['*'],
  ...(resourceNames.length > 0 && { resourceNames }),
});

const bound = (name: string, ...subjects: object[]): KubeObject => ({
  apiVersion: RBAC,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
  subjects: subjects as never,
});

const user = (name: string) => ({ kind: 'User', name });
const group = (name: string) => ({ kind: 'Group', name });
const account = (name: string, namespace = 'shop') => ({ kind: 'ServiceAccount', name, namespace });

const may = (resource: string, ...resourceNames: string[]) => ({
  apiGroups: [''],
  resources: [resource],
  verbs: ['impersonate'],
  resourceNames,
});

const anyOf = (resource: string) => ({ apiGroups: [''], resources: [resource], verbs: ['impersonate'] });

describe('a role', () => {
  it.each([
    ['that names clusters leads to them', [into('m1', 'm2')], ['m1', 'm2']],
    ['that names none leads to all', [into()], null],
    ['for everything leads to all', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }], null],
    ['for all ways in leads to all', [{ apiGroups: ['*'], resources: ['*/proxy'], verbs: ['*'] }], null],
    [
      'for what is in any cluster leads to all',
      [{ apiGroups: ['search.karmada.io'], resources: ['proxying/proxy'] }],
      null,
    ],
    ['for clusters alone leads to none', [{ apiGroups: ['cluster.karmada.io'], resources: ['clusters'] }], []],
    ['of another group leads to none', [{ apiGroups: [''], resources: ['clusters/proxy'] }], []],
    [
      'of several rules leads where each does',
      [into('m1'), into('m3'), { apiGroups: [''], resources: ['pods'] }],
      ['m1', 'm3'],
    ],
    ['that is damaged leads to none', ['none', { apiGroups: 5, resources: { a: 1 } }], []],
  ])('%s', (_, rules, wanted) => {
    expect(clustersBehind(role('r', ...(rules as object[])))).toEqual(wanted);
  });

  it('without rules leads to none', () => {
    expect(clustersBehind({ apiVersion: RBAC, kind: 'ClusterRole', metadata: { name: 'r' } })).toEqual([]);
  });
});

const rulesOf = (...given: Parameters<typeof guestsOf>) => impersonationRules(guestsOf(...given));

describe('the rules of a cluster', () => {
  it('name those who are bound to roles that lead there, once each and in order', () => {
    const roles = [role('one', into('m1')), role('all', into()), role('other', into('m2')), role('no')];
    const bindings = [
      bound('one', user('tom'), group('system:masters'), account('ci')),
      bound('all', user('ann'), user('tom'), user('system:serviceaccount:shop:robot'), { kind: 'Robot', name: 'r2' }),
      bound('other', user('eve')),
      bound('no', user('mallory')),
      { ...bound('all', user('spy')), roleRef: { kind: 'Role', name: 'all' } },
    ];
    expect(rulesOf('m1', roles, bindings)).toEqual([
      may('users', 'ann', 'tom'),
      may('serviceaccounts', 'ci', 'robot'),
      may('groups', 'system:masters'),
    ]);
    expect(rulesOf('m2', roles, bindings)).toEqual([
      may('users', 'ann', 'eve', 'tom'),
      may('serviceaccounts', 'robot'),
    ]);
  });

  it.each([
    ['of people', 'ops', [anyOf('users'), may('serviceaccounts', 'ci'), may('groups', 'ops')]],
    [
      'of accounts',
      'system:serviceaccounts:shop',
      [may('users', 'tom'), anyOf('serviceaccounts'), may('groups', 'system:serviceaccounts:shop')],
    ],
    [
      'of everybody',
      'system:authenticated',
      [anyOf('users'), anyOf('serviceaccounts'), may('groups', 'system:authenticated')],
    ],
  ])('are for any member of a group %s that is let in', (_, name, wanted) => {
    expect(rulesOf('m1', [role('r', into())], [bound('r', user('tom'), account('ci'), group(name))])).toEqual(wanted);
  });

  it('are none where nobody may', () => {
    expect(rulesOf('m1', [role('one', into('m1'))], [])).toEqual([]);
    expect(rulesOf('m1', [], [{ ...bound('one'), subjects: 'all' }])).toEqual([]);
  });
});

const REF = { namespace: 'karmada-cluster', name: 'm1-impersonator' };
const api = ({ simulation }: Fixture, name = 'm1') => simulation.world.member(name)!.api;
const inMember = (plane: Fixture, name = 'm1') => api(plane, name).store.get(ROLES, '', 'karmada-impersonator');
const bindingIn = (plane: Fixture) => api(plane).store.get(COLLECTIONS.clusterRoleBindings, '', 'karmada-impersonator');
const works = ({ simulation }: Fixture) =>
  simulation.world.hub.store
    .list(COLLECTIONS.works, executionSpaceOf('m1'))
    .filter(({ metadata }) => metadata.name.startsWith('karmada-impersonator'));
const refer = (plane: Fixture, impersonatorSecretRef: object | undefined) =>
  plane.change(clusterObject('m1'), withSpec({ impersonatorSecretRef }));

function impersonated(profile = MUSTER_PROFILE, pull: string[] = []) {
  const told: string[] = [];
  const trace = (line: TraceLine) => {
    if (line.type === 'step' && line.controller === 'unified-auth')
      told.push(...line.events.map(({ reason }) => reason));
  };
  const plane = controlPlane({ profile, clusters: ['m1', 'm2'], pull, trace });
  refer(plane, REF);
  plane.simulation.runFor(5_000);
  plane.put(role('into-m1', into('m1')));
  plane.put(bound('into-m1', user('tom')));
  plane.simulation.runFor(60_000);
  return { plane, told };
}

describe.each([MUSTER_PROFILE, KARMADA_PROFILE])('with the profile $name a cluster with an impersonator', (profile) => {
  it('has a role for just those who may, bound to the account', () => {
    const { plane, told } = impersonated(profile);
    expect(inMember(plane)).toMatchObject({ rules: [may('users', 'tom')] });
    expect(inMember(plane)!.metadata.labels?.[LABELS.managed]).toBe('true');
    expect(bindingIn(plane)).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'karmada-impersonator' },
      subjects: [{ kind: 'ServiceAccount', namespace: 'karmada-cluster', name: 'karmada-impersonator' }],
    });
    expect(inMember(plane, 'm2')).toBeNull();
    // When it has a place for Works, and when somebody is let in.
    expect(told).toEqual(['SyncImpersonationConfigSucceed', 'SyncImpersonationConfigSucceed']);
    const [{ metadata }] = works(plane) as [KubeObject];
    expect(metadata.ownerReferences).toMatchObject([{ kind: 'Cluster', name: 'm1', controller: true }]);
    told.length = 0;
    plane.simulation.runFor(3_600_000);
    expect(told).toEqual([]);
  });

  it('follows the roles and those who are bound to them', () => {
    const { plane } = impersonated(profile);
    plane.put(bound('into-m1', user('tom'), group('ops')));
    plane.simulation.runFor(90_000);
    expect(inMember(plane)).toMatchObject({ rules: [anyOf('users'), may('groups', 'ops')] });
    plane.put(role('into-m1', into('m2')));
    plane.simulation.runFor(90_000);
    expect(inMember(plane)!.rules).toEqual([]);
    plane.put(role('into-m1', into()));
    plane.simulation.runFor(90_000);
    expect(inMember(plane)).toMatchObject({ rules: [anyOf('users'), may('groups', 'ops')] });
    plane.remove(bound('into-m1'));
    plane.simulation.runFor(90_000);
    expect(inMember(plane)!.rules).toEqual([]);
    plane.put(bound('into-m1', user('ann')));
    plane.remove(role('into-m1'));
    plane.simulation.runFor(90_000);
    expect(inMember(plane)!.rules).toEqual([]);
  });
});

describe('what grants it', () => {
  it('takes the place of what joining had granted to all', () => {
    const plane = controlPlane({ clusters: ['m1'] });
    api(plane).create(ROLES, role('karmada-impersonator', { ...may('users'), resourceNames: undefined }));
    refer(plane, REF);
    plane.put(role('into-m1', into('m1')));
    plane.put(bound('into-m1', user('tom')));
    plane.simulation.runFor(60_000);
    expect(inMember(plane)).toMatchObject({ rules: [may('users', 'tom')] });
    expect(inMember(plane)!.metadata.annotations?.[ANNOTATIONS.workNamespace]).toBe(executionSpaceOf('m1'));
  });

  it('is made again, put right, and found by a start of everything', () => {
    const { plane } = impersonated();
    plane.remove(works(plane)[0]!);
    plane.simulation.runFor(120_000);
    expect(works(plane)).toHaveLength(2);
    expect(inMember(plane)).toMatchObject({ rules: [may('users', 'tom')] });
    plane.simulation.inject({ fault: 'restart', name: 'controller-manager' });
    plane.put(bound('into-m1', user('ann')));
    plane.simulation.runFor(120_000);
    expect(inMember(plane)).toMatchObject({ rules: [may('users', 'ann')] });
  });

  it('comes when the member can be reached again', () => {
    const { plane } = impersonated();
    plane.simulation.inject({ fault: 'partition', between: [['hub'], ['member/m1']] });
    plane.put(bound('into-m1', user('ann')));
    plane.simulation.runFor(300_000);
    expect(inMember(plane)).toMatchObject({ rules: [may('users', 'tom')] });
    plane.simulation.heal();
    plane.simulation.runFor(300_000);
    expect(inMember(plane)).toMatchObject({ rules: [may('users', 'ann')] });
  });

  it.each([
    ['no impersonator any more', undefined],
    ['none but the hub itself', { namespace: 'karmada-cluster', name: 'm1' }],
  ])('goes from a cluster that has %s', (_, ref) => {
    const { plane } = impersonated();
    plane.change(clusterObject('m1'), withSpec({ secretRef: { namespace: 'karmada-cluster', name: 'm1' } }));
    refer(plane, ref);
    plane.simulation.runFor(120_000);
    expect([works(plane), inMember(plane), bindingIn(plane)]).toEqual([[], null, null]);
  });

  it('goes with the cluster', () => {
    const { plane } = impersonated();
    plane.remove(clusterObject('m1'));
    plane.simulation.runFor(300_000);
    expect([works(plane), inMember(plane)]).toEqual([[], null]);
    expect(plane.simulation.world.hub.store.get(COLLECTIONS.clusters, '', 'm1')).toBeNull();
  });

  it('comes by the agent of a cluster that pulls', () => {
    const { plane } = impersonated(MUSTER_PROFILE, ['m1']);
    expect(inMember(plane)).toMatchObject({ rules: [may('users', 'tom')] });
  });

  it('is not made where nobody is impersonated', () => {
    const plane = controlPlane({ clusters: ['m1'] });
    plane.put(role('into-m1', into('m1')));
    plane.put(bound('into-m1', user('tom')));
    plane.simulation.runFor(60_000);
    expect(works(plane)).toEqual([]);
  });
});
