// Where an autoscaler finds what it scales: the clusters that have it and can be asked, and others that scale the same.
import type { FederatedHPA } from '../../api/autoscaling.ts';
import type { ResourceBinding } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { LABELS } from '../../api/names.ts';
import { unsoundness } from '../../api/soundness.ts';
import type { View } from '../../control/controller.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { type LabelSelector, matchesSelector, parseSelector } from '../../kube/selector.ts';
import { bindingAt, bindingKeyFor } from '../bindings.ts';
import { isReady } from '../clusters/cluster-conditions.ts';
import { type NoScale, type TemplateScale, templateScale } from './template-scale.ts';

export interface Site {
  readonly ok: true;
  readonly binding: ResourceBinding;
  /** Those that are ready, of all that it has been placed in. */
  readonly clusters: readonly string[];
}

/** What is in the way, as the condition and the event say it. */
export interface NoSite {
  readonly ok: false;
  readonly reason: string;
  readonly event: string;
  readonly message: string;
}

const none = (reason: string, message: string, event = reason): NoSite => ({ ok: false, reason, event, message });

export const noScale = ({ is, message }: NoScale): NoSite =>
  none(is === 'not there' ? 'FailedGetScaleTargetRef' : 'FailedGetScale', message);

export function siteOf({ template }: TemplateScale, view: View): Site | NoSite {
  const binding = bindingAt(view, bindingKeyFor(template));
  const { propagationPolicyId, clusterPropagationPolicyId } = LABELS;
  const label = [propagationPolicyId, clusterPropagationPolicyId].find(
    (one) => template.metadata.labels?.[one] !== undefined,
  );
  if (label === undefined) return noBinding('no policy has claimed it');
  const isItsOwn = binding?.metadata.labels?.[label] === template.metadata.labels?.[label];
  if (binding === null || !isItsOwn) return noBinding('there is no binding of its policy');
  const targets = binding.spec.clusters ?? [];
  if (targets.length === 0) return none('FailedGetTargetClusters', 'it has been placed in no cluster');
  const known = targets.map(({ name }) => ({ name, cluster: view.get(COLLECTIONS.clusters, '', name) }));
  const unknown = known.find(({ cluster }) => cluster === null);
  if (unknown !== undefined) return none('FailedGetTargetClusters', `there is no cluster ${unknown.name}`);
  return { ok: true, binding, clusters: known.filter(({ cluster }) => isReady(cluster)).map(({ name }) => name) };
}

const noBinding = (message: string): NoSite => none('FailedGetBinding', message, 'FailedGetBindings');

/** Another that would scale the same pods; null where there is none. Two of them would never agree. */
export function rivalOf({ metadata }: FederatedHPA, { template, isBuiltIn }: TemplateScale, view: View): string | null {
  const namespace = metadata.namespace ?? '';
  const rival = view.list(COLLECTIONS.federatedHpas, namespace).find((other) => {
    const isGoing = other.metadata.deletionTimestamp !== undefined;
    // One that is damaged scales nothing.
    if (other.metadata.name === metadata.name || isGoing || unsoundness(other) !== null) return false;
    const scale = templateScale((other as unknown as FederatedHPA).spec.scaleTargetRef, namespace, view);
    if ('is' in scale) return false;
    return scale.template === template || (isBuiltIn && scale.isBuiltIn && selects(scale.template, template));
  });
  return rival?.metadata.name ?? null;
}

interface PodTemplate {
  readonly selector?: LabelSelector;
  readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
}

const podsOf = ({ spec }: KubeObject): PodTemplate => (spec ?? {}) as PodTemplate;

function selects(template: KubeObject, other: KubeObject): boolean {
  const { selector } = podsOf(template);
  const saysSomething = selector?.matchLabels !== undefined || selector?.matchExpressions !== undefined;
  return saysSomething && matchesSelector(parseSelector(selector), podsOf(other).template?.metadata?.labels);
}
