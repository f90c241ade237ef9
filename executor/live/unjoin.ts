// How a cluster leaves the fleet: the Cluster goes, and with it what the hub had put into the member; then the accounts that were
// made for it, in the hub and in the member. What other control planes have in the member stays.
import { CLUSTER_NAMESPACE, IMPERSONATOR, isObject, type KubeObject } from '../../engine/index.ts';
import { agentUser } from '../apiserver/agents/agent-names.ts';
import { agentRights } from '../apiserver/agents/agent-rights.ts';
import type { HttpApi } from './http-api.ts';
import {
  accountOf,
  hubSecretsOf,
  JoinError,
  must,
  NOT_FOUND,
  ownObjects,
  pathOf,
  problem,
  sharedObjects,
} from './join.ts';
import { agentObjects } from './register.ts';

export interface UnjoinOptions {
  readonly hub: HttpApi;
  readonly name: string;
  /** Where the member cannot be reached by us, its accounts stay. */
  readonly member: HttpApi | null;
  readonly waitMs: number;
  readonly dryRun?: boolean;
}

const LOOK_MS = 200;

export async function unjoin({ hub, name, member, waitMs, dryRun = false }: UnjoinOptions): Promise<void> {
  const path = pathOf({ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', metadata: { name } });
  // One that was still leaving when somebody had waited long enough may have left, but for its accounts.
  if (!(await isGone(hub, path)) || !(await hasAccounts(hub, name))) {
    await must(hub, 'DELETE', path + queryOf(dryRun));
    if (!dryRun) await untilGone(hub, name, path, waitMs);
  }
  await takeAccountAway(hub, name, member, dryRun);
}

async function untilGone(hub: HttpApi, name: string, path: string, waitMs: number): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    if (await isGone(hub, path)) return;
    if (performance.now() > deadline) {
      throw new JoinError(`cluster ${name} is still leaving: what it was given is not taken back yet`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function isGone(hub: HttpApi, path: string): Promise<boolean> {
  const answer = await hub.send({ method: 'GET', path });
  return answer.ok && answer.status === NOT_FOUND;
}

/** Its agent may have registered by a token of its own, or have got a certificate. */
function accountsInHub(name: string): readonly KubeObject[] {
  const user = agentUser(name);
  return [...hubSecretsOf(name), ...agentObjects(name), ...agentRights(name, user, { kind: 'User', name: user })];
}

async function hasAccounts(hub: HttpApi, name: string): Promise<boolean> {
  for (const object of accountsInHub(name)) if (!(await isGone(hub, pathOf(object)))) return true;
  return false;
}

/** Of a cluster that has left, or never came to join altogether. */
export async function takeAccountAway(
  hub: HttpApi,
  name: string,
  member: HttpApi | null,
  dryRun = false,
): Promise<void> {
  await takeAway(hub, 'the hub', accountsInHub(name), dryRun);
  if (member === null) return;
  const isShared = await hasOtherAccounts(member, name);
  await takeAway(member, `cluster ${name}`, ownObjects(name).toReversed(), dryRun);
  if (!isShared) await takeAway(member, `cluster ${name}`, sharedObjects().toReversed(), dryRun);
}

/** Another control plane, of Muster's or Karmada's, whose member the cluster is too, has its account beside ours. */
async function hasOtherAccounts(member: HttpApi, name: string): Promise<boolean> {
  const { items } = await must(member, 'GET', `/api/v1/namespaces/${CLUSTER_NAMESPACE}/serviceaccounts`);
  const known = new Set(['default', accountOf(name), IMPERSONATOR]);
  const accounts = (Array.isArray(items) ? items.filter(isObject) : []) as unknown as readonly KubeObject[];
  return accounts.some(({ metadata }) => !known.has(metadata.name));
}

async function takeAway(api: HttpApi, where: string, objects: readonly KubeObject[], dryRun: boolean): Promise<void> {
  for (const object of objects) {
    const path = pathOf(object);
    const answer = await api.send({ method: 'DELETE', path: path + queryOf(dryRun) });
    if (!answer.ok || (answer.status >= 300 && answer.status !== NOT_FOUND)) {
      throw new JoinError(`${path} is left in ${where}: ${problem(api, 'DELETE', path, answer)}`);
    }
  }
}

const queryOf = (dryRun: boolean): string => (dryRun ? '?dryRun=All' : '');
