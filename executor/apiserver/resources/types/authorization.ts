// The fields of the authorization types, one type an entry, in the notation of ../type-notation.ts.
export const authorizationTypes = `
FieldSelectorAttributes: rawSelector string, requirements [FieldSelectorRequirement]
FieldSelectorRequirement: key* string, operator* string, values [string]
LabelSelectorAttributes: rawSelector string, requirements [LabelSelectorRequirement]
LocalSubjectAccessReview: apiVersion string, kind string, metadata ObjectMeta, spec* SubjectAccessReviewSpec,
  status SubjectAccessReviewStatus^
NonResourceAttributes: path string, verb string
NonResourceRule: nonResourceURLs [string], verbs* [string]
ResourceAttributes: fieldSelector FieldSelectorAttributes, group string, labelSelector LabelSelectorAttributes,
  name string, namespace string, resource string, subresource string, verb string, version string
ResourceRule: apiGroups [string], resourceNames [string], resources [string], verbs* [string]
SelfSubjectAccessReview: apiVersion string, kind string, metadata ObjectMeta, spec* SelfSubjectAccessReviewSpec,
  status SubjectAccessReviewStatus^
SelfSubjectAccessReviewSpec: nonResourceAttributes NonResourceAttributes, resourceAttributes ResourceAttributes
SelfSubjectRulesReview: apiVersion string, kind string, metadata ObjectMeta, spec* SelfSubjectRulesReviewSpec,
  status SubjectRulesReviewStatus^
SelfSubjectRulesReviewSpec: namespace string
SubjectAccessReview: apiVersion string, kind string, metadata ObjectMeta, spec* SubjectAccessReviewSpec,
  status SubjectAccessReviewStatus^
SubjectAccessReviewSpec: extra {[string]}, groups [string], nonResourceAttributes NonResourceAttributes,
  resourceAttributes ResourceAttributes, uid string, user string
SubjectAccessReviewStatus: allowed* bool, denied bool, evaluationError string, reason string
SubjectRulesReviewStatus: evaluationError string, incomplete* bool, nonResourceRules* [NonResourceRule],
  resourceRules* [ResourceRule]
`;
