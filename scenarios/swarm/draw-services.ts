// Random services that are known beyond their cluster: by a MultiClusterService, or by exports and imports.
import type { KubeObject, Random } from '../../engine/index.ts';
import { NAMESPACE } from './draw-objects.ts';
import { type Drawn, type Ground, NOTHING, type Step, someOf, sometime } from './drawn.ts';

const MULTICLUSTER = 'multicluster.x-k8s.io';

export function drawServices(random: Random, { workloads, clusters, durationMs }: Ground): Drawn {
  const served = workloads.filter(({ sort }) => sort !== 'config' && sort !== 'job' && random.chance(2, 3));
  if (!random.chance(1, 4) || served.length === 0) return NOTHING;
  const drawn = served.map(({ name }) =>
    random.chance(1, 2) ? exposed(name, random, clusters) : exported(name, random, clusters),
  );
  const isExporting = drawn.some(({ objects }) => objects.some(({ kind }) => kind === 'ServiceExport'));
  return {
    objects: [...(isExporting ? SERVICE_KINDS : []), ...drawn.flatMap(({ objects }) => objects)],
    timeline: sometime(
      drawn.flatMap(({ timeline }) => timeline),
      random,
      durationMs,
    ),
  };
}

const PORTS = [{ name: 'http', port: 80, protocol: 'TCP' }];

const serviceOf = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: NAMESPACE },
  spec: { selector: { app: name }, ports: PORTS },
});

function exposed(name: string, random: Random, clusters: readonly string[]): Drawn {
  const named = () => someOf(clusters, random).map((cluster) => ({ name: cluster }));
  const anew = (): KubeObject => ({
    apiVersion: 'networking.karmada.io/v1alpha1',
    kind: 'MultiClusterService',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      types: ['CrossCluster'],
      ...(random.chance(3, 4) && { providerClusters: named() }),
      ...(random.chance(3, 4) && { consumerClusters: named() }),
    },
  });
  const service = serviceOf(name);
  return { objects: [service, anew()], timeline: whims(random, [service, anew()], anew) };
}

function exported(name: string, random: Random, clusters: readonly string[]): Drawn {
  const service = serviceOf(name);
  const exporting = {
    apiVersion: `${MULTICLUSTER}/v1alpha1`,
    kind: 'ServiceExport',
    metadata: { name, namespace: NAMESPACE },
  };
  const importing = {
    ...exporting,
    kind: 'ServiceImport',
    spec: { type: 'ClusterSetIP', ports: PORTS },
  };
  const anew = () => policyOf(`export-${name}`, [service, exporting], random, clusters);
  return {
    objects: [service, exporting, importing, anew(), policyOf(`import-${name}`, [importing], random, clusters)],
    timeline: whims(random, [service, exporting, importing], anew),
  };
}

/** Some of it goes, and perhaps comes again; or it is to be elsewhere. */
function whims(random: Random, objects: readonly KubeObject[], elsewhere: () => KubeObject): readonly Step[] {
  const one = random.pick(objects);
  return [
    ...(random.chance(1, 2) ? [{ apply: elsewhere() }] : []),
    ...(random.chance(1, 3) ? [{ delete: `${one.kind}/${one.metadata.name}` }] : []),
    ...(random.chance(1, 6) ? [{ apply: one }] : []),
  ];
}

const policyOf = (
  name: string,
  objects: readonly KubeObject[],
  random: Random,
  clusters: readonly string[],
): KubeObject => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name, namespace: NAMESPACE },
  spec: {
    resourceSelectors: objects.map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, name: metadata.name })),
    propagateDeps: true,
    placement: { clusterAffinity: { clusterNames: someOf(clusters, random) } },
  },
});

const definitionOf = (kind: string): KubeObject => {
  const singular = kind.toLowerCase();
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${MULTICLUSTER}` },
    spec: {
      group: MULTICLUSTER,
      scope: 'Namespaced',
      names: { plural: `${singular}s`, singular, kind, listKind: `${kind}List` },
      versions: [{ name: 'v1alpha1', served: true, storage: true, subresources: { status: {} }, schema }],
    },
  };
};

const DEFINITIONS = ['ServiceExport', 'ServiceImport'].map(definitionOf);

/** As `karmadactl` brings them: to every cluster. */
const SERVICE_KINDS: readonly KubeObject[] = [
  ...DEFINITIONS,
  {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'ClusterPropagationPolicy',
    metadata: { name: 'service-kinds' },
    spec: {
      resourceSelectors: DEFINITIONS.map(({ apiVersion, kind, metadata: { name } }) => ({ apiVersion, kind, name })),
      placement: {},
    },
  },
];
