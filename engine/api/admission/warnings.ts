// What is taken and yet does something else than it seems to: told to its author, and to nobody else.
import { parseSelector } from '../../kube/selector.ts';
import type { Toleration } from '../../kube/taint.ts';
import type { OverrideSpec } from '../override.ts';
import type { ClusterAffinity, Placement, StaticClusterWeight } from '../placement.ts';
import type { PropagationSpec, ResourceSelector } from '../policy.ts';
import type { Warn } from './verdict.ts';
import { isDnsLabel } from './words.ts';

export function warnOfPolicy({ resourceSelectors, placement }: PropagationSpec, warn: Warn): void {
  warnOfSelectors(resourceSelectors, warn);
  if (placement !== undefined) warnOfPlacement(placement, 'spec.placement', warn);
}

export function warnOfOverride({ resourceSelectors, targetCluster, overrideRules }: OverrideSpec, warn: Warn): void {
  warnOfSelectors(resourceSelectors ?? [], warn);
  warnOfAffinity(targetCluster, 'spec.targetCluster', warn);
  overrideRules?.forEach((rule, at) => {
    warnOfAffinity(rule.targetCluster, `spec.overrideRules[${at}].targetCluster`, warn);
  });
}

function warnOfSelectors(selectors: readonly ResourceSelector[], warn: Warn): void {
  selectors.forEach(({ labelSelector, name }, at) => {
    const problem = name ? null : parseSelector(labelSelector).problem;
    if (problem !== null) warn(`spec.resourceSelectors[${at}].labelSelector`, `selects nothing: ${problem}`);
  });
}

function warnOfAffinity(affinity: ClusterAffinity | undefined, path: string, warn: Warn): void {
  const { labelSelector, fieldSelector, clusterNames = [], exclude = [] } = affinity ?? {};
  const { problem } = parseSelector(labelSelector);
  if (problem !== null) warn(`${path}.labelSelector`, `selects no cluster: ${problem}`);
  fieldSelector?.matchExpressions?.forEach(({ operator, values = [] }, at) => {
    if (operator !== 'In' || values.length > 0) return;
    warn(`${path}.fieldSelector.matchExpressions[${at}].values`, 'is empty, and so In selects no cluster');
  });
  for (const [field, names] of Object.entries({ clusterNames, exclude })) {
    names.forEach((name, at) => {
      if (!isDnsLabel(name)) warn(`${path}.${field}[${at}]`, `is ${JSON.stringify(name)}, as no cluster is called`);
    });
  }
}

const EFFECTS = ['', 'NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function warnOfToleration({ key, operator = '', effect = '' }: Toleration, path: string, warn: Warn): void {
  if (!EFFECTS.includes(effect)) warn(`${path}.effect`, `is ${JSON.stringify(effect)}, as no taint has it`);
  if (!['', 'Equal', 'Exists'].includes(operator)) {
    warn(`${path}.operator`, `is ${JSON.stringify(operator)}, and so tolerates nothing`);
  } else if (!key && operator !== 'Exists') warn(path, 'has no key, and so tolerates every taint of its value');
}

/** What is accepted and yet does something else than it seems to, under Karmada's own rules. */
function warnOfPlacement(
  {
    clusterAffinity,
    clusterAffinities = [],
    clusterTolerations = [],
    spreadConstraints = [],
    replicaScheduling: scheduling,
  }: Placement,
  path: string,
  warn: Warn,
): void {
  warnOfAffinity(clusterAffinity, `${path}.clusterAffinity`, warn);
  clusterAffinities.forEach((term, at) => {
    const place = `${path}.clusterAffinities[${at}]`;
    warnOfAffinity(term, place, warn);
    for (const [nth, tier] of term.overflowAffinities?.entries() ?? []) {
      warnOfAffinity(tier, `${place}.overflowAffinities[${nth}]`, warn);
    }
  });
  for (const [at, one] of clusterTolerations.entries()) {
    warnOfToleration(one, `${path}.clusterTolerations[${at}]`, warn);
  }
  spreadConstraints.forEach(({ spreadByField, spreadByLabel, maxGroups }, at) => {
    const place = `${path}.spreadConstraints[${at}]`;
    if (!maxGroups)
      warn(place, 'has no maxGroups: Karmada takes that as none and selects nothing; the muster profile as no limit');
    if (spreadByLabel || spreadByField === 'zone' || spreadByField === 'provider') {
      warn(
        place,
        `does not shape Karmada's selection: it spreads by cluster and region only; the muster profile spreads by ${spreadByLabel ?? spreadByField} too`,
      );
    }
  });
  const list: readonly StaticClusterWeight[] = scheduling?.weightPreference?.staticWeightList ?? [];
  if (list.length > 0 && scheduling?.weightPreference?.dynamicWeight) {
    warn(`${path}.replicaScheduling.weightPreference.staticWeightList`, 'is ignored beside dynamicWeight');
  } else if (list.length > 0 && spreadConstraints.length > 0) {
    warn(
      `${path}.replicaScheduling.weightPreference.staticWeightList`,
      'makes Karmada ignore the spread constraints; the muster profile holds them',
    );
  }
}
