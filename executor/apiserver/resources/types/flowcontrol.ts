// The fields of the flowcontrol types, one type an entry, in the notation of ../type-notation.ts.
export const flowcontrolTypes = `
ExemptPriorityLevelConfiguration: lendablePercent int32&, nominalConcurrencyShares int32&
FlowDistinguisherMethod: type* string
FlowSchema: apiVersion string, kind string, metadata ObjectMeta, spec FlowSchemaSpec^, status FlowSchemaStatus^
FlowSchemaCondition: lastTransitionTime time^, message string, reason string, status string, type string
FlowSchemaSpec: distinguisherMethod FlowDistinguisherMethod, matchingPrecedence int32&,
  priorityLevelConfiguration* PriorityLevelConfigurationReference, rules [PolicyRulesWithSubjects]
FlowSchemaStatus: conditions [FlowSchemaCondition]#type
GroupSubject: name* string
LimitResponse: queuing QueuingConfiguration, type* string
LimitedPriorityLevelConfiguration: borrowingLimitPercent int32&, lendablePercent int32&,
  limitResponse LimitResponse, nominalConcurrencyShares int32&
NonResourcePolicyRule: nonResourceURLs* [string], verbs* [string]
PolicyRulesWithSubjects: nonResourceRules [NonResourcePolicyRule], resourceRules [ResourcePolicyRule],
  subjects* [Subject]
PriorityLevelConfiguration: apiVersion string, kind string, metadata ObjectMeta,
  spec PriorityLevelConfigurationSpec^, status PriorityLevelConfigurationStatus^
PriorityLevelConfigurationCondition: lastTransitionTime time^, message string, reason string, status string,
  type string
PriorityLevelConfigurationReference: name* string
PriorityLevelConfigurationSpec: exempt ExemptPriorityLevelConfiguration, limited LimitedPriorityLevelConfiguration,
  type* string
PriorityLevelConfigurationStatus: conditions [PriorityLevelConfigurationCondition]#type
QueuingConfiguration: handSize int32&, queueLengthLimit int32&, queues int32&
ResourcePolicyRule: apiGroups* [string], clusterScope bool, namespaces [string], resources* [string],
  verbs* [string]
ServiceAccountSubject: name* string, namespace* string
Subject: group GroupSubject, kind* string, serviceAccount ServiceAccountSubject, user UserSubject!
UserSubject: name* string
`;
