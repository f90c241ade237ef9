// The least change of a ClusterAffinity that lets one more cluster in.
import type { Cluster } from '../../api/cluster.ts';
import { affinityMismatch } from '../../api/cluster-affinity.ts';
import type { ClusterAffinity, FieldSelectorRequirement } from '../../api/placement.ts';
import type { LabelSelector, LabelSelectorRequirement } from '../../kube/selector.ts';

export interface Widened<T> {
  readonly value: T;
  readonly changes: readonly string[];
}

/** Null where no change would let the cluster in. */
export function widenAffinity<T extends ClusterAffinity>(affinity: T, cluster: Cluster): Widened<T> | null {
  const { name } = cluster.metadata;
  const changes: string[] = [];
  const widened: T = { ...affinity };
  if (affinity.exclude?.includes(name)) {
    widened.exclude = affinity.exclude.filter((excluded) => excluded !== name);
    changes.push(`drop cluster ${name} from exclude`);
  }
  if (affinity.labelSelector && affinityMismatch(cluster, { labelSelector: affinity.labelSelector }) !== null) {
    const labels = widenLabels(affinity.labelSelector, cluster);
    widened.labelSelector = labels.value;
    changes.push(...labels.changes);
  }
  const expressions = affinity.fieldSelector?.matchExpressions ?? [];
  const fields = expressions.map((requirement) => widenField(requirement, cluster));
  if (fields.some((field) => field.changes.length > 0)) {
    widened.fieldSelector = { matchExpressions: fields.flatMap(({ value }) => (value === null ? [] : [value])) };
    changes.push(...fields.flatMap((field) => field.changes));
  }
  if (affinity.clusterNames?.length && !affinity.clusterNames.includes(name)) {
    widened.clusterNames = [...affinity.clusterNames, name];
    changes.push(`add cluster ${name} to clusterNames`);
  }
  return changes.length > 0 && affinityMismatch(cluster, widened) === null ? { value: widened, changes } : null;
}

function widenLabels(selector: LabelSelector, cluster: Cluster): Widened<LabelSelector> {
  const labels = cluster.metadata.labels ?? {};
  const changes: string[] = [];
  const matchLabels: Record<string, string> = {};
  const matchExpressions: LabelSelectorRequirement[] = [];
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (affinityMismatch(cluster, { labelSelector: { matchLabels: { [key]: value } } }) === null) {
      matchLabels[key] = value;
    } else if (Object.hasOwn(labels, key)) {
      matchExpressions.push({ key, operator: 'In', values: [value, labels[key]!] });
      changes.push(`accept label ${key} ${labels[key]} beside ${value}`);
    } else {
      changes.push(`drop ${key}=${value} from the label selector`);
    }
  }
  for (const requirement of selector.matchExpressions ?? []) {
    if (affinityMismatch(cluster, { labelSelector: { matchExpressions: [requirement] } }) === null) {
      matchExpressions.push(requirement);
      continue;
    }
    const own = Object.hasOwn(labels, requirement.key) ? [labels[requirement.key]!] : [];
    const widened = widenRequirement(requirement, own, 'label ', 'the label selector');
    if (widened.value !== null) matchExpressions.push(widened.value);
    changes.push(...widened.changes);
  }
  return { value: { matchLabels, matchExpressions }, changes };
}

function widenField(requirement: FieldSelectorRequirement, cluster: Cluster): Widened<FieldSelectorRequirement | null> {
  if (affinityMismatch(cluster, { fieldSelector: { matchExpressions: [requirement] } }) === null) {
    return { value: requirement, changes: [] };
  }
  return widenRequirement(requirement, fieldValues(cluster, requirement.key), '', 'the field selector');
}

function fieldValues({ spec }: Cluster, key: string): readonly string[] {
  if (key === 'zone') return spec.zones ?? [];
  const value = key === 'provider' ? spec.provider : key === 'region' ? spec.region : undefined;
  return value ? [value] : [];
}

/** One more value for In, some fewer for NotIn, and away with what cannot be met that way. */
function widenRequirement<T extends LabelSelectorRequirement>(
  requirement: T,
  own: readonly string[],
  noun: '' | 'label ',
  where: string,
): Widened<T | null> {
  const { key, operator, values = [] } = requirement;
  if (operator === 'In' && values.length > 0 && own.length > 0) {
    const change = `accept ${noun}${key} ${own[0]} beside ${values.join(', ')}`;
    return { value: { ...requirement, values: [...values, own[0]!] }, changes: [change] };
  }
  const left = values.filter((value) => !own.includes(value));
  if (operator === 'NotIn' && left.length > 0 && left.length < values.length) {
    const dropped = values.filter((value) => own.includes(value)).join(', ');
    return { value: { ...requirement, values: left }, changes: [`drop ${dropped} from ${key} NotIn of ${where}`] };
  }
  const written = [key, operator, ...(values.length > 0 ? [`(${values.join(', ')})`] : [])].join(' ');
  return { value: null, changes: [`drop "${written}" from ${where}`] };
}
