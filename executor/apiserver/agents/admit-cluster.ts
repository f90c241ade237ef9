// An agent speaks for its own cluster, and says of it only that it pulls: whoever could tell the hub where to reach a cluster and with
// which Secret would get to see that Secret.
import {
  CLUSTER_NAMESPACE,
  COLLECTIONS,
  deepEqual,
  forbidden,
  isObject,
  type KubeObject,
} from '../../../engine/index.ts';
import type { WriteContext } from '../objects/write.ts';
import { namedOf } from '../resource.ts';
import { clusterOfAgent } from './agent-names.ts';

const HUBS_OWN = [
  'apiEndpoint',
  'secretRef',
  'impersonatorSecretRef',
  'insecureSkipTLSVerification',
  'proxyURL',
  'proxyHeader',
] as const;
const ACCOUNT = new RegExp(`^system:serviceaccount:${CLUSTER_NAMESPACE}:karmada-agent-(.+)$`);

export function admitCluster({ user, resource }: WriteContext, object: KubeObject, previous: KubeObject | null): void {
  if (resource.collection !== COLLECTIONS.clusters) return;
  const own = clusterOfAgent(user.name) ?? ACCOUNT.exec(user.name)?.[1] ?? null;
  if (own === null) return;
  const refuse = (why: string) => forbidden(namedOf(resource), object.metadata.name, why);
  if (object.metadata.name !== own) throw refuse(`the agent of ${own} speaks for no other cluster`);
  const [spec, before] = [specOf(object), specOf(previous)];
  if (spec.syncMode !== 'Pull') throw refuse('a cluster with an agent pulls: spec.syncMode must be Pull');
  for (const field of HUBS_OWN) {
    if (deepEqual(spec[field] ?? null, before[field] ?? null)) continue;
    throw refuse(`an agent may not set spec.${field}: how the hub reaches clusters is for its administrators`);
  }
}

const specOf = (object: KubeObject | null): Readonly<Record<string, unknown>> =>
  isObject(object?.spec) ? object.spec : {};
