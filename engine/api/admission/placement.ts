// Admission of placements: what Karmada's webhooks fill in, and what they refuse.
import { merged } from '../../base/merged.ts';
import {
  filledText,
  listOf,
  oneOf,
  onlyFields,
  type Shape,
  scalar,
  text,
  unlessKnown,
  wholeNumber,
} from '../../base/shape.ts';
import { isQualifiedName } from '../../kube/selector.ts';
import type { ClusterAffinity, ClusterAffinityTerm, Placement, SpreadConstraint } from '../placement.ts';
import { count, fieldSelector, labelKey, labelSelector, rule, ruled, texts, toleration } from './words.ts';

const FIELDS = ['cluster', 'region', 'zone', 'provider'] as const;
const AFFINITY_NAME_MAX = 32;

const affinityFields: Readonly<Record<string, Shape>> = {
  labelSelector,
  fieldSelector,
  clusterNames: texts,
  exclude: texts,
};
export const clusterAffinity = onlyFields({}, affinityFields);

/** An overflow's may be any text; that of a term is known to the status of bindings. */
const nameOf = (shape: Shape): Shape =>
  ruled(shape, (value, path, problems) => {
    const { length } = String(value);
    if (length <= AFFINITY_NAME_MAX) return;
    problems.push({ path, message: `is ${length} characters long, and should be at most ${AFFINITY_NAME_MAX}` });
  });
const affinityName = nameOf(
  scalar('a name of letters, digits, "-", "_" and "."', (value) => typeof value === 'string' && isQualifiedName(value)),
);
const overflowName = nameOf(filledText);

const isEmptyAffinity = (affinity: ClusterAffinity): boolean =>
  !affinity.labelSelector && !affinity.fieldSelector && !affinity.clusterNames?.length && !affinity.exclude?.length;

const term = ruled(
  onlyFields(
    { affinityName },
    { ...affinityFields, overflowAffinities: listOf(onlyFields({ affinityName: overflowName }, affinityFields)) },
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
  onlyFields({}, { spreadByField: oneOf(...FIELDS), spreadByLabel: text, minGroups: count, maxGroups: count }),
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

const repeats = (name: string): string => `repeats "${name}", and every affinity needs its own name`;

function affinityRules(placement: Placement, report: Report): void {
  const { clusterAffinity: one, clusterAffinities: many } = placement;
  if (one !== undefined && many !== undefined)
    report('.clusterAffinities', 'stands beside clusterAffinity: use one of them');
  const terms = new Set<string>();
  (many ?? []).forEach(({ affinityName: name, overflowAffinities = [] }, at) => {
    const place = `.clusterAffinities[${at}]`;
    if (terms.has(name)) report(`${place}.affinityName`, repeats(name));
    terms.add(name);
    const tiers = new Set([name]);
    overflowAffinities.forEach(({ affinityName: tier }, nth) => {
      if (tiers.has(tier)) report(`${place}.overflowAffinities[${nth}].affinityName`, repeats(tier));
      tiers.add(tier);
    });
    if (overflowAffinities.length > 0 && !overflows(placement)) {
      report(`${place}.overflowAffinities`, 'needs replicas divided by Aggregated or by dynamicWeight');
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

/** What schemas alone fill in, for those who write a placement past the webhooks. */
export function schemaPlacement(placement: Placement): Placement {
  const { replicaScheduling: scheduling } = placement;
  if (scheduling === undefined || scheduling.replicaSchedulingType) return placement;
  return merged(placement, { replicaScheduling: merged(scheduling, { replicaSchedulingType: 'Divided' as const }) });
}

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
