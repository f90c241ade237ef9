// The field numbers of the policy messages, in the notation of ../field-numbers.ts.
export const policyNumbers = `
Eviction: metadata, deleteOptions
PodDisruptionBudget: metadata, spec, status
PodDisruptionBudgetSpec: minAvailable, selector, maxUnavailable, unhealthyPodEvictionPolicy
PodDisruptionBudgetStatus: observedGeneration, disruptedPods, disruptionsAllowed, currentHealthy,
  desiredHealthy, expectedPods, conditions
`;
