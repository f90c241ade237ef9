// Services over clusters: whoever may ask for one knows the endpoints of all others that have it, and of nothing else.
import { COLLECTIONS } from '../../api/kinds.ts';
import { ANNOTATIONS, derivedFrom, executionSpaceOf } from '../../api/names.ts';
import type { MultiClusterService } from '../../api/services.ts';
import { WORK_CONDITIONS, type Work } from '../../api/work.ts';
import { hasConditionStatus } from '../../kube/conditions.ts';
import { canonicalJson, isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import {
  EXPOSURES,
  providerIn,
  SERVICE_NAME,
  SERVICES_KEEPER,
  SLICE_KEEPER,
  serviceKeyIn,
} from '../../propagate/endpoint-slices.ts';
import type { Member } from '../member/member.ts';
import type { World } from '../world.ts';
import { isStanding } from './standing.ts';
import { nameOf, type Violation, violation } from './violation.ts';

/** Where the hub knows of MultiClusterServices at all. */
export const exposureViolations = (world: World): readonly Violation[] =>
  world.hub.store
    .list(COLLECTIONS.multiClusterServices)
    .flatMap((object) => violationsOf(object as unknown as MultiClusterService, world));

function violationsOf(service: MultiClusterService, world: World): readonly Violation[] {
  const { metadata, spec } = service;
  const { name, namespace = '' } = metadata;
  if (metadata.deletionTimestamp !== undefined)
    return [violation('service-ends', nameOf(service), 'it is still being deleted')];
  if (!spec.types.includes('CrossCluster')) return [];
  // One that leaves takes along what it had of others, and what they had of it.
  const standing = world.members.filter((member) => isStanding(member.name, world));
  const chosen = (named: readonly { readonly name: string }[] = []): readonly Member[] =>
    standing.filter((member) => named.length === 0 || named.some((one) => one.name === member.name));
  return chosen(spec.consumerClusters).flatMap((consumer) => {
    const providers = chosen(spec.providerClusters).filter((one) => one !== consumer);
    const wanted = providers.flatMap((one) => slicesOf(one, namespace, name).filter(isItsOwn));
    const known = slicesOf(consumer, namespace, name).filter(isBrought);
    if (endpointsIn(wanted) === endpointsIn(known) || isRefused(consumer, namespace, name, world)) return [];
    const message = `${consumer.name} knows ${countOf(known)} endpoints of others, who have ${countOf(wanted)}`;
    return [violation('exposed-services-are-known', nameOf(service), message)];
  });
}

/** Somebody else has what a slice is called, and that is said openly. */
const isRefused = ({ name: cluster }: Member, namespace: string, name: string, { hub }: World): boolean =>
  (hub.store.list(COLLECTIONS.works, executionSpaceOf(cluster)) as unknown as readonly Work[]).some((work) => {
    const key = serviceKeyIn(work, EXPOSURES);
    const isOfIt = key?.name === name && key.namespace === namespace && providerIn(work) !== null;
    return isOfIt && hasConditionStatus(work.status?.conditions, WORK_CONDITIONS.applied, 'False');
  });

/** What the hub tells of all that members export; where it goes from there is said by policies. */
export function exportViolations({ hub, members }: World): readonly Violation[] {
  const told = hub.store.list(COLLECTIONS.endpointSlices).filter(isImported);
  const exported = members.flatMap((member) =>
    member.api.store
      .list(COLLECTIONS.serviceExports)
      .map(({ metadata: { namespace = '', name } }) => ({ text: `${namespace}/${name}`, member, namespace, name })),
  );
  const services = new Set([...exported.map(({ text }) => text), ...told.map(exportedName)]);
  return [...services].sort().flatMap((text) => {
    const wanted = exported
      .filter((one) => one.text === text)
      .flatMap(({ member, namespace, name }) => slicesOf(member, namespace, name).filter(isItsOwn));
    const known = told.filter((slice) => exportedName(slice) === text);
    if (endpointsIn(wanted) === endpointsIn(known)) return [];
    const message = `the hub knows ${countOf(known)} endpoints of it, and clusters that export it have ${countOf(wanted)}`;
    return [violation('exported-services-are-known', `ServiceExport ${text}`, message)];
  });
}

const slicesOf = ({ api: { store } }: Member, namespace: string, service: string): readonly KubeObject[] =>
  store
    .list(COLLECTIONS.endpointSlices, namespace)
    .filter(({ metadata: { labels } }) => labels?.[SERVICE_NAME] === service);

const isItsOwn = ({ metadata: { labels } }: KubeObject): boolean => labels?.[SLICE_KEEPER] === SERVICES_KEEPER;

const isBrought = (slice: KubeObject): boolean => !isItsOwn(slice);

const isImported = ({ metadata: { annotations, labels } }: KubeObject): boolean =>
  annotations?.[ANNOTATIONS.workName] !== undefined && derivedFrom(labels?.[SERVICE_NAME] ?? '') !== null;

const exportedName = ({ metadata: { namespace = '', labels } }: KubeObject): string =>
  `${namespace}/${derivedFrom(labels?.[SERVICE_NAME] ?? '')}`;

/** Their addresses, and whether they may be asked, in order. */
const endpointsIn = (slices: readonly KubeObject[]): string =>
  slices
    .flatMap(({ endpoints }) => (Array.isArray(endpoints) ? endpoints : []))
    .map((endpoint) => (isObject(endpoint) ? canonicalJson([endpoint.addresses, endpoint.conditions]) : ''))
    .sort()
    .join();

const countOf = (slices: readonly KubeObject[]): number =>
  slices.reduce((sum, { endpoints }) => sum + (Array.isArray(endpoints) ? endpoints.length : 0), 0);
