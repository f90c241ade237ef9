// What is moved together: the objects that somebody names, with their bindings and policies, and the bindings of what they need.
import {
  ANNOTATIONS,
  type KubeObject,
  matchesLabels,
  objectKey,
  type PropagationPolicy,
  parseLabelSelector,
  type ResourceBinding,
} from '../../../engine/index.ts';
import { type ApiObjects, type Reference, referenceTo } from '../api-objects.ts';

export class RelocationProblem extends Error {
  override readonly name = 'RelocationProblem';
}

export interface ApplicationChoice {
  /** One object; or all that the labels, or the policy, select. */
  readonly object: { readonly kind: string; readonly name: string } | null;
  readonly labels: string | null;
  readonly policy: string | null;
  readonly namespace: string;
}

export interface Part {
  /** "Deployment shop/web". */
  readonly title: string;
  readonly template: KubeObject;
  readonly reference: Reference;
  readonly binding: ResourceBinding;
  readonly policy: PropagationPolicy & KubeObject;
}

export interface Application {
  readonly parts: readonly Part[];
  /** Everything else that the policies of the parts place: those must not be changed for it. */
  readonly others: readonly ResourceBinding[];
}

const BINDINGS = { apiVersion: 'work.karmada.io/v1alpha2', kind: 'ResourceBinding' };
const CLUSTER_BINDINGS = { ...BINDINGS, kind: 'ClusterResourceBinding' };
export const POLICY = { apiVersion: 'policy.karmada.io/v1alpha1', kind: 'PropagationPolicy' };
export const CLUSTER_POLICY = { ...POLICY, kind: 'ClusterPropagationPolicy' };

export const titleOf = ({ spec: { resource } }: ResourceBinding): string =>
  `${resource.kind} ${objectKey(resource.namespace ?? '', resource.name)}`;

export const bindingOf = (binding: ResourceBinding): Reference =>
  referenceTo({ ...binding, apiVersion: BINDINGS.apiVersion, kind: kindOf(binding) } as unknown as KubeObject);

const kindOf = ({ metadata }: ResourceBinding): string =>
  metadata.namespace === undefined ? CLUSTER_BINDINGS.kind : BINDINGS.kind;

export const allBindings = async (hub: ApiObjects): Promise<readonly ResourceBinding[]> =>
  [...(await hub.list(BINDINGS)), ...(await hub.list(CLUSTER_BINDINGS))] as unknown as ResourceBinding[];

/** The policy that a binding says it belongs to; null for what only follows others. */
export function policyOf({ metadata }: Pick<ResourceBinding, 'metadata'>): Reference | null {
  const { annotations = {} } = metadata;
  const own = annotations[ANNOTATIONS.propagationPolicyName];
  if (own !== undefined) {
    return { ...POLICY, namespace: annotations[ANNOTATIONS.propagationPolicyNamespace], name: own };
  }
  const general = annotations[ANNOTATIONS.clusterPropagationPolicyName];
  return general === undefined ? null : { ...CLUSTER_POLICY, name: general };
}

const isSame = (a: Reference | null, b: Reference): boolean =>
  a !== null && a.kind === b.kind && a.name === b.name && (a.namespace ?? '') === (b.namespace ?? '');

export async function findApplication(hub: ApiObjects, choice: ApplicationChoice): Promise<Application> {
  const bindings = (await allBindings(hub)).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const placed = bindings.filter(({ spec }) => spec.placement !== undefined);
  const chosen = await choose(hub, choice, placed, bindings);
  const parts: Part[] = [];
  for (const binding of chosen) {
    const reference = policyOf(binding);
    const policy = reference === null ? null : await hub.get(reference);
    const { uid: _uid, resourceVersion: _revision, ...resource } = binding.spec.resource;
    const template = await hub.get(resource);
    if (policy === null || template === null) throw new RelocationProblem(`${titleOf(binding)} has no policy any more`);
    parts.push({
      title: titleOf(binding),
      template: { ...template, apiVersion: resource.apiVersion, kind: resource.kind },
      reference: bindingOf(binding),
      binding,
      policy: { ...policy, ...kindsOf(reference!) } as unknown as Part['policy'],
    });
  }
  const own = new Set(chosen);
  const others = placed.filter(
    (one) => !own.has(one) && parts.some(({ policy }) => isSame(policyOf(one), referenceTo(policy))),
  );
  return { parts, others };
}

const kindsOf = ({ apiVersion, kind }: Reference) => ({ apiVersion, kind });

async function choose(
  hub: ApiObjects,
  { object, labels, policy, namespace }: ApplicationChoice,
  placed: readonly ResourceBinding[],
  all: readonly ResourceBinding[],
): Promise<readonly ResourceBinding[]> {
  if (policy !== null) {
    const references = [
      { ...POLICY, namespace, name: policy },
      { ...CLUSTER_POLICY, name: policy },
    ];
    const found = placed.filter((one) => references.some((reference) => isSame(policyOf(one), reference)));
    if (found.length === 0) throw new RelocationProblem(`policy ${policy} of namespace ${namespace} places nothing`);
    return found;
  }
  if (labels !== null) {
    const reading = parseLabelSelector(labels);
    if (!reading.ok) throw new RelocationProblem(`the labels ${labels} cannot be read: ${reading.why}`);
    const found: ResourceBinding[] = [];
    for (const one of placed.filter(({ metadata }) => metadata.namespace === namespace)) {
      const { uid: _uid, resourceVersion: _revision, ...resource } = one.spec.resource;
      const template = await hub.get(resource);
      if (template !== null && matchesLabels(reading.terms, template.metadata.labels)) found.push(one);
    }
    if (found.length === 0)
      throw new RelocationProblem(`nothing that is placed has the labels ${labels} in ${namespace}`);
    return found;
  }
  if (object === null)
    throw new RelocationProblem('which application? Name it, as in deploy/web, or give -l or --policy');
  const { kind, name } = object;
  const served = await hub.called(kind);
  const isIt = ({ spec: { resource } }: ResourceBinding) =>
    resource.kind === served.kind && resource.name === name && (!served.namespaced || resource.namespace === namespace);
  const found = placed.filter(isIt);
  if (found.length > 0) return found;
  const where = served.namespaced ? ` of namespace ${namespace}` : '';
  if (all.some(isIt)) throw new RelocationProblem(`${served.kind} ${name}${where} goes along with others: name those`);
  throw new RelocationProblem(`the hub places no ${served.kind} ${name}${where}`);
}

/** Bindings of what the parts need, and that no policy places: they go where the parts go. */
export const followersOf = (parts: readonly Part[], all: readonly ResourceBinding[]): readonly ResourceBinding[] =>
  all.filter(({ spec }) =>
    (spec.requiredBy ?? []).some(({ name, namespace }) =>
      parts.some(({ reference }) => reference.name === name && (reference.namespace ?? '') === (namespace ?? '')),
    ),
  );
