// Promoting: the hub takes over an object that a member has, as it stands, and its pods go on. All is looked at before anything
// is written: who else would place it, what the hub has already, and whether the hub's overrides would start its pods anew.
import {
  ANNOTATIONS,
  adoptingPolicy,
  apportion,
  bindingFor,
  type Cluster,
  changedFields,
  clusterMatches,
  fieldsChangedBy,
  type Interpreter,
  isReservedNamespace,
  type KubeObject,
  LABELS,
  matchPolicy,
  type OverridePolicy,
  objectKey,
  type PropagationPolicy,
  replacesPods,
  templateFromMember,
  worksFor,
  type YamlCodec,
} from '../../../engine/index.ts';
import { type ApiObjects, referenceTo } from '../api-objects.ts';

export class PromoteProblem extends Error {
  override readonly name = 'PromoteProblem';
}

export interface PromoteWish {
  readonly cluster: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** A policy of this name is made, or, where the hub has it, left as it is. */
  readonly policyName: string | null;
  readonly makesPolicy: boolean;
  readonly withDependencies: boolean;
}

export interface PromotePorts {
  readonly hub: ApiObjects;
  readonly member: ApiObjects;
  readonly interpreter: Interpreter;
  readonly yaml: YamlCodec;
}

export interface Promotion {
  readonly cluster: string;
  /** As the member has it. */
  readonly there: KubeObject;
  readonly template: KubeObject;
  readonly policy: PropagationPolicy | null;
  /** In the order in which it is made. */
  readonly made: readonly KubeObject[];
  readonly notes: readonly string[];
}

const POLICY = { apiVersion: 'policy.karmada.io/v1alpha1', kind: 'PropagationPolicy' };
const CLUSTER_POLICY = { ...POLICY, kind: 'ClusterPropagationPolicy' };
/** Every namespace has these of its own. */
const EVERYWHERE = new Set(['ServiceAccount default', 'ConfigMap kube-root-ca.crt']);

export const titleOf = ({ kind, metadata }: KubeObject): string =>
  `${kind} ${objectKey(metadata.namespace ?? '', metadata.name)}`;

/** Null where the hub has promoted it already. */
export async function planPromotion(wish: PromoteWish, ports: PromotePorts): Promise<Promotion | null> {
  const { hub, member } = ports;
  const there = await objectIn(member, wish);
  const known = await hub.get(referenceTo(there));
  if (there.metadata.labels?.[LABELS.managed] === 'true') {
    if (known !== null) return null;
    throw new PromoteProblem(`${titleOf(there)} of ${wish.cluster} belongs to another hub`);
  }
  if (known !== null) return underWay(known, there, wish, hub);
  refuseOthers(there);
  if ((await hub.find(there)) === null) {
    throw new PromoteProblem(`the hub has no kind ${there.kind} of ${there.apiVersion}: promote its definition first`);
  }
  const bare = templateFromMember(there);
  const notes: string[] = [];
  const dependencies = wish.withDependencies ? await dependenciesOf(bare, wish, ports, notes) : [];
  const { policy, isMade } = await policyFor(bare, wish, hub);
  if (policy === null) notes.push('no policy selects it: the hub leaves it alone until one does');
  if (wish.withDependencies && !isMade && policy?.spec.propagateDeps !== true) {
    notes.push(`policy ${policy?.metadata.name ?? ''} takes no dependencies along: they stay on the hub`);
  }
  const template = policy?.spec.conflictResolution === 'Overwrite' ? bare : overwriting(bare);
  if (policy !== null) await refuseRestart(there, template, policy, wish.cluster, ports, notes);
  const namespace = await missingNamespace(there.metadata.namespace, hub);
  const made = [...namespace, ...dependencies, ...(isMade ? [policy as PropagationPolicy & KubeObject] : []), template];
  return { cluster: wish.cluster, there, template, policy, made, notes };
}

