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
import type { KubeObject } from '../../kube/meta.ts';
import type { Taint } from '../../kube/taint.ts';
import { formatTime, type Millis } from '../../kube/time.ts';
import type { Cluster, ClusterSpec, ResourceModel } from '../cluster.ts';
import { addressProblems } from './address.ts';
import { checkModels, defaultResourceModels, resourceModel, standardModels } from './resource-models.ts';
import {
  filled,
  isDnsLabel,
  labelKey,
  labelMap,
  labelValue,
  repeatedTaints,
  rule,
  ruled,
  texts,
  time,
} from './words.ts';

interface Completing {
  readonly previous: KubeObject | null;
  readonly completesResourceModels: boolean;
}

/** Room for the prefix of the namespace in which a cluster's Works live. */
const NAME_MAX = 48;

export const clusterName = scalar(
  `a name of at most ${NAME_MAX} lower case letters, digits and "-"`,
  (value) => isDnsLabel(value) && String(value).length <= NAME_MAX,
);
const reference = onlyFields({ namespace: filled, name: filled });
const taint = onlyFields(
  { key: labelKey, effect: oneOf('NoSchedule', 'NoExecute') },
  { value: labelValue, timeAdded: time },
);
const proxy = scalar(
  'the URL of a proxy: http, https or socks5',
  (value) => value === '' || (typeof value === 'string' && /^(https?|socks5):/i.test(value)),
);

const spec = ruled(
  onlyFields(
    { syncMode: oneOf('Push', 'Pull') },
    {
      id: text,
      apiEndpoint: text,
      secretRef: reference,
      impersonatorSecretRef: reference,
      insecureSkipTLSVerification: flag,
      proxyURL: proxy,
      proxyHeader: mapOf(text),
      provider: text,
      region: text,
      zone: text,
      zones: texts,
      taints: listOf(taint),
      resourceModels: listOf(resourceModel),
    },
  ),
  rule<ClusterSpec>(({ apiEndpoint, taints = [], resourceModels = [] }, report) => {
    if (apiEndpoint) for (const problem of addressProblems(apiEndpoint)) report('.apiEndpoint', problem);
    repeatedTaints(taints, report);
    checkModels(resourceModels, report);
  }),
);

export const clusterShape: Shape = fields(
  { metadata: fields({ name: clusterName }, { labels: labelMap(), annotations: mapOf(text) }), spec },
  { apiVersion: text, kind: text, status: anything },
);

/** What the server of clusters makes of one; resource models only where the gate for them is on. */
export function defaultCluster(
  cluster: Cluster,
  now: Millis,
  { previous, completesResourceModels }: Completing,
): Cluster {
  const { spec: given = {} } = cluster;
  const { zone, resourceModels: models = [], ...rest } = given;
  const isMoved = zone !== undefined && zone !== '' && !given.zones?.length;
  const completed = completesResourceModels ? completeModels(models, previous === null) : models;
  return {
    ...cluster,
    spec: {
      ...rest,
      ...(isMoved ? { zones: [zone] } : zone !== undefined && { zone }),
      ...(given.taints !== undefined && { taints: given.taints.map((taint) => withTime(taint, now)) }),
      ...((completed.length > 0 || given.resourceModels !== undefined) && { resourceModels: completed }),
    },
  };
}

/** Only a new cluster is given those that all have: they can be taken away from it. */
function completeModels(models: ResourceModel[], isNew: boolean): ResourceModel[] {
  if (models.length > 0) return standardModels(models);
  return isNew ? defaultResourceModels() : models;
}

const withTime = (taint: Taint, now: Millis): Taint =>
  taint.effect === 'NoExecute' ? { timeAdded: formatTime(now), ...taint } : taint;
