// A member's EndpointSlice on its way to other clusters: kept in a Work that brings nothing, told in the hub for those who import
// the service, or sent as it is to those who consume it.
import {
  ANNOTATIONS,
  derivedServiceNameOf,
  executionSpaceOf,
  FINALIZERS,
  importedSliceNameOf,
  LABELS,
  workNameOf,
} from '../api/names.ts';
import { MULTI_CLUSTER_SERVICE, SERVICE_EXPORT } from '../api/services.ts';
import { WORK_API_VERSION, type Work } from '../api/work.ts';
import { merged } from '../base/merged.ts';
import { byText } from '../base/order.ts';
import { nameUuid } from '../kube/hash.ts';
import { isObject } from '../kube/json.ts';
import type { KubeObject, ObjectMeta } from '../kube/meta.ts';
import { without } from './fields.ts';
import { sealManifest } from './manifest.ts';

/** On an EndpointSlice: of which Service it is, and who keeps it. */
export const SERVICE_NAME = 'kubernetes.io/service-name';
export const SLICE_KEEPER = 'endpointslice.kubernetes.io/managed-by';

/** Keeps what follows from a Service and its pods, in every cluster. */
export const SERVICES_KEEPER = 'endpointslice-controller.k8s.io';

/** Keeps what consumers get. */
const DISPATCHER = 'endpointslice-dispatch-controller.karmada.io';

const KIND = 'EndpointSlice';

/** For whose sake a slice is collected. */
export interface Collector {
  readonly kind: string;
  readonly namespaceLabel: string;
  readonly nameLabel: string;
  /** Held until what was made of it elsewhere is gone. */
  readonly finalizer: string;
}

export const EXPORTS: Collector = {
  kind: SERVICE_EXPORT,
  namespaceLabel: LABELS.exportedServiceNamespace,
  nameLabel: LABELS.exportedServiceName,
  finalizer: FINALIZERS.endpointSlice,
};

export const EXPOSURES: Collector = {
  kind: MULTI_CLUSTER_SERVICE,
  namespaceLabel: LABELS.multiClusterServiceNamespace,
  nameLabel: LABELS.multiClusterServiceName,
  finalizer: FINALIZERS.endpointSliceDispatch,
};

/** Of a member's own pods, and not brought by the hub: by labels alone that does not show, since Services give theirs to their slices. */
export const isOwnSlice = ({ metadata: { labels, annotations } }: KubeObject): boolean =>
  annotations?.[ANNOTATIONS.workName] === undefined && labels?.[SLICE_KEEPER] !== DISPATCHER;

type Labelled = { readonly metadata: ObjectMeta };

const collectorsOf = ({ metadata: { labels } }: Labelled): readonly string[] =>
  (labels?.[LABELS.collectedBy] ?? '').split('.').filter((kind) => kind !== '');

export const isCollectedBy = (work: Labelled, { kind }: Collector): boolean => collectorsOf(work).includes(kind);

/** Whom a collected slice, or what was made of it, is for; null where it is for none of this collector's. */
export function serviceKeyIn({ metadata: { labels } }: Labelled, { namespaceLabel, nameLabel }: Collector) {
  const name = labels?.[nameLabel];
  return name === undefined || name === '' ? null : { namespace: labels?.[namespaceLabel] ?? '', name };
}

export const collectedWorkNameOf = ({ metadata }: KubeObject): string =>
  workNameOf(KIND, metadata.name, metadata.namespace);

/** The slice as a Work of its own cluster, which knows it already. Karmada names who collects it in any order. */
export function collectedWork(
  slice: KubeObject,
  service: string,
  cluster: string,
  collector: Collector,
  stored: Work | null,
): Work {
  const { namespace = '', uid = '' } = slice.metadata;
  const collectors = new Set([...(stored === null ? [] : collectorsOf(stored)), collector.kind]);
  const work = workOf(slice, stored, {
    name: collectedWorkNameOf(slice),
    cluster,
    source: uid,
    labels: {
      [collector.namespaceLabel]: namespace,
      [collector.nameLabel]: service,
      [LABELS.collectedBy]: [...collectors].sort(byText).join('.'),
    },
    annotations: {},
    finalizer: collector.finalizer,
  });
  return merged(work, { spec: merged(work.spec, { suspendDispatching: true }) });
}

interface WorkMarks {
  readonly name: string;
  /** In whose execution space it is. */
  readonly cluster: string;
  /** By which its id is told from that of others of its name. */
  readonly source: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizer: string;
}

