// The fields of the autoscaling-v1 types, one type an entry, in the notation of ../type-notation.ts.
export const autoscalingV1Types = `
CrossVersionObjectReference: apiVersion string, kind* string, name* string
HorizontalPodAutoscaler: apiVersion string, kind string, metadata ObjectMeta, spec HorizontalPodAutoscalerSpec^,
  status HorizontalPodAutoscalerStatus^
HorizontalPodAutoscalerSpec: maxReplicas* int32, minReplicas int32&, scaleTargetRef* CrossVersionObjectReference,
  targetCPUUtilizationPercentage int32&
HorizontalPodAutoscalerStatus: currentCPUUtilizationPercentage int32&, currentReplicas* int32,
  desiredReplicas* int32, lastScaleTime time, observedGeneration int64
Scale: apiVersion string, kind string, metadata ObjectMeta, spec ScaleSpec^, status ScaleStatus^
ScaleSpec: replicas int32
ScaleStatus: replicas* int32, selector string
`;