/** What the hub has already is taken over all the same if it is just this, and is meant to be: so it is after an early end. */
async function underWay(
  known: KubeObject,
  there: KubeObject,
  { cluster }: PromoteWish,
  hub: ApiObjects,
): Promise<Promotion> {
  const template = templateFromMember({ ...known, apiVersion: there.apiVersion, kind: there.kind });
  const { policy } = await winnerFor(template, hub);
  const mayOverwrite =
    policy?.spec.conflictResolution === 'Overwrite' ||
    known.metadata.annotations?.[ANNOTATIONS.conflictResolution] === 'overwrite';
  const isSame = changedFields(contentOf(template), contentOf(templateFromMember(there))).length === 0;
  if (policy === null || !mayOverwrite || !isSame || !(await reaches(policy, cluster, hub))) {
    throw new PromoteProblem(`the hub has ${titleOf(there)} already: let its policy name ${cluster} instead`);
  }
  return { cluster, there, template, policy, made: [], notes: ['the hub has it already, and takes it over'] };
}

async function objectIn(member: ApiObjects, { kind, name, namespace, cluster }: PromoteWish): Promise<KubeObject> {
  const served = await member.called(kind);
  const reference = { apiVersion: served.apiVersion, kind: served.kind, name };
  const found = await member.get(served.namespaced ? { ...reference, namespace } : reference);
  if (found !== null) return { ...found, apiVersion: served.apiVersion, kind: served.kind };
  const where = served.namespaced ? ` in namespace ${namespace}` : '';
  throw new PromoteProblem(`${cluster} has no ${served.kind} ${name}${where}`);
}

function refuseOthers(there: KubeObject): void {
  const { namespace = '', deletionTimestamp, ownerReferences } = there.metadata;
  if (deletionTimestamp !== undefined) throw new PromoteProblem(`${titleOf(there)} is being deleted`);
  const owner = ownerReferences?.find(({ controller }) => controller);
  if (owner !== undefined) {
    throw new PromoteProblem(`${titleOf(there)} is made by ${owner.kind} ${owner.name}: promote that`);
  }
  if (isReservedNamespace(namespace) || namespace.startsWith('kube-')) {
    throw new PromoteProblem(`nothing is propagated from the namespace ${namespace}`);
  }
}

const overwriting = (template: KubeObject): KubeObject => ({
  ...template,
  metadata: {
    ...template.metadata,
    annotations: { ...template.metadata.annotations, [ANNOTATIONS.conflictResolution]: 'overwrite' },
  },
});

/** What the hub has already has to be the same: what differs would be overwritten in the member. */
async function dependenciesOf(
  template: KubeObject,
  { cluster }: PromoteWish,
  { hub, member, interpreter }: PromotePorts,
  notes: string[],
): Promise<readonly KubeObject[]> {
  const made: KubeObject[] = [];
  for (const { apiVersion, kind, namespace, name } of interpreter.dependencies(template)) {
    if (name === undefined || EVERYWHERE.has(`${kind} ${name}`)) continue;
    const reference = { apiVersion, kind, namespace, name };
    const found = await member.get(reference);
    if (found === null) {
      notes.push(`${cluster} has no ${kind} ${name}, though ${template.kind} ${template.metadata.name} refers to it`);
      continue;
    }
    const wanted = templateFromMember({ ...found, apiVersion, kind });
    const known = await hub.get(reference);
    if (known === null) made.push(wanted);
    else {
      const others = changedFields(contentOf(templateFromMember(known)), contentOf(wanted));
      if (others.length > 0) {
        throw new PromoteProblem(
          `the hub has another ${titleOf(wanted)} than ${cluster} (${others.join(', ')}): it would be overwritten there`,
        );
      }
    }
  }
  return made;
}

const contentOf = ({ metadata: _metadata, apiVersion: _version, kind: _kind, ...content }: KubeObject) => content;

interface ChosenPolicy {
  readonly policy: PropagationPolicy | null;
  readonly isMade: boolean;
}

async function winnerFor(template: KubeObject, hub: ApiObjects) {
  const { namespace } = template.metadata;
  const [own, general] = (await Promise.all([
    namespace === undefined ? [] : hub.list(POLICY, { namespace }),
    hub.list(CLUSTER_POLICY),
  ])) as unknown as readonly PropagationPolicy[][];
  return { own: own!, general: general!, policy: matchPolicy(template, own!, general!) };
}