/** A Work that holds one slice; what others noted on the one that is stored stays. */
function workOf(slice: KubeObject, stored: Work | null, marks: WorkMarks): Work {
  const { name, cluster, source, labels, annotations, finalizer } = marks;
  const space = executionSpaceOf(cluster);
  const id = stored?.metadata.labels?.[LABELS.workId] ?? nameUuid(`${source}/${space}/${name}`);
  const bare: Omit<Work, 'spec'> = stored ?? {
    apiVersion: WORK_API_VERSION,
    kind: 'Work',
    metadata: { name, namespace: space },
  };
  const { metadata } = bare;
  const noted = Object.keys(annotations).length > 0 && { annotations: merged(metadata.annotations, annotations) };
  return merged(bare, {
    metadata: merged(metadata, noted, {
      labels: merged(metadata.labels, { [LABELS.workId]: id }, labels),
      finalizers: [...new Set([...(metadata.finalizers ?? []), finalizer])],
    }),
    spec: { workload: { manifests: [sealManifest(slice, { namespace: space, name, id })] } },
  });
}

/** What is left of a collected slice without this collector; null where nobody else wants it. */
export function releasedWork(work: Work, collector: Collector): Work | null {
  const others = collectorsOf(work).filter((kind) => kind !== collector.kind);
  if (others.length === 0) return null;
  const labels = without(work.metadata.labels ?? {}, [collector.namespaceLabel, collector.nameLabel]);
  return merged(work, {
    metadata: merged(work.metadata, {
      labels: merged(labels as Record<string, string>, { [LABELS.collectedBy]: others.join('.') }),
      finalizers: (work.metadata.finalizers ?? []).filter((one) => one !== collector.finalizer),
    }),
  });
}

/** The slices that a collected Work keeps. */
export const slicesIn = ({ spec }: Work): readonly KubeObject[] =>
  (spec.workload.manifests ?? []).filter(({ kind }) => kind === KIND);

const contentOf = ({ apiVersion, kind, metadata: _metadata, ...content }: KubeObject) => ({
  apiVersion,
  kind,
  content,
});

/** A collected slice as the hub tells it, beside the Service that is derived from the exported one. */
export function importedSlice(slice: KubeObject, service: string, cluster: string, work: Work): KubeObject {
  const { apiVersion, kind, content } = contentOf(slice);
  return {
    apiVersion,
    kind,
    metadata: {
      name: importedSliceNameOf(slice.metadata.name, cluster),
      namespace: slice.metadata.namespace ?? '',
      labels: {
        [LABELS.workId]: work.metadata.labels?.[LABELS.workId] ?? '',
        [SERVICE_NAME]: derivedServiceNameOf(service),
      },
      annotations: {
        [ANNOTATIONS.workNamespace]: work.metadata.namespace ?? '',
        [ANNOTATIONS.workName]: work.metadata.name,
      },
    },
    ...content,
  };
}

/**
 * A collected slice as a consumer gets it, beside the Service of the same name that it has itself.
 *
 * Differs from Karmada: the Work is called by what it brings. Karmada calls it by the slice in the provider, so that slices of one name
 * from two providers take each other's place.
 */
export function dispatchedWork(
  slice: KubeObject,
  service: string,
  provider: string,
  consumer: string,
  stored: Work | null,
): Work {
  const { apiVersion, kind, content } = contentOf(slice);
  const { namespace = '' } = slice.metadata;
  const sent: KubeObject = {
    apiVersion,
    kind,
    metadata: {
      name: sentNameOf(slice, provider),
      namespace,
      labels: { [SERVICE_NAME]: service, [SLICE_KEEPER]: DISPATCHER },
      annotations: { [ANNOTATIONS.provisionCluster]: provider },
    },
    ...content,
  };
  return workOf(sent, stored, {
    name: dispatchedWorkNameOf(slice, provider),
    cluster: consumer,
    source: provider,
    labels: { [LABELS.multiClusterServiceNamespace]: namespace, [LABELS.multiClusterServiceName]: service },
    annotations: { [ANNOTATIONS.provisionCluster]: provider },
    finalizer: FINALIZERS.execution,
  });
}

const sentNameOf = ({ metadata }: KubeObject, provider: string): string => `${provider}-${metadata.name}`;

export const dispatchedWorkNameOf = (slice: KubeObject, provider: string): string =>
  workNameOf(KIND, sentNameOf(slice, provider), slice.metadata.namespace);

/** The cluster from which a dispatched slice came; null for a Work that brings none. */
export const providerIn = ({ metadata: { annotations } }: Labelled): string | null =>
  annotations?.[ANNOTATIONS.provisionCluster] ?? null;

/** Endpoints of a slice that may be asked. */
export const readyEndpoints = ({ endpoints }: KubeObject): number =>
  Array.isArray(endpoints) ? endpoints.filter(isReadyEndpoint).length : 0;

/** Where nothing is said of it, it is ready. */
const isReadyEndpoint = (endpoint: unknown): boolean =>
  isObject(endpoint) && !(isObject(endpoint.conditions) && endpoint.conditions.ready === false);
