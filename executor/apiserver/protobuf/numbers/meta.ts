// The field numbers of the meta messages, in the notation of ../field-numbers.ts.
export const metaNumbers = `
Condition: type, status, observedGeneration, lastTransitionTime, reason, message
DeleteOptions: gracePeriodSeconds, preconditions, orphanDependents, propagationPolicy, dryRun,
  ignoreStoreReadErrorWithClusterBreakingPotential
LabelSelector: matchLabels, matchExpressions
LabelSelectorRequirement: key, operator, values
ListMeta: selfLink, resourceVersion, continue, remainingItemCount
ManagedFieldsEntry: manager, operation, apiVersion, time, 6 fieldsType, fieldsV1, subresource
ObjectMeta: name, generateName, namespace, selfLink, uid, resourceVersion, generation, creationTimestamp,
  deletionTimestamp, deletionGracePeriodSeconds, labels, annotations, ownerReferences, finalizers,
  17 managedFields
OwnerReference: kind, 3 name, uid, apiVersion, controller, blockOwnerDeletion
Preconditions: uid, resourceVersion
`;
