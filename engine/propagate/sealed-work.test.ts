import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube/meta.ts';
import { sealedWork } from './sealed-work.ts';

const ID = 'work.karmada.io/permanent-id';
const LABELS_OF_HUB = 'resourcetemplate.karmada.io/managed-labels';
const ANNOTATIONS_OF_HUB = 'resourcetemplate.karmada.io/managed-annotations';

const workOf = (...manifests: unknown[]): KubeObject => ({
  apiVersion: 'work.karmada.io/v1alpha1',
  kind: 'Work',
  metadata: { name: 'mine', namespace: 'karmada-es-m1', labels: { [ID]: 'id' } },
  spec: { workload: { manifests } },
});
const manifestsIn = ({ spec }: KubeObject) => (spec as { workload: { manifests: KubeObject[] } }).workload.manifests;
const settings = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', uid: 'abc', resourceVersion: '5', labels: { app: 'web' }, finalizers: ['f'] },
  data: { a: 'b' },
  status: { x: 1 },
};

describe('a Work that somebody writes', () => {
  it('brings nothing that another server added, and bears its mark', () => {
    expect(manifestsIn(sealedWork(workOf(settings)))).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: 'c',
          labels: { app: 'web', [ID]: 'id' },
          annotations: {
            [LABELS_OF_HUB]: `app,${ID}`,
            [ANNOTATIONS_OF_HUB]: `${ANNOTATIONS_OF_HUB},${LABELS_OF_HUB}`,
          },
        },
        data: { a: 'b' },
      },
    ]);
  });

  it('is cleaned even where it cannot bear a mark', () => {
    const odd = { ...settings, metadata: { name: 'c', uid: 'abc', annotations: { x: true } } };
    expect(manifestsIn(sealedWork(workOf(odd)))).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', annotations: { x: true } }, data: { a: 'b' } },
    ]);
  });

  it('is not looked into where it bears its mark', () => {
    const once = sealedWork(workOf(settings, settings));
    expect(sealedWork(once)).toBe(once);
    const [sealed] = manifestsIn(once);
    expect(manifestsIn(sealedWork(workOf(sealed, settings)))[0]).toBe(sealed);
  });

  it.each([
    [workOf()],
    [workOf(null, 'text', {}, { metadata: { labels: 5 }, kind: 'ConfigMap' })],
    [{ ...workOf(settings), spec: 'none' }],
    [{ ...workOf(settings), kind: 'ResourceBinding' }],
    [{ ...workOf(settings), metadata: { name: 'mine' } }],
  ])('stays as it is where there is nothing that can be sealed: %j', (work) => {
    expect(sealedWork(work as KubeObject)).toEqual(work);
  });
});
