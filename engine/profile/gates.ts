// Karmada's feature gates that decide anything here, by their own names.

export interface Gates {
  readonly CustomizedClusterResourceModeling: boolean;
  readonly Failover: boolean;
  readonly FederatedQuotaEnforcement: boolean;
  readonly GracefulEviction: boolean;
  readonly MultiClusterService: boolean;
  readonly MultiplePodTemplatesScheduling: boolean;
  readonly PriorityBasedScheduling: boolean;
  readonly PropagateDeps: boolean;
  readonly PropagationPolicyPreemption: boolean;
  readonly SchedulingOvercommitProtection: boolean;
  readonly StatefulFailoverInjection: boolean;
  readonly WorkloadAffinity: boolean;
}

export const KARMADA_GATES: Gates = {
  CustomizedClusterResourceModeling: true,
  Failover: false,
  FederatedQuotaEnforcement: false,
  GracefulEviction: true,
  MultiClusterService: false,
  MultiplePodTemplatesScheduling: false,
  PriorityBasedScheduling: true,
  PropagateDeps: true,
  PropagationPolicyPreemption: false,
  SchedulingOvercommitProtection: false,
  StatefulFailoverInjection: false,
  WorkloadAffinity: false,
};

export const MUSTER_GATES: Gates = {
  CustomizedClusterResourceModeling: true,
  Failover: true,
  FederatedQuotaEnforcement: true,
  GracefulEviction: true,
  MultiClusterService: true,
  MultiplePodTemplatesScheduling: true,
  PriorityBasedScheduling: true,
  PropagateDeps: true,
  PropagationPolicyPreemption: true,
  SchedulingOvercommitProtection: true,
  StatefulFailoverInjection: true,
  WorkloadAffinity: true,
};
