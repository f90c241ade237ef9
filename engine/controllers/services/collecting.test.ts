import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../kube/meta.ts';
import type { Change } from '../../store/change.ts';
import { servicesOfSlice } from './collecting.ts';

const slice = (service: string, addresses: readonly string[], resourceVersion: string): KubeObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: 'web-1',
    namespace: 'shop',
    uid: 'u',
    generation: 1,
    resourceVersion,
    labels: { 'kubernetes.io/service-name': service },
  },
  endpoints: [{ addresses }],
});

const changed = (object: KubeObject, previous: KubeObject | null): Change => ({
  type: previous === null ? 'ADDED' : 'MODIFIED',
  revision: 2,
  collection: 'discovery.k8s.io/endpointslices',
  object,
  previous,
});

describe('a slice that changes', () => {
  const before = slice('web', ['10.0.0.1'], '1');

  it('concerns its service, also where nobody has counted that', () => {
    expect(servicesOfSlice(changed(slice('web', ['10.0.0.2'], '2'), before), 'member/m1')).toEqual(['m1 shop web']);
    expect(servicesOfSlice(changed(before, null), 'member/m1')).toEqual(['m1 shop web']);
  });

  it('concerns the service that it was of as well', () => {
    const moved = servicesOfSlice(changed(slice('api', ['10.0.0.1'], '2'), before), 'member/m1');
    expect(moved).toEqual(['m1 shop api', 'm1 shop web']);
  });

  it('concerns nobody where it says the same, or is of the hub', () => {
    expect(servicesOfSlice(changed(slice('web', ['10.0.0.1'], '2'), before), 'member/m1')).toEqual([]);
    expect(servicesOfSlice(changed(before, null), 'hub')).toEqual([]);
  });
});
