// The fields of the metadata types, one type an entry, in the notation of ../type-notation.ts.
export const metaTypes = `
Condition: lastTransitionTime* time, message* string, observedGeneration int64, reason* string, status* string,
  type* string
DeleteOptions: apiVersion string, dryRun [string], gracePeriodSeconds int64&,
  ignoreStoreReadErrorWithClusterBreakingPotential bool, kind string, orphanDependents bool&,
  preconditions Preconditions, propagationPolicy string
LabelSelector: matchExpressions [LabelSelectorRequirement], matchLabels {string}
LabelSelectorRequirement: key* string, operator* string, values [string]
ListMeta: continue string, remainingItemCount int64&, resourceVersion string, selfLink string
ManagedFieldsEntry: apiVersion string, fieldsType string, fieldsV1 any, manager string, operation string,
  subresource string, time time
ObjectMeta: annotations {string}, creationTimestamp time, deletionGracePeriodSeconds int64&,
  deletionTimestamp time, finalizers [string]+, generateName string, generation int64, labels {string},
  managedFields [ManagedFieldsEntry], name string, namespace string, ownerReferences [OwnerReference!]#uid,
  resourceVersion string, selfLink string, uid string
OwnerReference: apiVersion* string, blockOwnerDeletion bool&, controller bool&, kind* string, name* string,
  uid* string
Preconditions: resourceVersion string, uid string
`;
