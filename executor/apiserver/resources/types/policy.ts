// The fields of the policy types, one type an entry, in the notation of ../type-notation.ts.
export const policyTypes = `
Eviction: apiVersion string, deleteOptions DeleteOptions, kind string, metadata ObjectMeta
PodDisruptionBudget: apiVersion string, kind string, metadata ObjectMeta, spec PodDisruptionBudgetSpec^,
  status PodDisruptionBudgetStatus^
PodDisruptionBudgetSpec: maxUnavailable intOrString, minAvailable intOrString, selector LabelSelector!,
  unhealthyPodEvictionPolicy string
PodDisruptionBudgetStatus: conditions [Condition]#type, currentHealthy* int32, desiredHealthy* int32,
  disruptedPods {time}, disruptionsAllowed* int32, expectedPods* int32, observedGeneration int64
`;
