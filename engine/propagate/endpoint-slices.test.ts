import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LABELS } from '../api/names.ts';
import type { Work } from '../api/work.ts';
import type { KubeObject } from '../kube/meta.ts';
import {
  collectedWork,
  dispatchedWork,
  dispatchedWorkNameOf,
  EXPORTS,
  EXPOSURES,
  importedSlice,
  isCollectedBy,
  isOwnSlice,
  providerIn,
  readyEndpoints,
  releasedWork,
  serviceKeyIn,
  slicesIn,
} from './endpoint-slices.ts';

const slice = (more: Partial<KubeObject> = {}): KubeObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: 'web-abcde',
    generateName: 'web-',
    namespace: 'shop',
    uid: 'u',
    labels: { 'kubernetes.io/service-name': 'web', 'karmada.io/managed': 'true' },
  },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: true } }],
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  ...more,
});

const collected = (): Work => collectedWork(slice(), 'web', 'm1', EXPORTS, null);

describe('a collected slice', () => {
  it('is a Work that nobody carries out', () => {
    const work = collected();
    expect(work).toMatchObject({
      metadata: { namespace: 'karmada-es-m1', name: expect.stringMatching(/^web-abcde-/) },
      spec: { suspendDispatching: true },
    });
    expect(slicesIn(work)[0]).toMatchObject({ endpoints: slice().endpoints, ports: slice().ports });
    expect(serviceKeyIn(work, EXPORTS)).toEqual({ namespace: 'shop', name: 'web' });
    expect(serviceKeyIn(work, EXPOSURES)).toBeNull();
  });

  it('is the same for the same, and stays what it is', () => {
    expect(collected()).toEqual(collected());
    const stored = { ...collected(), metadata: { ...collected().metadata, uid: 'w', resourceVersion: '7' } };
    expect(collectedWork(slice(), 'web', 'm1', EXPORTS, stored)).toEqual(stored);
  });

  it('may be for two, and is let go of by the last', () => {
    const both = collectedWork(slice(), 'web', 'm1', EXPOSURES, collected());
    expect([isCollectedBy(both, EXPORTS), isCollectedBy(both, EXPOSURES)]).toEqual([true, true]);
    expect(both.metadata.labels![LABELS.collectedBy]).toBe('MultiClusterService.ServiceExport');
    expect(both.metadata.finalizers).toEqual([EXPORTS.finalizer, EXPOSURES.finalizer]);
    const left = releasedWork(both, EXPORTS)!;
    expect([serviceKeyIn(left, EXPORTS), serviceKeyIn(left, EXPOSURES)]).toEqual([
      null,
      { namespace: 'shop', name: 'web' },
    ]);
    expect(left.metadata.finalizers).toEqual([EXPOSURES.finalizer]);
    expect(releasedWork(left, EXPOSURES)).toBeNull();
  });

  it('is told in the hub under a name of its own, with nothing else of its cluster’s', () => {
    const work = collected();
    expect(importedSlice(slicesIn(work)[0]!, 'web', 'm1', work)).toEqual({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: 'imported-m1-web-abcde',
        namespace: 'shop',
        labels: {
          'kubernetes.io/service-name': 'derived-web',
          'work.karmada.io/permanent-id': work.metadata.labels![LABELS.workId],
        },
        annotations: { 'work.karmada.io/namespace': 'karmada-es-m1', 'work.karmada.io/name': work.metadata.name },
      },
      addressType: 'IPv4',
      endpoints: slice().endpoints,
      ports: slice().ports,
    });
  });

  it('goes to a consumer as a slice of the Service there, and is no own slice of it', () => {
    const work = dispatchedWork(slicesIn(collected())[0]!, 'web', 'm1', 'm3', null);
    const sent = slicesIn(work)[0]!;
    expect(work.metadata).toMatchObject({ namespace: 'karmada-es-m3', name: dispatchedWorkNameOf(slice(), 'm1') });
    expect([sent.metadata.name, providerIn(work)]).toEqual(['m1-web-abcde', 'm1']);
    expect(sent.metadata.labels).toMatchObject({ 'kubernetes.io/service-name': 'web' });
    expect([isOwnSlice(sent), isOwnSlice(slice())]).toEqual([false, true]);
    const brought = { name: 'imported-m1-web', annotations: { 'work.karmada.io/name': 'x' } };
    expect(isOwnSlice(slice({ metadata: brought }))).toBe(false);
  });
});

describe('names of dispatched Works', () => {
  it('are others for other providers and other slices', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
    fc.assert(
      fc.property(name, name, name, name, (provider, one, other, slice2) => {
        const named = (text: string) => slice({ metadata: { name: text, namespace: 'shop' } });
        fc.pre(provider !== other || one !== slice2);
        return dispatchedWorkNameOf(named(one), provider) !== dispatchedWorkNameOf(named(slice2), other);
      }),
    );
  });
});

describe('endpoints that may be asked', () => {
  it('are those that do not say otherwise', () => {
    const endpoints = [
      { conditions: { ready: false } },
      { conditions: {} },
      {},
      { conditions: { ready: true } },
      'odd',
    ];
    expect(readyEndpoints(slice({ endpoints }))).toBe(3);
    expect(readyEndpoints(slice({ endpoints: null }))).toBe(0);
  });
});
