// The Service by which what runs in a cluster finds the cluster's own API.
import type { ShownObjects } from './shown-objects.ts';

export function showApi(objects: ShownObjects, address: string, port: number): void {
  const name = 'kubernetes';
  const namespace = 'default';
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  const ports = [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port }];
  const clusterIP = '10.96.0.1';
  objects.make('/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels },
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      sessionAffinity: 'None',
      ports,
    },
    status: { loadBalancer: {} },
  });
  const own = [{ name: 'https', port, protocol: 'TCP' }];
  objects.make('discovery.k8s.io/endpointslices', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: own,
  });
  const subsets = [{ addresses: [{ ip: address }], ports: own }];
  objects.make('/endpoints', { apiVersion: 'v1', kind: 'Endpoints', metadata: { name, namespace }, subsets });
}
