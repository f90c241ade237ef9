// The fields of Karmada's kinds that the engine has no types of its own for, in the notation of ../type-notation.ts.
export const karmadaTypes = `
AggregatedQuota: clusterName* string, hard {quantity}, used {quantity}
BackendStore: openSearch OpenSearchStore
ClusterAffinity: clusterNames [string], exclude [string], fieldSelector FieldSelector, labelSelector LabelSelector!
ClusterConditionMatch: conditionStatus* string, conditionType* string,
  operator* string|Equal|NotEqual
ClusterNames: clusterNames [string]
ClusterTaintPolicySpec: addOnConditions [MatchCondition], removeOnConditions [MatchCondition],
  targetClusters ClusterAffinity, taints* [PolicyTaint]<1
Customizations: componentResource LuaScript, dependencyInterpretation LuaScript, healthInterpretation LuaScript,
  replicaResource LuaScript, replicaRevision LuaScript, retention LuaScript, statusAggregation LuaScript,
  statusReflection LuaScript
CustomizationTarget: apiVersion* string, kind* string
DecisionMatch: clusterConditionMatch ClusterConditionMatch
FederatedResourceQuotaSpec: overall* {quantity}, staticAssignments [StaticAssignment]
FederatedResourceQuotaStatus: aggregatedStatus [AggregatedQuota], overall {quantity}, overallUsed {quantity}
FieldSelector: matchExpressions [NodeSelectorRequirement]
InterpreterRule: apiGroups* [string], apiVersions* [string], kinds* [string], operations* [string]
InterpreterWebhook: clientConfig* WebhookClientConfig, interpreterContextVersions* [string], name* string,
  rules [InterpreterRule], timeoutSeconds int32=10
LuaScript: luaScript* string
MatchCondition: conditionType* string, operator* string|In|NotIn, statusValues* [string]
MultiClusterIngressStatus: loadBalancer IngressLoadBalancerStatus, serviceLocations [ServiceLocation],
  trafficBlockClusters [string]
ObservedWorkload: reason string|ReferencedBindingNotFound, result string|Successful|Failed,
  workload* WorkloadReference
OpenSearchStore: addresses* [string], secretRef* SecretPlace
PolicyTaint: effect* string|NoSchedule|NoExecute|PreferNoSchedule, key* string, value string
RegistrySelector: apiVersion* string, kind* string, namespace string
RemedySpec: actions [string], clusterAffinity ClusterNames, decisionMatches [DecisionMatch]
ResourceInterpreterCustomizationSpec: customizations* Customizations, target* CustomizationTarget
ResourceRegistrySpec: backendStore BackendStore, resourceSelectors* [RegistrySelector],
  targetCluster* ClusterAffinity
SecretPlace: name* string, namespace* string
ServiceLocation: clusters [string], name* string
StaticAssignment: clusterName* string, hard* {quantity}
StatusWithConditions: conditions [Condition]#type
WebhookClientConfig: caBundle bytes, service WebhookService, url string
WebhookService: name* string, namespace* string, path string, port int32
WorkloadReference: apiVersion* string, kind* string, name* string, namespace string
WorkloadRebalancerSpec: ttlSecondsAfterFinished int32, workloads* [WorkloadReference]<1
WorkloadRebalancerStatus: finishTime time, observedGeneration int64, observedWorkloads [ObservedWorkload]
`;
