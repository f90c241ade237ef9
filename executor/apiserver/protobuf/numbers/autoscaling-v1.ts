// The field numbers of the autoscaling/v1 messages, in the notation of ../field-numbers.ts.
export const autoscalingV1Numbers = `
CrossVersionObjectReference: kind, name, apiVersion
HorizontalPodAutoscaler: metadata, spec, status
HorizontalPodAutoscalerSpec: scaleTargetRef, minReplicas, maxReplicas, targetCPUUtilizationPercentage
HorizontalPodAutoscalerStatus: observedGeneration, lastScaleTime, currentReplicas, desiredReplicas,
  currentCPUUtilizationPercentage
Scale: metadata, spec, status
ScaleSpec: replicas
ScaleStatus: replicas, selector
`;
