// Requests for agents' certificates: approved for newcomers with a bootstrap token and for agents that renew theirs, and followed by
// the rights that the agent needs. A cluster that has registered keeps its name: a bootstrap token alone does not get it.
import {
  type Change,
  COLLECTIONS,
  formatTime,
  isObject,
  type KubeObject,
  parseApiVersion,
} from '../../../engine/index.ts';
import { authorize } from '../auth/rbac.ts';
import { DueRequests, hasCondition, statusOf } from '../certificates/due-requests.ts';
import { readSigningRequest, SigningRequestError } from '../certificates/signing-request.ts';
import { attempt, CONTROLLER, type Keeper, SYSTEM_USER } from '../housekeeping.ts';
import type { Hub } from '../hub.ts';
import { createObject, updateObject } from '../objects/write.ts';
import { items } from '../resources/cells.ts';
import { AGENTS, agentUser, clusterOfAgent } from './agent-names.ts';
import { agentNamespaces, agentRights } from './agent-rights.ts';

const GROUP = 'certificates.k8s.io';
const RESOURCE = 'certificatesigningrequests';
const SIGNER = 'kubernetes.io/kube-apiserver-client';
const NEEDED = ['client auth', 'digital signature'];
const ALLOWED = new Set([...NEEDED, 'key encipherment']);

/** What an agent may do beside its work: say that its cluster is there, and have its certificate renewed. */
const BESIDE = [
  { apiGroups: ['cluster.karmada.io'], resources: ['clusters'], verbs: ['create'] },
  { apiGroups: [GROUP], resources: [RESOURCE], verbs: ['create', 'get'] },
];

export class AgentRequestKeeper implements Keeper {
  private readonly hub: Hub;
  private readonly due: DueRequests;

  constructor(hub: Hub) {
    this.hub = hub;
    this.due = new DueRequests(hub.store);
  }

  notice(change: Change): void {
    this.due.notice(change);
  }

  work(): boolean {
    let worked = false;
    for (const request of this.due.take()) {
      const cluster = clusterAskedFor(request);
      if (cluster === null || hasCondition(request, 'Denied', 'Failed')) continue;
      if (hasCondition(request, 'Approved')) worked = attempt(() => this.grant(cluster)) || worked;
      else if (this.mayHave(request, cluster)) worked = attempt(() => this.approve(request)) || worked;
    }
    return worked;
  }

  private mayHave({ spec }: KubeObject, cluster: string): boolean {
    const { username = '', uid = '', groups = [] } = spec as { username?: string; uid?: string; groups?: string[] };
    const isOwn = username === agentUser(cluster);
    if (!isOwn && this.hub.store.get(COLLECTIONS.clusters, '', cluster) !== null) return false;
    const subresource = isOwn ? 'selfclusteragent' : 'clusteragent';
    const asked = { kind: 'resource' as const, verb: 'create', group: GROUP, resource: RESOURCE, subresource };
    return authorize(this.hub.store, { name: username, uid, groups, extra: {} }, { ...asked, name: '', namespace: '' })
      .allowed;
  }

  private approve(request: KubeObject): boolean {
    const { hub } = this;
    const at = formatTime(hub.now());
    const approved = {
      type: 'Approved',
      status: 'True',
      reason: 'AutoApproved',
      message: 'whoever asks may have the certificate of this agent',
      lastUpdateTime: at,
      lastTransitionTime: at,
    };
    const status = { ...statusOf(request), conditions: [...items(statusOf(request).conditions), approved] };
    const resource = hub.registry.find(GROUP, 'v1', RESOURCE)!;
    const by = writer(request.apiVersion, 'approval');
    updateObject({ hub, resource, user: SYSTEM_USER, by, dryRun: false }, { ...request, status }, request, 'approval');
    return true;
  }

  private grant(cluster: string): boolean {
    const name = agentUser(cluster);
    const subject = { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name };
    const wanted = [...agentNamespaces(cluster), ...agentRights(cluster, name, subject, BESIDE)];
    return wanted.map((object) => this.ensure(object)).includes(true);
  }

  private ensure(object: KubeObject): boolean {
    const { hub } = this;
    const { group, version } = parseApiVersion(object.apiVersion);
    const resource = hub.registry.findKind(group, version, object.kind)!;
    const { namespace = '', name } = object.metadata;
    if (hub.store.get(resource.collection, namespace, name) !== null) return false;
    const by = writer(object.apiVersion, '');
    createObject({ hub, resource, user: SYSTEM_USER, by, dryRun: false }, namespace, object);
    return true;
  }
}

const writer = (apiVersion: string, subresource: string) => ({
  name: CONTROLLER,
  operation: 'Update' as const,
  apiVersion,
  subresource,
});

/** Null where the request is not for an agent's certificate and nothing more. */
function clusterAskedFor({ spec }: KubeObject): string | null {
  if (!isObject(spec) || spec.signerName !== SIGNER) return null;
  const usages = Array.isArray(spec.usages) ? spec.usages.map(String) : [];
  if (NEEDED.some((usage) => !usages.includes(usage)) || usages.some((usage) => !ALLOWED.has(usage))) return null;
  try {
    const { commonNames, organizations } = readSigningRequest(String(spec.request ?? ''));
    const [user = ''] = commonNames;
    const isAgent = commonNames.length === 1 && organizations.length === 1 && organizations[0] === AGENTS;
    return isAgent ? clusterOfAgent(user) : null;
  } catch (error) {
    if (error instanceof SigningRequestError) return null;
    throw error;
  }
}
