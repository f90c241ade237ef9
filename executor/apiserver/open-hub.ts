// Puts a hub together: registry, roles and namespaces to begin with, housekeeping, and the one function that answers.
import {
  type HubCircumstances,
  type KubeObject,
  type Millis,
  type ObjectStore,
  parseApiVersion,
} from '../../engine/index.ts';
import type { StorageProblem } from '../storage/storage.ts';
import type { Credentials } from './auth/authenticate.ts';
import { bootstrapRoles } from './auth/bootstrap-roles.ts';
import { ServiceTokens } from './auth/service-tokens.ts';
import type { SigningAuthority } from './certificates/issue.ts';
import { type ComputedResource, readOnly } from './computed.ts';
import { collectionOf, resourcesOf } from './crd.ts';
import { answer, answerEntered, type BareRequest, type Entrance, identify, permit, type Serving } from './dispatch.ts';
import type { LogReader } from './handlers/pod-log.ts';
import { Housekeeping, SYSTEM_USER } from './housekeeping.ts';
import { type ClusterHabits, HUB_HABITS, type Hub } from './hub.ts';
import { createObject, updateObject } from './objects/write.ts';
import { Registry } from './registry.ts';
import type { ApiRequest, ApiResponse, UserInfo } from './request.ts';
import type { Subresource } from './resource.ts';
import { MADE_FROM } from './resources/karmada-definitions.ts';

export interface HubOptions {
  readonly store: ObjectStore;
  /** Those of a hub unless said otherwise. */
  readonly habits?: ClusterHabits;
  /** What admission goes by beside the objects. */
  readonly circumstances?: HubCircumstances;
  /** Whether decisions are held against the FederatedResourceQuotas of their namespace; not where it is left out. */
  readonly enforcesQuotas?: boolean;
  readonly now: () => Millis;
  readonly uid: () => string;
  readonly draw: (bound: number) => number;
  /** Static bearer tokens and whom they stand for. */
  readonly tokens: ReadonlyMap<string, UserInfo>;
  /** Signs service accounts' tokens. */
  readonly secret: Uint8Array;
  /** The authority's certificate, put into every namespace; null without TLS. */
  readonly rootCertificate: string | null;
  /** Signs approved requests for client certificates; nobody does where it is left out. */
  readonly signing?: SigningAuthority;
  /** host:port as clients reach the server. */
  readonly address: string;
  /** Definitions to install where they are missing. */
  readonly definitions?: readonly KubeObject[];
  /** Served without a definition of their own: their text, and the subresources beside it. */
  readonly served?: readonly { readonly definition: KubeObject; readonly subresources: readonly Subresource[] }[];
  readonly computed?: readonly ComputedResource[];
  readonly logs?: LogReader;
  readonly metrics?: () => string;
  readonly storageProblem?: () => StorageProblem | null;
}

export interface OpenHub {
  readonly hub: Hub;
  /** Makes what every hub has and this one does not have yet. */
  readonly furnish: () => void;
  readonly housekeeping: Housekeeping;
  /** Both throw a status: for credentials that are wrong, and for those who may not. */
  readonly identify: (request: BareRequest, credentials: Credentials) => Entrance;
  readonly permit: (entrance: Entrance) => void;
  readonly answerEntered: (request: Omit<ApiRequest, 'user'>, entrance: Entrance) => ApiResponse;
  /** All in one. */
  readonly answer: (request: Omit<ApiRequest, 'user'>, credentials: Credentials) => ApiResponse;
}

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

export function openHub(options: HubOptions): OpenHub {
  const { store, now, uid, draw, computed = [] } = options;
  const readers = new Map(computed.map(({ definition, read }) => [collectionOf(definition), read]));
  const habits = options.habits ?? HUB_HABITS;
  const { circumstances = {}, enforcesQuotas = false } = options;
  const registry = new Registry();
  const hub: Hub = { habits, circumstances, enforcesQuotas, store, registry, computed: readers, now, uid, draw };
  hub.registry.setFixed([
    ...(options.served ?? []).flatMap(({ definition, subresources }) =>
      resourcesOf(hub, definition).map((resource) => ({
        ...resource,
        subresources: [...resource.subresources, ...subresources],
      })),
    ),
    ...computed.flatMap(({ definition }) => resourcesOf(hub, definition).map(readOnly)),
  ]);
  bootstrap(hub, options.definitions ?? []);
  const serviceTokens = new ServiceTokens(options.secret);
  const housekeeping = new Housekeeping(
    hub,
    serviceTokens,
    { address: options.address, certificate: options.rootCertificate },
    options.signing ?? null,
  );
  housekeeping.settle();
  const furnish = () => {
    bootstrap(hub, options.definitions ?? []);
    housekeeping.settle();
  };
  const serving: Serving = {
    hub,
    authentication: { tokens: options.tokens, serviceTokens },
    address: options.address,
    logs: options.logs ?? null,
    metrics: options.metrics ?? (() => ''),
    storageProblem: options.storageProblem ?? (() => null),
  };
  return {
    hub,
    furnish,
    housekeeping,
    identify: (request, credentials) => identify(serving, request, credentials),
    permit: (entrance) => permit(serving, entrance),
    answerEntered: (request, entrance) => answerEntered(serving, request, entrance),
    answer: (request, credentials) => answer(serving, request, credentials),
  };
}

/** What is there already, after a restart, stays as it is, but for definitions that have a newer form. */
function bootstrap(hub: Hub, definitions: readonly KubeObject[]): void {
  const { roles, bindings } = bootstrapRoles();
  const namespaces = NAMESPACES.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  for (const object of [...namespaces, ...roles, ...bindings, ...definitions]) {
    const { group, version } = parseApiVersion(object.apiVersion);
    const resource = hub.registry.findKind(group, version, object.kind)!;
    const by = { name: 'kube-apiserver', operation: 'Update' as const, apiVersion: object.apiVersion, subresource: '' };
    const context = { hub, resource, user: SYSTEM_USER, by, dryRun: false };
    const existing = hub.store.get(resource.collection, '', object.metadata.name);
    if (existing === null) createObject(context, '', object);
    else if (isOutdated(existing, object)) updateObject(context, renewed(existing, object), existing, '');
  }
}

/** A definition that an earlier version of the product made otherwise; what its users changed since is not looked at. */
const isOutdated = (existing: KubeObject, object: KubeObject): boolean => {
  const mark = object.metadata.annotations?.[MADE_FROM];
  return mark !== undefined && existing.metadata.annotations?.[MADE_FROM] !== mark;
};

const renewed = (existing: KubeObject, object: KubeObject): KubeObject => ({
  ...existing,
  metadata: {
    ...existing.metadata,
    annotations: { ...existing.metadata.annotations, ...object.metadata.annotations },
  },
  spec: object.spec,
});
