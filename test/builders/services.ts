// Services over simulated clusters: what is exported, imported and exposed, and what is known of it where.
import type { KubeObject } from '../../engine/kube/meta.ts';
import { deployment, type Fixture, onlyIn, policyFor } from './control-plane.ts';

const SLICES = 'discovery.k8s.io/endpointslices';

const definition = (plural: string, kind: string): KubeObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.multicluster.x-k8s.io` },
  spec: {
    group: 'multicluster.x-k8s.io',
    names: { plural, kind },
    scope: 'Namespaced',
    versions: [{ name: 'v1alpha1', served: true, storage: true }],
  },
});

/** Each member serves what may be exported and imported. */
export function withServiceKinds(plane: Fixture): Fixture {
  for (const { api } of plane.simulation.world.members) {
    for (const one of [definition('serviceexports', 'ServiceExport'), definition('serviceimports', 'ServiceImport')]) {
      api.create('apiextensions.k8s.io/customresourcedefinitions', one);
    }
  }
  return plane;
}

export const service = (name: string, spec: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }], ...spec },
});

export const serviceExport = (name: string): KubeObject => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ServiceExport',
  metadata: { name, namespace: 'default' },
});

export const serviceImport = (name: string, spec: object = {}): KubeObject => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ServiceImport',
  metadata: { name, namespace: 'default' },
  spec: { type: 'ClusterSetIP', ports: [{ name: 'http', port: 80, protocol: 'TCP' }], ...spec },
});

const named = (policy: KubeObject, name: string): KubeObject => ({
  ...policy,
  metadata: { ...policy.metadata, name },
});

/** Policies that carry objects of one name, each of its kind, to clusters. */
export const carrying = (objects: readonly KubeObject[], clusters: readonly string[], spec: object = {}) =>
  objects.map((object) =>
    named(policyFor(object, onlyIn(...clusters), spec), `${object.metadata.name}-${object.kind.toLowerCase()}`),
  );

/** So many pods behind a Service in each of these clusters. */
export const serving = (name: string, replicas: number, clusters: readonly string[]): readonly KubeObject[] => {
  const objects = [deployment(name, replicas), service(name)];
  return [...objects, ...carrying(objects, clusters)];
};

export const exposure = (name: string, providers: readonly string[], consumers: readonly string[]): KubeObject => ({
  apiVersion: 'networking.karmada.io/v1alpha1',
  kind: 'MultiClusterService',
  metadata: { name, namespace: 'default' },
  spec: {
    types: ['CrossCluster'],
    ...(providers.length > 0 && { providerClusters: providers.map((one) => ({ name: one })) }),
    ...(consumers.length > 0 && { consumerClusters: consumers.map((one) => ({ name: one })) }),
  },
});

const endpointsOf = ({ endpoints }: KubeObject): number => (endpoints as readonly unknown[]).length;

const counted = (slices: readonly KubeObject[], name: string): number =>
  slices
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name)
    .reduce((sum, slice) => sum + endpointsOf(slice), 0);

/** Endpoints of a Service as a cluster knows them. */
export const endpointsIn = (plane: Fixture, cluster: string, name: string): number =>
  counted(plane.simulation.world.member(cluster)!.api.store.list(SLICES, 'default'), name);

/** Without those that a late write left behind there: it is others who take them away. */
export function keptEndpointsIn(plane: Fixture, cluster: string, name: string): number {
  const { hub } = plane.simulation.world;
  const slices = plane.simulation.world.member(cluster)!.api.store.list(SLICES, 'default');
  const kept = slices.filter(({ metadata: { annotations = {} } }) => {
    const work = annotations['work.karmada.io/name'];
    return work === undefined || hub.store.get('work.karmada.io/works', `karmada-es-${cluster}`, work) !== null;
  });
  return counted(kept, name);
}

/** As the hub knows them. */
export const endpointsInHub = (plane: Fixture, name: string): number =>
  counted(plane.simulation.world.hub.store.list(SLICES, 'default'), name);

export const slicesInHub = (plane: Fixture): readonly KubeObject[] =>
  plane.simulation.world.hub.store.list(SLICES, 'default');

/** Works of a cluster that have to do with services, by what they bring. */
export const worksIn = (plane: Fixture, cluster: string): readonly string[] =>
  plane.simulation.world.hub.store
    .list('work.karmada.io/works', `karmada-es-${cluster}`)
    .flatMap(({ spec }) => (spec as { workload: { manifests: KubeObject[] } }).workload.manifests)
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    .filter((text) => !text.startsWith('Namespace '));
