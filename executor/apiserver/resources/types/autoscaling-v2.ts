// The fields of the autoscaling-v2 types, one type an entry, in the notation of ../type-notation.ts.
export const autoscalingV2Types = `
ContainerResourceMetricSource: container* string, name* string, target* MetricTarget
ContainerResourceMetricStatus: container* string, current* MetricValueStatus, name* string
CrossVersionObjectReference: apiVersion string, kind* string, name* string
ExternalMetricSource: metric* MetricIdentifier, target* MetricTarget
ExternalMetricStatus: current* MetricValueStatus, metric* MetricIdentifier
HPAScalingPolicy: periodSeconds* int32, type* string, value* int32
HPAScalingRules: policies [HPAScalingPolicy], selectPolicy string, stabilizationWindowSeconds int32&,
  tolerance quantity
HorizontalPodAutoscaler: apiVersion string, kind string, metadata ObjectMeta, spec HorizontalPodAutoscalerSpec^,
  status HorizontalPodAutoscalerStatus^
HorizontalPodAutoscalerBehavior: scaleDown HPAScalingRules, scaleUp HPAScalingRules
HorizontalPodAutoscalerCondition: lastTransitionTime time^, message string, reason string, status* string,
  type* string
HorizontalPodAutoscalerSpec: behavior HorizontalPodAutoscalerBehavior, maxReplicas* int32, metrics [MetricSpec],
  minReplicas int32&, scaleTargetRef* CrossVersionObjectReference
HorizontalPodAutoscalerStatus: conditions [HorizontalPodAutoscalerCondition]#type, currentMetrics [MetricStatus]^,
  currentReplicas int32, desiredReplicas* int32, lastScaleTime time, observedGeneration int64
MetricIdentifier: name* string, selector LabelSelector!
MetricSpec: containerResource ContainerResourceMetricSource, external ExternalMetricSource,
  object ObjectMetricSource, pods PodsMetricSource, resource ResourceMetricSource, type* string
MetricStatus: containerResource ContainerResourceMetricStatus, external ExternalMetricStatus,
  object ObjectMetricStatus, pods PodsMetricStatus, resource ResourceMetricStatus, type* string
MetricTarget: averageUtilization int32&, averageValue quantity, type* string, value quantity
MetricValueStatus: averageUtilization int32&, averageValue quantity, value quantity
ObjectMetricSource: describedObject* CrossVersionObjectReference, metric* MetricIdentifier, target* MetricTarget
ObjectMetricStatus: current* MetricValueStatus, describedObject* CrossVersionObjectReference,
  metric* MetricIdentifier
PodsMetricSource: metric* MetricIdentifier, target* MetricTarget
PodsMetricStatus: current* MetricValueStatus, metric* MetricIdentifier
ResourceMetricSource: name* string, target* MetricTarget
ResourceMetricStatus: current* MetricValueStatus, name* string
`;
