// Tells whether a cluster fits a ClusterAffinity, and if not, which part of the affinity it fails.
import { own } from '../base/own.ts';
import { deepEqual } from '../kube/json.ts';
import { meets, wholeNumber } from '../kube/requirement.ts';
import { matchesRequirement, parseSelector, type Requirement } from '../kube/selector.ts';
import type { Cluster } from './cluster.ts';
import type { ClusterAffinity, FieldSelectorRequirement } from './placement.ts';

/** Why the cluster does not fit, or null when it does. */
export type AffinityCheck = (cluster: Cluster) => string | null;

export const clusterMatches = (cluster: Cluster, affinity: ClusterAffinity): boolean =>
  affinityMismatch(cluster, affinity) === null;

export const affinityMismatch = (cluster: Cluster, affinity: ClusterAffinity): string | null =>
  compileAffinity(affinity)(cluster);

/** Reads the affinity once; whoever asks about many clusters keeps the check. */
export function compileAffinity(affinity: ClusterAffinity): AffinityCheck {
  const checks: AffinityCheck[] = [];
  if (affinity.exclude?.length) checks.push(excludeCheck(affinity.exclude));
  if (affinity.labelSelector) checks.push(labelCheck(affinity.labelSelector));
  checks.push(...(affinity.fieldSelector?.matchExpressions ?? []).map(fieldCheck));
  if (affinity.clusterNames?.length) checks.push(nameCheck(affinity.clusterNames));
  return (cluster) => {
    for (const check of checks) {
      const mismatch = check(cluster);
      if (mismatch !== null) return mismatch;
    }
    return null;
  };
}

/** Whether two states of one cluster fit the same affinities, whatever these are. */
export function fitTheSame(a: Cluster, b: Cluster): boolean {
  if (a.spec?.provider !== b.spec?.provider || a.spec?.region !== b.spec?.region) return false;
  return (
    deepEqual(a.spec?.zones ?? [], b.spec?.zones ?? []) && deepEqual(a.metadata.labels ?? {}, b.metadata.labels ?? {})
  );
}

function excludeCheck(exclude: readonly string[]): AffinityCheck {
  const names = new Set(exclude);
  return ({ metadata: { name } }) => (names.has(name) ? `"${name}" is excluded by name` : null);
}

function nameCheck(clusterNames: readonly string[]): AffinityCheck {
  const names = new Set(clusterNames);
  return ({ metadata: { name } }) => (names.has(name) ? null : `"${name}" is not among the cluster names`);
}

function labelCheck(labelSelector: NonNullable<ClusterAffinity['labelSelector']>): AffinityCheck {
  const selector = parseSelector(labelSelector);
  if (selector.problem !== null) return () => `the label selector cannot be used: ${selector.problem}`;
  return ({ metadata }) => {
    const failed = selector.requirements.find((requirement) => !matchesRequirement(requirement, metadata.labels));
    return failed === undefined ? null : labelMismatch(failed, metadata.labels ?? {});
  };
}

function labelMismatch(requirement: Requirement, labels: Readonly<Record<string, string>>): string {
  const { key } = requirement;
  const value = own(labels, key);
  switch (requirement.operator) {
    case 'Exists':
      return `it has no label ${key}`;
    case 'DoesNotExist':
      return `it has the label ${key}`;
    case 'NotIn':
      return `its label ${key} is "${value}", which is ruled out`;
    case 'In': {
      const wanted = requirement.values.join(' or ');
      if (value === undefined) return `it has no label ${key}, which should be ${wanted}`;
      return `its label ${key} is "${value}", not ${wanted}`;
    }
  }
}

function fieldCheck(requirement: FieldSelectorRequirement): AffinityCheck {
  const { key, operator, values = [] } = requirement;
  const problem = fieldProblem(requirement);
  if (problem !== null) return () => `the field selector cannot be used: ${problem}`;
  const wanted = `"${key} ${[operator, ...(values.length ? [values.join(',')] : [])].join(' ')}"`;
  const fits = key === 'zone' ? zoneFits : fieldFits;
  return (cluster) => {
    if (fits(cluster, requirement)) return null;
    const has = key === 'zone' ? (cluster.spec?.zones ?? []).join(' and ') : fieldOf(cluster, key);
    return has ? `its ${key} ${has} does not satisfy ${wanted}` : `it has no ${key}, and ${wanted} needs one`;
  };
}

/** Zones are compared as texts, whatever they contain; every other field has to obey the rules of labels. */
function fieldProblem({ key, operator, values = [] }: FieldSelectorRequirement): string | null {
  if (operator === 'Gt' || operator === 'Lt') {
    if (key === 'zone') return `"${operator}" does not apply to zones`;
    return values.length === 1 && wholeNumber(values[0]) !== null ? null : `"${operator}" needs one whole number`;
  }
  if (key === 'zone') {
    const known = ['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(operator);
    return known ? null : `"${operator}" is not one of In, NotIn, Exists, DoesNotExist`;
  }
  return parseSelector({ matchExpressions: [{ key, operator, values }] }).problem;
}

function zoneFits({ spec }: Cluster, { operator, values = [] }: FieldSelectorRequirement): boolean {
  const zones = spec?.zones ?? [];
  switch (operator) {
    case 'In':
      return zones.some((zone) => values.includes(zone));
    case 'NotIn':
      return !zones.some((zone) => values.includes(zone));
    case 'Exists':
      return zones.length > 0;
    default:
      return zones.length === 0;
  }
}

const fieldFits = (cluster: Cluster, { key, operator, values = [] }: FieldSelectorRequirement): boolean =>
  meets(fieldOf(cluster, key), operator, values);

/** An empty field counts as absent. */
function fieldOf({ spec }: Cluster, key: string): string | undefined {
  const field = key === 'provider' ? spec?.provider : key === 'region' ? spec?.region : undefined;
  return field === '' ? undefined : field;
}
