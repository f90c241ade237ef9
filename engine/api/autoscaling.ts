// FederatedHPA (autoscaling.karmada.io/v1alpha1): scales a workload by what is measured over all its clusters. But for its name it
// is Kubernetes' HorizontalPodAutoscaler.
import type { ConditionStatus, ObjectMeta } from '../kube/meta.ts';
import { kindSchema } from '../kube/schema/kind-schema.ts';
import { labelSelectorSchema, quantity } from '../kube/schema/kube-types.ts';
import {
  described,
  int32,
  int64,
  listOf,
  must,
  objectOf,
  type SchemaOf,
  text,
  time,
} from '../kube/schema/typed-schema.ts';
import type { LabelSelector } from '../kube/selector.ts';

export const AUTOSCALING_API_VERSION = 'autoscaling.karmada.io/v1alpha1';
export const FEDERATED_HPA = 'FederatedHPA';

/** In the namespace of whoever refers to it. */
export interface ScaleTarget {
  apiVersion?: string;
  kind: string;
  name: string;
}

export interface MetricIdentifier {
  name: string;
  selector?: LabelSelector;
}

type Amount = string | number;

export interface MetricTarget {
  /** Utilization, AverageValue or Value. */
  type: string;
  averageUtilization?: number;
  averageValue?: Amount;
  value?: Amount;
}

export interface ResourceMetric {
  name: string;
  target: MetricTarget;
}

export interface ContainerResourceMetric extends ResourceMetric {
  container: string;
}

export interface PodsMetric {
  metric: MetricIdentifier;
  target: MetricTarget;
}

export interface ObjectMetric extends PodsMetric {
  describedObject: ScaleTarget;
}

export interface MetricSpec {
  type: string;
  resource?: ResourceMetric;
  containerResource?: ContainerResourceMetric;
  pods?: PodsMetric;
  object?: ObjectMetric;
  external?: PodsMetric;
}

export interface ScalingPolicy {
  /** Pods or Percent. */
  type: string;
  value: number;
  periodSeconds: number;
}

export interface ScalingRules {
  stabilizationWindowSeconds?: number;
  /** Max, Min or Disabled. */
  selectPolicy?: string;
  policies?: ScalingPolicy[];
  tolerance?: Amount;
}

export interface ScalingBehavior {
  scaleUp?: ScalingRules;
  scaleDown?: ScalingRules;
}

export interface FederatedHPASpec {
  scaleTargetRef: ScaleTarget;
  minReplicas?: number;
  maxReplicas: number;
  metrics?: MetricSpec[];
  behavior?: ScalingBehavior;
}

export interface MetricValue {
  averageUtilization?: number;
  averageValue?: Amount;
  value?: Amount;
}

export interface ResourceReading {
  name: string;
  current: MetricValue;
}

export interface ContainerResourceReading extends ResourceReading {
  container: string;
}

export interface PodsReading {
  metric: MetricIdentifier;
  current: MetricValue;
}

export interface ObjectReading extends PodsReading {
  describedObject: ScaleTarget;
}

export interface MetricStatus {
  type: string;
  resource?: ResourceReading;
  containerResource?: ContainerResourceReading;
  pods?: PodsReading;
  object?: ObjectReading;
  external?: PodsReading;
}

