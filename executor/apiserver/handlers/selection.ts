// Which objects a list, a watch or a deletion means: label and field selectors read from the query.
import {
  badRequest,
  type FieldTerm,
  type KubeObject,
  type LabelTerm,
  matchesFields,
  matchesLabels,
  parseFieldSelector,
  parseLabelSelector,
} from '../../../engine/index.ts';
import type { Resource } from '../resource.ts';
import { read } from '../resources/cells.ts';

/** Selectable fields beside name and namespace, as paths; a path after an equals sign is where the value is found. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '/pods': [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  '/nodes': ['spec.unschedulable'],
  '/namespaces': ['status.phase'],
  '/secrets': ['type'],
  '/services': ['spec.clusterIP', 'spec.type'],
  '/replicationcontrollers': ['status.replicas'],
  '/events': [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent=reportingComponent',
    'source=source.component',
    'type',
  ],
  'apps/replicasets': ['status.replicas'],
  'batch/jobs': ['status.successful=status.succeeded'],
  'certificates.k8s.io/certificatesigningrequests': ['spec.signerName'],
};

/** The events group names the same fields in its own way. */
const EVENT_NAMES: Readonly<Record<string, string>> = {
  'regarding.kind': 'involvedObject.kind',
  'regarding.namespace': 'involvedObject.namespace',
  'regarding.name': 'involvedObject.name',
  'regarding.uid': 'involvedObject.uid',
  'regarding.apiVersion': 'involvedObject.apiVersion',
  'regarding.resourceVersion': 'involvedObject.resourceVersion',
  'regarding.fieldPath': 'involvedObject.fieldPath',
  reportingController: 'reportingComponent',
};

export interface Selection {
  readonly labels: readonly LabelTerm[];
  readonly fields: readonly FieldTerm[];
  readonly matches: (object: KubeObject) => boolean;
}

export function readSelection(query: URLSearchParams, resource: Resource, name: string | null = null): Selection {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  if (!labels.ok) throw badRequest(labels.why);
  const parsed = parseFieldSelector(query.get('fieldSelector') ?? '');
  if (!parsed.ok) throw badRequest(parsed.why);
  const readers = new Map<string, (object: KubeObject) => string>();
  for (const { field } of parsed.terms) readers.set(field, readerOf(field, resource));
  const terms = name === null ? parsed.terms : [...parsed.terms, { field: 'metadata.name', equal: true, value: name }];
  return {
    labels: labels.terms,
    fields: terms,
    matches: (object) =>
      matchesLabels(labels.terms, object.metadata.labels) &&
      matchesFields(terms, (field) =>
        field === 'metadata.name' ? object.metadata.name : (readers.get(field)?.(object) ?? ''),
      ),
  };
}

function readerOf(field: string, resource: Resource): (object: KubeObject) => string {
  if (field === 'metadata.name') return (object) => object.metadata.name;
  if (field === 'metadata.namespace' && (resource.namespaced || resource.custom === null)) {
    return (object) => object.metadata.namespace ?? '';
  }
  const own = resource.custom?.selectable;
  if (own !== undefined) {
    const path = own.get(field);
    if (path !== undefined) return (object) => textOf(read(object, path));
    throw badRequest(`field label not supported: ${field}`);
  }
  const known = FIELDS[resource.collection];
  if (known === undefined) {
    throw badRequest(`"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
  }
  const wanted = resource.group === 'events.k8s.io' ? (EVENT_NAMES[field] ?? field) : field;
  const entry = known.find((one) => one.split('=')[0] === wanted);
  if (entry === undefined) throw badRequest(`field label not supported: ${field}`);
  const path = entry.split('=')[1] ?? entry;
  return (object) => textOf(read(resource.toStored(object), path), path);
}

function textOf(value: unknown, path = ''): string {
  if (value === undefined || value === null) {
    return path === 'spec.unschedulable' || path === 'spec.hostNetwork' ? 'false' : '';
  }
  return String(value);
}
