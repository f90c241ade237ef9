// Admission of placements: what Karmada's webhooks fill in, what they refuse, and what is accepted but surprises.
import { merged } from '../../base/merged.ts';
import { filledText, listOf, oneOf, onlyFields, type Shape, unlessKnown, wholeNumber } from '../../base/shape.ts';
import type {
  ClusterAffinity,
  ClusterAffinityTerm,
  Placement,
  SpreadConstraint,
  StaticClusterWeight,
} from '../placement.ts';
import type { Warn } from './verdict.ts';
import { count, dnsName, fieldSelector, labelKey, labelSelector, rule, ruled, toleration } from './words.ts';

const FIELDS = ['cluster', 'region', 'zone', 'provider'] as const;
const AFFINITY_NAME_MAX = 32;

const affinityFields: Readonly<Record<string, Shape>> = {
  labelSelector,
  fieldSelector,
  clusterNames: listOf(dnsName),
  exclude: listOf(dnsName),
};
export const clusterAffinity = onlyFields({}, affinityFields);

const affinityName = ruled(filledText, (value, path, problems) => {
  if (String(value).length > AFFINITY_NAME_MAX) {
    problems.push({
      path,
      message: `is ${String(value).length} characters long, and should be at most ${AFFINITY_NAME_MAX}`,
    });
  }
});

const isEmptyAffinity = (affinity: ClusterAffinity): boolean =>
  !affinity.labelSelector && !affinity.fieldSelector && !affinity.clusterNames?.length && !affinity.exclude?.length;

const term = ruled(
  onlyFields(
    { affinityName },
    { ...affinityFields, overflowAffinities: listOf(onlyFields({ affinityName }, affinityFields)) },
  ),
  rule<ClusterAffinityTerm>((value, report) => {
    if (!value.overflowAffinities?.length) return;
    if (isEmptyAffinity(value))
      report(
        '',
        'has overflowAffinities, and should then name its own clusters: an empty affinity leaves nothing to overflow to',
      );
    value.overflowAffinities.forEach((tier, at) => {
      if (isEmptyAffinity(tier)) report(`.overflowAffinities[${at}]`, 'is empty, and should name clusters');
    });
  }),
);

const spreadConstraint = ruled(
  onlyFields({}, { spreadByField: oneOf(...FIELDS), spreadByLabel: labelKey, minGroups: count, maxGroups: count }),
  rule<SpreadConstraint>(({ spreadByField, spreadByLabel, minGroups = 0, maxGroups }, report) => {
    if (spreadByField && spreadByLabel) report('', 'has spreadByField and spreadByLabel, and should have one of them');
    if (maxGroups && maxGroups < minGroups)
      report('.maxGroups', `is ${maxGroups}, and should be at least minGroups (${minGroups})`);
  }),
);

const replicaScheduling = onlyFields(
  {},
  {
    replicaSchedulingType: oneOf('Duplicated', 'Divided'),
    replicaDivisionPreference: oneOf('Aggregated', 'Weighted'),
    weightPreference: onlyFields(
      {},
      {
        staticWeightList: listOf(
          onlyFields({ targetCluster: clusterAffinity, weight: wholeNumber(1, Number.MAX_SAFE_INTEGER) }),
        ),
        dynamicWeight: oneOf('AvailableReplicas'),
      },
    ),
  },
);

const groupTerm = onlyFields({ groupByLabelKey: labelKey });

export const placementShape = unlessKnown(
  ruled(
    onlyFields(
      {},
      {
        clusterAffinity,
        clusterAffinities: listOf(term),
        clusterTolerations: listOf(toleration),
        spreadConstraints: listOf(spreadConstraint),
        replicaScheduling,
        workloadAffinity: onlyFields({}, { affinity: groupTerm, antiAffinity: groupTerm }),
      },
    ),
    rule<Placement>(affinityRules),
    rule<Placement>(spreadRules),
    rule<Placement>(({ workloadAffinity }, report) => {
      const [together, apart] = [
        workloadAffinity?.affinity?.groupByLabelKey,
        workloadAffinity?.antiAffinity?.groupByLabelKey,
      ];
      if (together !== undefined && together === apart) {
        report(
          '.workloadAffinity.antiAffinity.groupByLabelKey',
          'should be another label than that of affinity: nothing can be together and apart',
        );
      }
    }),
  ),
);