export interface ScalingCondition {
  type: string;
  status: ConditionStatus;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

export interface FederatedHPAStatus {
  observedGeneration?: number;
  lastScaleTime?: string;
  currentReplicas?: number;
  desiredReplicas: number;
  currentMetrics?: MetricStatus[] | null;
  conditions?: ScalingCondition[];
}

export interface FederatedHPA {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec: FederatedHPASpec;
  status?: FederatedHPAStatus;
}

export const scaleTargetSchema = objectOf<ScaleTarget>('An object in the same namespace.', {
  apiVersion: text('Its API version.'),
  kind: must(text('Its kind.')),
  name: must(text('Its name.')),
});

const identifierSchema = objectOf<MetricIdentifier>('Which metric is meant.', {
  name: must(text('Its name.')),
  selector: described('Which of those of that name; all where it is left out.', labelSelectorSchema),
});

const targetSchema = objectOf<MetricTarget>('What the metric should come to.', {
  type: must(text('Utilization, AverageValue or Value.')),
  averageUtilization: int32('Percent of what the pods request, on average.'),
  averageValue: quantity('So much for each pod.'),
  value: quantity('So much altogether.'),
});

const resourceFields = {
  name: must(text('The resource, such as cpu.')),
  target: must(targetSchema),
};
const describedObject = must(described('The object that is measured.', scaleTargetSchema));
const metric = must(identifierSchema);
const target = must(targetSchema);

const resourceSchema = objectOf<ResourceMetric>('A resource that all containers of the pods use.', resourceFields);
const containerSchema = objectOf<ContainerResourceMetric>('A resource that one container of the pods uses.', {
  ...resourceFields,
  container: must(text('The name of the container.')),
});
const podsSchema = objectOf<PodsMetric>('What somebody measures of each pod.', { metric, target });
const objectSchema = objectOf<ObjectMetric>('What somebody measures of one object.', {
  describedObject,
  metric,
  target,
});
const externalSchema = objectOf<PodsMetric>('What is measured outside; not supported.', { metric, target });

const metricSchema = objectOf<MetricSpec>('One thing that is measured, and what it should come to.', {
  type: must(text('Resource, ContainerResource, Pods or Object.')),
  resource: resourceSchema,
  containerResource: containerSchema,
  pods: podsSchema,
  object: objectSchema,
  external: externalSchema,
});

const policySchema = objectOf<ScalingPolicy>('How much may change in how long.', {
  type: must(text('Pods or Percent.')),
  value: must(int32('So many pods, or percent of them.')),
  periodSeconds: must(int32('In so many seconds.')),
});

const rulesSchema = objectOf<ScalingRules>('How fast it goes in one direction.', {
  stabilizationWindowSeconds: int32('For how long the most cautious recommendation holds.'),
  selectPolicy: text('Max, Min or Disabled: which of the policies counts.'),
  policies: listOf('How much may change in how long.', policySchema),
  tolerance: quantity('Not looked at.'),
});

const behaviorSchema = objectOf<ScalingBehavior>('How fast it goes up and down.', {
  scaleUp: described('How fast it goes up.', rulesSchema),
  scaleDown: described('How fast it goes down.', rulesSchema),
});

const specSchema = objectOf<FederatedHPASpec>('What is scaled, between which bounds, by what.', {
  scaleTargetRef: must(described('The workload.', scaleTargetSchema)),
  minReplicas: int32('The fewest replicas, over all clusters.'),
  maxReplicas: must(int32('The most replicas, over all clusters.')),
  metrics: listOf('What is measured, and what it should come to; the one that asks for most decides.', metricSchema),
  behavior: behaviorSchema,
});

const valueSchema = objectOf<MetricValue>('What was measured.', {
  averageUtilization: int32('Percent of what the pods request, on average.'),
  averageValue: quantity('For each pod.'),
  value: quantity('Altogether.'),
});
const current = must(valueSchema);
const resourceName = must(text('The resource.'));

const metricStatusSchema = objectOf<MetricStatus>('What was last measured.', {
  type: must(text('Resource, ContainerResource, Pods or Object.')),
  resource: objectOf<ResourceReading>('Of a resource.', { name: resourceName, current }),
  containerResource: objectOf<ContainerResourceReading>('Of a resource of one container.', {
    name: resourceName,
    container: must(text('The container.')),
    current,
  }),
  pods: objectOf<PodsReading>('Of each pod.', { metric, current }),
  object: objectOf<ObjectReading>('Of one object.', { describedObject, metric, current }),
  external: objectOf<PodsReading>('Of what is outside.', { metric, current }),
});

const conditionSchema = objectOf<ScalingCondition>('One aspect of its state.', {
  type: must(text('AbleToScale, ScalingActive or ScalingLimited.')),
  status: must(text('Whether it holds: True, False or Unknown.') as SchemaOf<ConditionStatus>),
  reason: text('Why, as one word for programs.'),
  message: text('Why, as a sentence for people.'),
  lastTransitionTime: time('When its status last changed.'),
});

const statusSchema = objectOf<FederatedHPAStatus>('How it stands.', {
  observedGeneration: int64('The generation that this tells of.'),
  lastScaleTime: time('When it last scaled.'),
  currentReplicas: int32('As many are asked for.'),
  desiredReplicas: must(int32('As many were to be asked for.')),
  currentMetrics: {
    ...listOf('What was last measured, in the order of the metrics.', metricStatusSchema),
    nullable: true,
  } as SchemaOf<MetricStatus[] | null>,
  conditions: listOf('What state it is in.', conditionSchema, { keys: ['type'] }),
});

export const federatedHpaSchema: SchemaOf<FederatedHPA> = kindSchema<FederatedHPA>(
  'Scales a workload by what is measured over all its clusters.',
  { spec: must(specSchema), status: statusSchema },
);
