import { describe, expect, it } from 'vitest';
import { overrideOf, placedBy, policyOf, refusedAt, selector } from '../../../test/builders/admitted.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { admit } from './admit.ts';

const warnedAt = (object: KubeObject) => admit(object, 0).warnings.map(({ path }) => path);
const divided = { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' };
const inCluster = (clusterAffinity: object) => placedBy({ clusterAffinity });
const tolerating = (toleration: object) => placedBy({ clusterTolerations: [toleration] });
const AFFINITY = 'spec.placement.clusterAffinity';

describe('a selector that cannot be used', () => {
  const bad = { matchExpressions: [{ key: 'a', operator: 'In' }] };

  it.each([
    [bad],
    [{ matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] }],
    [{ matchExpressions: [{ key: 'a', operator: 'Like', values: ['b'] }] }],
    [{ matchLabels: { 'a b': 'c' } }],
  ])('of labels is taken, and told: %j', (labelSelector) => {
    for (const [object, path] of [
      [inCluster({ labelSelector }), `${AFFINITY}.labelSelector`],
      [
        policyOf({ resourceSelectors: [{ ...selector, name: '', labelSelector }] }),
        'spec.resourceSelectors[0].labelSelector',
      ],
      [overrideOf({ targetCluster: { labelSelector } }), 'spec.targetCluster.labelSelector'],
    ] as const) {
      expect([refusedAt(object), warnedAt(object)]).toEqual([[], [path]]);
    }
  });

  it('of fields is taken, and told', () => {
    const fields = (operator: string) =>
      inCluster({ fieldSelector: { matchExpressions: [{ key: 'region', operator }] } });
    expect([refusedAt(fields('In')), warnedAt(fields('In'))]).toEqual([
      [],
      [`${AFFINITY}.fieldSelector.matchExpressions[0].values`],
    ]);
    expect([refusedAt(fields('NotIn')), warnedAt(fields('NotIn'))]).toEqual([[], []]);
    expect(refusedAt(fields('Exists'))).toEqual([`${AFFINITY}.fieldSelector.matchExpressions[0].operator`]);
  });

  it('of resources is not looked at beside a name', () => {
    expect(warnedAt(policyOf({ resourceSelectors: [{ ...selector, labelSelector: bad }] }))).toEqual([]);
  });
});

describe('names of clusters', () => {
  it('may be such as no cluster has', () => {
    const named = inCluster({ clusterNames: ['Member1', 'm1'], exclude: ['a_b'] });
    expect([refusedAt(named), warnedAt(named)]).toEqual([
      [],
      [`${AFFINITY}.clusterNames[0]`, `${AFFINITY}.exclude[0]`],
    ]);
  });
});

describe('a toleration', () => {
  it.each([
    { effect: 'NoSchedule', operator: 'Exists', tolerationSeconds: 0 },
    { key: 'a', operator: 'Exists', value: 'b' },
    { key: 'a b', operator: 'Exists' },
    { key: 'a', tolerationSeconds: -5 },
  ])('is taken as it is: %j', (toleration) => {
    expect([refusedAt(tolerating(toleration)), warnedAt(tolerating(toleration))]).toEqual([[], []]);
  });

  it('that means something else than it seems to is told', () => {
    const place = 'spec.placement.clusterTolerations[0]';
    for (const [toleration, path] of [
      [{ operator: 'Equal', value: 'b' }, place],
      [{ key: 'a', operator: 'Like' }, `${place}.operator`],
      [{ key: 'a', effect: 'Never' }, `${place}.effect`],
    ] as const) {
      expect([refusedAt(tolerating(toleration)), warnedAt(tolerating(toleration))]).toEqual([[], [path]]);
    }
  });

  it('compares no numbers', () => {
    for (const operator of ['Lt', 'Gt']) {
      expect(refusedAt(tolerating({ key: 'a', operator, value: '1' }))).toEqual([
        'spec.placement.clusterTolerations[0].operator',
      ]);
    }
  });
});

describe('groups of clusters', () => {
  const term = (affinityName: string, ...tiers: string[]) => ({
    affinityName,
    clusterNames: ['m1'],
    overflowAffinities: tiers.map((name) => ({ affinityName: name, clusterNames: ['m2'] })),
  });
  const grouped = (...clusterAffinities: object[]) => placedBy({ replicaScheduling: divided, clusterAffinities });
  const PLACE = 'spec.placement.clusterAffinities';

  it('have names that are qualified', () => {
    expect(refusedAt(grouped(term('a b!')))).toEqual([`${PLACE}[0].affinityName`]);
    expect(refusedAt(grouped(term('example.com/a_B')))).toEqual([]);
  });

  it('have tiers of names that are their own', () => {
    expect(refusedAt(grouped(term('a', 'x', 'x')))).toEqual([`${PLACE}[0].overflowAffinities[1].affinityName`]);
    expect(refusedAt(grouped(term('a', 'a')))).toEqual([`${PLACE}[0].overflowAffinities[0].affinityName`]);
    expect(refusedAt(grouped(term('a', 'x'), term('b', 'x', 'a')))).toEqual([]);
    expect(refusedAt(grouped(term('a'), term('a')))).toEqual([`${PLACE}[1].affinityName`]);
  });
});

describe('what is empty or odd, and means nothing', () => {
  it.each([
    policyOf({ resourceSelectors: [{ apiVersion: '', kind: '' }] }),
    policyOf({ schedulePriority: { priorityClassSource: 'KubePriorityClass', priorityClassName: '' } }),
    placedBy({ spreadConstraints: [{ spreadByLabel: 'a b', maxGroups: 1 }] }),
  ])('is taken: $spec', (object) => expect(refusedAt(object)).toEqual([]));
});

describe('the placement of a binding that somebody writes', () => {
  const bound = (placement: unknown): KubeObject => ({
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    metadata: { name: 'b', namespace: 'shop' },
    spec: { resource: { ...selector, namespace: 'shop' }, placement },
  });

  it('is held to its schema, and to nothing that policies are held to', () => {
    expect(refusedAt(bound({ clusterAffinity: {}, clusterAffinities: [] }))).toEqual([]);
    expect(refusedAt(bound({ spreadConstraints: [{ spreadByField: 'region', maxGroups: 2 }] }))).toEqual([]);
    expect(refusedAt(bound({ spreadConstraints: [{ spreadByField: 'planet' }] }))).toEqual([
      'spec.placement.spreadConstraints[0].spreadByField',
    ]);
  });
});
