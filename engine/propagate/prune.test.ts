import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube/meta.ts';
import { pruneManifest } from './prune.ts';

const of = (kind: string, fields: object = {}, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x', namespace: 'shop', ...metadata },
  ...fields,
});

describe('pruned manifest', () => {
  it('has nothing left of what the server added, and everything else', () => {
    const stored = of(
      'ConfigMap',
      { data: { a: '1' }, status: { phase: 'x' } },
      {
        labels: { app: 'x' },
        annotations: { note: 'n' },
        creationTimestamp: '2026-01-01T00:00:00Z',
        deletionTimestamp: '2026-01-01T00:00:00Z',
        deletionGracePeriodSeconds: 3,
        generation: 2,
        managedFields: [],
        resourceVersion: '7',
        selfLink: '/x',
        uid: 'u',
        ownerReferences: [],
        finalizers: ['f'],
      },
    );
    expect(pruneManifest(stored)).toEqual(
      of('ConfigMap', { data: { a: '1' } }, { labels: { app: 'x' }, annotations: { note: 'n' } }),
    );
    expect(stored.metadata.uid).toBe('u');
  });

  it('has the address of a Service only when it is meant to have none', () => {
    const spec = { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], type: 'ClusterIP' };
    expect(pruneManifest(of('Service', { spec })).spec).toEqual({ type: 'ClusterIP' });
    const headless = { clusterIP: 'None', clusterIPs: ['None'] };
    expect(pruneManifest(of('Service', { spec: headless })).spec).toEqual(headless);
  });

  it('has no generated selector of a Job, but one chosen by hand, and never a time to live', () => {
    const labels = { 'controller-uid': 'u', 'batch.kubernetes.io/job-name': 'x', app: 'x' };
    const spec = {
      ttlSecondsAfterFinished: 9,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } },
      template: { metadata: { labels } },
    };
    expect(pruneManifest(of('Job', { spec })).spec).toEqual({
      selector: { matchLabels: {} },
      template: { metadata: { labels: { app: 'x' } } },
    });
    const { ttlSecondsAfterFinished: _, ...kept } = spec;
    expect(pruneManifest(of('Job', { spec: { ...spec, manualSelector: true } })).spec).toEqual({
      ...kept,
      manualSelector: true,
    });
  });

  it('has no token that the hub made for a service account', () => {
    const annotations = {
      'kubernetes.io/service-account.uid': 'u',
      'kubernetes.io/service-account.name': 'a',
    };
    const token = of('Secret', { type: 'kubernetes.io/service-account-token', data: { token: 't' } }, { annotations });
    const pruned = pruneManifest(token);
    expect(pruned).not.toHaveProperty('data');
    expect(pruned.metadata.annotations).toEqual({ 'kubernetes.io/service-account.name': 'a' });
    const opaque = of('Secret', { type: 'Opaque', data: { a: 'b' } });
    expect(pruneManifest(opaque)).toEqual(opaque);
    const secrets = [{ name: 'x-token-abcde' }, { name: 'mine' }];
    expect(pruneManifest(of('ServiceAccount', { secrets })).secrets).toEqual([{ name: 'mine' }]);
  });

  it('has no node that the hub chose for a claim, and no revision of a Deployment', () => {
    const node = { 'volume.kubernetes.io/selected-node': 'n1', keep: 'k' };
    expect(pruneManifest(of('PersistentVolumeClaim', {}, { annotations: node })).metadata.annotations).toEqual({
      keep: 'k',
    });
    const revision = { 'deployment.kubernetes.io/revision': '3', keep: 'k' };
    expect(pruneManifest(of('Deployment', {}, { annotations: revision })).metadata.annotations).toEqual({ keep: 'k' });
  });

  it('stays as it is when it is pruned again', () => {
    const spec = { clusterIP: '10.0.0.1', ports: [{ port: 80 }] };
    const once = pruneManifest(of('Service', { spec }, { uid: 'u' }));
    expect(pruneManifest(once)).toEqual(once);
  });

  it('refuses a Job that an override has made unreadable', () => {
    expect(() => pruneManifest(of('Job', { spec: { parallelism: '3' } }))).toThrow('spec.parallelism must be');
    expect(() => pruneManifest(of('Job', { spec: { suspend: 'no' } }))).toThrow('spec.suspend must be');
  });
});
