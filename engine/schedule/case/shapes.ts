// What a fleet and a binding must look like to be decided on: types, ranges and quantities, and nothing about policy.
// Words that admission would refuse (an unknown operator, say) pass: what Karmada does with them is part of the answer.
import { anything, fields, filledText, flag, listOf, mapOf, type Shape, text } from '../../base/shape.ts';
import {
  countShape as count,
  int32Shape as int32,
  int64Shape as int64,
  quantityShape as quantity,
  timeShape as time,
} from '../../kube/scalar-shapes.ts';

const texts = listOf(text);
const resources = mapOf(quantity);

const requirement = fields({ key: text, operator: text }, { values: texts });
const labelSelector = fields({}, { matchLabels: mapOf(text), matchExpressions: listOf(requirement) });
const affinityFields: Readonly<Record<string, Shape>> = {
  labelSelector,
  fieldSelector: fields({}, { matchExpressions: listOf(requirement) }),
  clusterNames: texts,
  exclude: texts,
};
const affinity = fields({}, affinityFields);
const tier = fields({}, { affinityName: text, ...affinityFields });
const term = fields({}, { affinityName: text, ...affinityFields, overflowAffinities: listOf(tier) });
const toleration = fields({}, { key: text, operator: text, value: text, effect: text, tolerationSeconds: int64 });

const placement = fields(
  {},
  {
    clusterAffinity: affinity,
    clusterAffinities: listOf(term),
    clusterTolerations: listOf(toleration),
    spreadConstraints: listOf(
      fields({}, { spreadByField: text, spreadByLabel: text, minGroups: int32, maxGroups: int32 }),
    ),
    replicaScheduling: fields(
      {},
      {
        replicaSchedulingType: text,
        replicaDivisionPreference: text,
        weightPreference: fields(
          {},
          { staticWeightList: listOf(fields({ targetCluster: affinity, weight: int64 })), dynamicWeight: text },
        ),
      },
    ),
    workloadAffinity: fields(
      {},
      { affinity: fields({ groupByLabelKey: text }), antiAffinity: fields({ groupByLabelKey: text }) },
    ),
  },
);

const requirements = fields(
  {},
  {
    resourceRequest: resources,
    namespace: text,
    priorityClassName: text,
    nodeClaim: fields(
      {},
      {
        nodeSelector: mapOf(text),
        tolerations: listOf(toleration),
        hardNodeAffinity: fields({}, { nodeSelectorTerms: listOf(anything) }),
      },
    ),
  },
);

export const bindingSpec = fields(
  { resource: fields({ apiVersion: text, kind: text, name: text }, { namespace: text, uid: text }) },
  {
    replicas: count,
    replicaRequirements: requirements,
    components: listOf(fields({ name: text }, { replicas: count, replicaRequirements: requirements })),
    clusters: listOf(fields({ name: text }, { replicas: count })),
    placement,
    gracefulEvictionTasks: listOf(fields({ fromCluster: text }, { replicas: int32 })),
    rescheduleTriggeredAt: time,
    workloadAffinityGroups: fields({}, { affinityGroup: text, antiAffinityGroup: text }),
  },
);

export const bindingStatus = fields({}, { schedulerObservingAffinityName: text, lastScheduledTime: time });

const enablement = fields({ groupVersion: text }, { resources: listOf(fields({ kind: text }, { name: text })) });
const model = fields({}, { grade: int32, ranges: listOf(fields({ name: text }, { min: quantity, max: quantity })) });

export const cluster = fields(
  { metadata: fields({ name: filledText }, { labels: mapOf(text), deletionTimestamp: time }) },
  {
    spec: fields(
      {},
      {
        provider: text,
        region: text,
        zone: text,
        zones: texts,
        taints: listOf(fields({ key: text, effect: text }, { value: text })),
        resourceModels: listOf(model),
      },
    ),
    status: fields(
      {},
      {
        apiEnablements: listOf(enablement),
        resourceSummary: fields(
          {},
          {
            allocatable: resources,
            allocating: resources,
            allocated: resources,
            allocatableModelings: listOf(fields({}, { grade: int32, count: int32 })),
          },
        ),
      },
    ),
  },
);

export const gates = mapOf(flag);
export const options = fields({}, { enableEmptyWorkloadPropagation: flag });

const container = fields({}, { resources: fields({}, { requests: resources }), restartPolicy: text });
const taint = fields({ key: text, effect: text }, { value: text });
const node = fields(
  { metadata: fields({ name: filledText }, { labels: mapOf(text) }) },
  {
    spec: fields({}, { unschedulable: flag, taints: listOf(taint) }),
    status: fields({}, { allocatable: resources }),
  },
);
const pod = fields({
  metadata: fields({ name: filledText }),
  spec: fields(
    {},
    {
      nodeName: text,
      priority: int32,
      containers: listOf(container),
      initContainers: listOf(container),
      overhead: resources,
    },
  ),
});

export const inside = fields({ nodes: listOf(node), pods: listOf(pod) });

export const peer = fields({
  namespace: text,
  kind: filledText,
  name: filledText,
  groups: fields({}, { affinityGroup: text, antiAffinityGroup: text }),
  clusters: texts,
});