async function policyFor(template: KubeObject, wish: PromoteWish, hub: ApiObjects): Promise<ChosenPolicy> {
  const { namespace } = template.metadata;
  const { own, general } = await winnerFor(template, hub);
  const made = adoptingPolicy(template, {
    cluster: wish.cluster,
    name: wish.policyName,
    propagateDeps: wish.withDependencies,
  });
  const same = (namespace === undefined ? general : own).some(({ metadata }) => metadata.name === made.metadata.name);
  const isMade = wish.makesPolicy && !same;
  const adding = (isOwn: boolean) => (isMade && isOwn === (namespace !== undefined) ? [made] : []);
  const winner = matchPolicy(template, [...own, ...adding(true)], [...general, ...adding(false)]);
  if (wish.makesPolicy && winner?.metadata.name !== made.metadata.name) {
    if (winner === null) throw new PromoteProblem(`policy ${made.metadata.name} does not select ${titleOf(template)}`);
    throw new PromoteProblem(
      `policy ${winner.metadata.name} would take ${titleOf(template)}: leave it to that with --policy-name ${winner.metadata.name}`,
    );
  }
  if (winner !== null && !isMade && !(await reaches(winner, wish.cluster, hub))) {
    throw new PromoteProblem(`policy ${winner.metadata.name} sends nothing to ${wish.cluster}`);
  }
  return { policy: winner, isMade };
}

/** Else the object would be made in other clusters, and not be taken over where it is. */
async function reaches({ spec }: PropagationPolicy, name: string, hub: ApiObjects): Promise<boolean> {
  const affinity = spec.placement?.clusterAffinity;
  if (affinity === undefined || affinity === null) return true;
  const cluster = await hub.get({ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', name });
  return cluster === null || clusterMatches(cluster as unknown as Cluster, affinity);
}

/** The manifest that the hub will send, against what is there. */
async function refuseRestart(
  there: KubeObject,
  template: KubeObject,
  policy: PropagationPolicy,
  name: string,
  { hub, interpreter, yaml }: PromotePorts,
  notes: string[],
): Promise<void> {
  const { namespace } = there.metadata;
  const overrides = { apiVersion: POLICY.apiVersion, kind: 'OverridePolicy' };
  const policies = {
    clusterOverridePolicies: await hub.list({ ...overrides, kind: 'ClusterOverridePolicy' }),
    overridePolicies: namespace === undefined ? [] : await hub.list(overrides, { namespace }),
  } as unknown as Record<'clusterOverridePolicies' | 'overridePolicies', OverridePolicy[]>;
  const label = namespace === undefined ? LABELS.clusterPropagationPolicyId : LABELS.propagationPolicyId;
  const claimed = {
    ...policy,
    metadata: { ...policy.metadata, labels: { [label]: 'to-be', ...policy.metadata.labels } },
  };
  const bare = bindingFor(template, claimed, interpreter);
  const { replicas } = bare.spec;
  const binding = {
    ...bare,
    spec: { ...bare.spec, clusters: [{ name, ...(replicas !== undefined && { replicas }) }] },
  };
  const cluster = await hub.get({ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', name });
  const clusters = new Map(cluster === null ? [] : [[name, cluster as unknown as Cluster]]);
  const { works, refusals } = worksFor(
    { binding, template, clusters, policies },
    { interpreter, yaml, apportion: (seats, parties, ties) => apportion(seats, parties, ties), workId: () => '' },
  );
  if (refusals.length > 0) throw new PromoteProblem(refusals[0]!.message);
  const fields = fieldsChangedBy(works[0]!.spec.workload.manifests![0] as KubeObject, there, interpreter);
  if (replacesPods(there.kind, fields)) {
    throw new PromoteProblem(
      `overrides of the hub would start the pods of ${titleOf(there)} anew: they change ${fields.join(', ')}`,
    );
  }
  if (fields.length > 0) notes.push(`${name} will have other ${fields.join(', ')}`);
}

async function missingNamespace(name: string | undefined, hub: ApiObjects): Promise<readonly KubeObject[]> {
  if (name === undefined || (await hub.get({ apiVersion: 'v1', kind: 'Namespace', name })) !== null) return [];
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }];
}