type Report = (below: string, message: string) => void;

function affinityRules(placement: Placement, report: Report): void {
  const { clusterAffinity: one, clusterAffinities: many } = placement;
  if (one !== undefined && many !== undefined)
    report('.clusterAffinities', 'stands beside clusterAffinity: use one of them');
  const seen = new Set<string>();
  (many ?? []).forEach(({ affinityName: name, overflowAffinities = [] }, at) => {
    const names = [
      [name, `.clusterAffinities[${at}]`],
      ...overflowAffinities.map((tier, place) => [
        tier.affinityName,
        `.clusterAffinities[${at}].overflowAffinities[${place}]`,
      ]),
    ];
    for (const [each, below] of names) {
      if (seen.has(each!)) report(`${below}.affinityName`, `repeats "${each}", and every affinity needs its own name`);
      seen.add(each!);
    }
    if (overflowAffinities.length > 0 && !overflows(placement)) {
      report(
        `.clusterAffinities[${at}].overflowAffinities`,
        'needs replicas divided by Aggregated or by dynamicWeight',
      );
    }
  });
}

function overflows({ replicaScheduling: scheduling }: Placement): boolean {
  if (scheduling === undefined || (scheduling.replicaSchedulingType ?? 'Divided') !== 'Divided') return false;
  return scheduling.replicaDivisionPreference === 'Aggregated' || Boolean(scheduling.weightPreference?.dynamicWeight);
}

function spreadRules({ spreadConstraints = [] }: Placement, report: Report): void {
  const seen = new Map<string, number>();
  spreadConstraints.forEach(({ spreadByField, spreadByLabel }, at) => {
    const key = spreadByLabel ? `label ${spreadByLabel}` : (spreadByField ?? 'cluster');
    const earlier = seen.get(key);
    if (earlier !== undefined)
      report(`.spreadConstraints[${at}]`, `repeats the spread by ${key} of spreadConstraints[${earlier}]`);
    else seen.set(key, at);
  });
  const byField = spreadConstraints.some(({ spreadByField }) => spreadByField !== undefined);
  if (byField && !seen.has('cluster')) {
    report('.spreadConstraints', 'spreads by a field, and should then have a constraint by cluster too');
  }
}

/** What Karmada's webhooks and schemas fill in; the same placement where nothing is missing. */
export function defaultPlacement(placement: Placement): Placement {
  const { replicaScheduling: scheduling, spreadConstraints: spread } = placement;
  const replicaScheduling = scheduling && defaultScheduling(scheduling);
  const isSpreadComplete = spread === undefined || spread.every(isCompleteSpread);
  if (replicaScheduling === scheduling && isSpreadComplete) return placement;
  return merged(
    placement,
    spread && { spreadConstraints: spread.map(defaultSpread) },
    replicaScheduling && { replicaScheduling },
  );
}

const isCompleteSpread = ({ spreadByField, spreadByLabel, minGroups }: SpreadConstraint): boolean =>
  Boolean(spreadByField || spreadByLabel) && Boolean(minGroups);

const defaultSpread = (constraint: SpreadConstraint): SpreadConstraint =>
  merged(constraint, {
    ...(constraint.spreadByField || constraint.spreadByLabel ? {} : { spreadByField: 'cluster' as const }),
    minGroups: constraint.minGroups || 1,
  });

function defaultScheduling(scheduling: NonNullable<Placement['replicaScheduling']>): typeof scheduling {
  const { replicaSchedulingType: type, replicaDivisionPreference: preference } = scheduling;
  const replicaSchedulingType = type ?? 'Divided';
  const isDivided = replicaSchedulingType === 'Divided';
  if (type && (preference || !isDivided)) return scheduling;
  return merged(
    scheduling,
    { replicaSchedulingType },
    isDivided && { replicaDivisionPreference: preference ?? 'Weighted' },
  );
}

/** What is accepted and yet does something else than it seems to, under Karmada's own rules. */
export function warnOfPlacement(
  { spreadConstraints = [], replicaScheduling: scheduling }: Placement,
  path: string,
  warn: Warn,
): void {
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
