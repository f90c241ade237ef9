// The work that goes on beside requests: garbage, namespaces that end, definitions, quotas. Sync, until nothing is left.
import { type Change, type KubeObject, parseTime, StatusError } from '../../engine/index.ts';
import { AgentRequestKeeper } from './agents/agent-requests.ts';
import { ApiServiceKeeper } from './api-services.ts';
import { BootstrapKeeper } from './auth/bootstrap-tokens.ts';
import type { Discovery } from './auth/cluster-info.ts';
import { AggregationKeeper } from './auth/role-aggregation.ts';
import type { ServiceTokens } from './auth/service-tokens.ts';
import { TokenSecretKeeper } from './auth/token-secrets.ts';
import type { SigningAuthority } from './certificates/issue.ts';
import { SigningKeeper } from './certificates/keeper.ts';
import { DefinitionKeeper } from './crd.ts';
import { GarbageCollector } from './gc.ts';
import type { Hub } from './hub.ts';
import { NamespaceKeeper } from './namespace-lifecycle.ts';
import { quotaStatus } from './objects/quota.ts';
import { updateObject } from './objects/write.ts';
import type { Resource } from './resource.ts';

export const CONTROLLER = 'kube-controller-manager';

export const SYSTEM_USER = { name: 'system:kube-controller-manager', uid: '', groups: ['system:masters'], extra: {} };

const EVENT_LIFE_MS = 3600_000;

/** Rounds before it is certain that two keepers undo each other's work. */
const ROUNDS_MAX = 1000;

/** Runs a step that the API's own rules may refuse; what is refused now is tried again when something changes. */
export function attempt(step: () => boolean): boolean {
  try {
    return step();
  } catch (error) {
    if (error instanceof StatusError) return false;
    throw error;
  }
}

export interface Keeper {
  notice(change: Change): void;
  /** Does what is due; true if anything was done. */
  work(): boolean;
}

export class Housekeeping {
  private readonly keepers: readonly Keeper[];
  private readonly signing: SigningKeeper | null;
  private readonly bootstrapping: BootstrapKeeper;
  private readonly stop: () => void;
  private isDirty = true;

  constructor(
    hub: Hub,
    tokens: ServiceTokens,
    { address, certificate: rootCertificate }: Discovery,
    authority: SigningAuthority | null = null,
  ) {
    this.bootstrapping = new BootstrapKeeper(hub, { address, certificate: rootCertificate });
    this.signing = authority === null ? null : new SigningKeeper(hub, authority);
    this.keepers = [
      new DefinitionKeeper(hub),
      new NamespaceKeeper(hub, rootCertificate),
      new GarbageCollector(hub),
      new QuotaKeeper(hub),
      new ApiServiceKeeper(hub),
      new AggregationKeeper(hub),
      new TokenSecretKeeper(hub, tokens, rootCertificate),
      this.bootstrapping,
      ...(this.signing === null ? [] : [new AgentRequestKeeper(hub), this.signing]),
    ];
    this.noticeAll(hub);
    this.stop = hub.store.onChange((change) => this.notice(change));
  }

  /** Looks at everything anew: at the beginning, and where nobody knows what has changed. */
  noticeAll(hub: Hub): void {
    this.isDirty = true;
    for (const { collection } of hub.registry.collections()) {
      for (const object of hub.store.list(collection, null)) {
        this.notice({ revision: 0, type: 'ADDED', collection, object, previous: null });
      }
    }
  }

  /** What the storage did not keep is as if it had been changed back; what was done here has to be done again. */
  noticeUndone(undone: readonly Change[]): void {
    for (const change of [...undone].reverse()) this.notice(inverseOf(change));
  }

  isDue(): boolean {
    return this.isDirty;
  }

  settle(): void {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      this.isDirty = false;
      let worked = false;
      for (const keeper of this.keepers) worked = keeper.work() || worked;
      if (!worked) return;
    }
    throw new Error('the keepers of the hub do not come to rest');
  }

  /** Events are news: after a while they are of no use to anybody. */
  expireEvents(hub: Hub): void {
    const before = hub.now() - EVENT_LIFE_MS;
    for (const event of hub.store.list('/events', null)) {
      const { namespace = '', name, creationTimestamp } = event.metadata;
      const last = [event.lastTimestamp, event.eventTime, creationTimestamp].find((time) => typeof time === 'string');
      const at = typeof last === 'string' ? parseTime(last) : null;
      if (at !== null && at < before) hub.store.remove('/events', namespace, name);
    }
  }

  forgetSigned(): void {
    this.signing?.forgetAnswered();
  }

  forgetExpiredTokens(): void {
    this.bootstrapping.forgetExpired();
  }

  close(): void {
    this.stop();
  }

  private notice(change: Change): void {
    this.isDirty = true;
    for (const keeper of this.keepers) keeper.notice(change);
  }
}

function inverseOf(change: Change): Change {
  const { type, object, previous } = change;
  if (type === 'DELETED') return { ...change, type: 'ADDED', object: previous!, previous: null };
  if (previous === null) return { ...change, type: 'DELETED', previous: object };
  return { ...change, object: previous, previous: object };
}

/** Writes a status as the hub's own controllers do. */
export function writeStatus(
  hub: Hub,
  resource: Resource,
  object: KubeObject,
  status: unknown,
  writer = CONTROLLER,
): KubeObject {
  const by = {
    name: writer,
    operation: 'Update' as const,
    apiVersion: object.apiVersion,
    subresource: 'status',
  };
  return updateObject({ hub, resource, user: SYSTEM_USER, by, dryRun: false }, { ...object, status }, object, 'status');
}

class QuotaKeeper implements Keeper {
  private readonly hub: Hub;
  private readonly due = new Set<string>();

  constructor(hub: Hub) {
    this.hub = hub;
  }

  notice({ object }: Change): void {
    const { namespace } = object.metadata;
    if (namespace !== undefined) this.due.add(namespace);
  }

  work(): boolean {
    const quotas = this.hub.registry.find('', 'v1', 'resourcequotas')!;
    const namespaces = [...this.due].sort();
    this.due.clear();
    let worked = false;
    for (const namespace of namespaces) {
      for (const quota of this.hub.store.list(quotas.collection, namespace)) {
        const status = quotaStatus(this.hub, quota);
        const write = () => {
          writeStatus(this.hub, quotas, quota, status);
          return true;
        };
        worked = (status !== null && attempt(write)) || worked;
      }
    }
    return worked;
  }
}
