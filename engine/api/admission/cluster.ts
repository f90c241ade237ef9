// Admission of Clusters: names, taints, resource models, and the defaults that Karmada fills in.
import {
  anything,
  fields,
  flag,
  listOf,
  mapOf,
  oneOf,
  onlyFields,
  type Shape,
  scalar,
  text,
} from '../../base/shape.ts';
import { compareQuantity, parseQuantity } from '../../kube/quantity.ts';
import { formatTime, type Millis } from '../../kube/time.ts';
import type { Cluster, ClusterSpec, ResourceModel } from '../cluster.ts';
import { count, filled, isDnsLabel, labelKey, labelMap, quantity, rule, ruled, texts, time } from './words.ts';

/** Room for the prefix of the namespace in which a cluster's Works live. */
const NAME_MAX = 48;
const INT64_MAX = '9223372036854775807';

export const clusterName = scalar(
  `a name of at most ${NAME_MAX} lower case letters, digits and "-"`,
  (value) => isDnsLabel(value) && String(value).length <= NAME_MAX,
);
const reference = onlyFields({ namespace: filled, name: filled });
const taint = onlyFields(
  { key: labelKey, effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute') },
  { value: text, timeAdded: time },
);
const model = onlyFields({ grade: count, ranges: listOf(onlyFields({ name: filled, min: quantity, max: quantity })) });

const spec = ruled(
  onlyFields(
    {},
    {
      id: text,
      syncMode: oneOf('Push', 'Pull'),
      apiEndpoint: text,
      secretRef: reference,
      impersonatorSecretRef: reference,
      insecureSkipTLSVerification: flag,
      proxyURL: text,
      proxyHeader: mapOf(text),
      provider: text,
      region: text,
      zone: text,
      zones: texts,
      taints: listOf(taint),
      resourceModels: listOf(model),
    },
  ),
  rule<ClusterSpec>(({ taints = [], resourceModels = [] }, report) => {
    const seen = new Set<string>();
    taints.forEach(({ key, effect }, at) => {
      if (seen.has(`${key}:${effect}`)) report(`.taints[${at}]`, `repeats ${key}:${effect}`);
      seen.add(`${key}:${effect}`);
    });
    checkModels(resourceModels, report);
  }),
);

export const clusterShape: Shape = fields(
  { metadata: fields({ name: clusterName }, { labels: labelMap(), annotations: mapOf(text) }) },
  { apiVersion: text, kind: text, spec, status: anything },
);

/** Grades rise from 0 without a gap, and each resource's range begins where the one below ends. */
function checkModels(models: readonly ResourceModel[], report: (below: string, message: string) => void): void {
  const sorted = [...models].sort((a, b) => a.grade - b.grade);
  sorted.forEach(({ grade, ranges }, at) => {
    const place = `.resourceModels[${models.indexOf(sorted[at]!)}]`;
    if (grade !== at) report(`${place}.grade`, `is ${grade}, and should be ${at}: grades count up from 0`);
    const below = sorted[at - 1];
    ranges.forEach(({ name, min, max }, place2) => {
      const [low, high] = [parseQuantity(min)!, parseQuantity(max)!];
      const where = `${place}.ranges[${place2}]`;
      if (compareQuantity(low, high) >= 0) report(`${where}.max`, `is ${max}, and should be more than min (${min})`);
      const under = below?.ranges.find((range) => range.name === name);
      if (below !== undefined && under === undefined)
        report(where, `is of ${name}, which grade ${below.grade} does not have`);
      if (under !== undefined && compareQuantity(parseQuantity(under.max)!, low) !== 0) {
        report(`${where}.min`, `is ${min}, and should be ${under.max}, where grade ${below!.grade} ends`);
      }
    });
  });
}

const gradeRanges: readonly (readonly [string, string])[] = [
  ['0', '0'],
  ['1', '4Gi'],
  ['2', '16Gi'],
  ['4', '32Gi'],
  ['8', '64Gi'],
  ['16', '128Gi'],
  ['32', '256Gi'],
  ['64', '512Gi'],
  ['128', '1Ti'],
];

export const defaultResourceModels = (): ResourceModel[] =>
  gradeRanges.map(([cpu, memory], grade) => {
    const [cpuMax, memoryMax] = gradeRanges[grade + 1] ?? [INT64_MAX, INT64_MAX];
    return {
      grade,
      ranges: [
        { name: 'cpu', min: cpu, max: cpuMax },
        { name: 'memory', min: memory, max: memoryMax },
      ],
    };
  });

export function defaultCluster(cluster: Cluster, now: Millis): Cluster {
  const { spec: given = {} } = cluster;
  const models = given.resourceModels?.length ? standardized(given.resourceModels) : defaultResourceModels();
  return {
    ...cluster,
    spec: {
      ...given,
      ...(given.zone && !given.zones?.length ? { zones: [given.zone] } : {}),
      ...(given.taints === undefined
        ? {}
        : {
            taints: given.taints.map((each) =>
              each.effect === 'NoExecute' ? { timeAdded: formatTime(now), ...each } : each,
            ),
          }),
      resourceModels: models,
    },
  };
}

/** In the order of the grades; the lowest begins at nothing and the highest has no end. */
function standardized(models: readonly ResourceModel[]): ResourceModel[] {
  const sorted = [...models].sort((a, b) => a.grade - b.grade);
  return sorted.map(({ grade, ranges }, at) => ({
    grade,
    ranges: ranges.map((range) => ({
      ...range,
      ...(at === 0 ? { min: '0' } : {}),
      ...(at === sorted.length - 1 ? { max: INT64_MAX } : {}),
    })),
  }));
}
