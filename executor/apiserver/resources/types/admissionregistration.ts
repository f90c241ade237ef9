// The fields of the admissionregistration types, one type an entry, in the notation of ../type-notation.ts.
export const admissionregistrationTypes = `
AuditAnnotation: key* string, valueExpression* string
ExpressionWarning: fieldRef* string, warning* string
MatchCondition: expression* string, name* string
MatchResources: excludeResourceRules [NamedRuleWithOperations], matchPolicy string,
  namespaceSelector LabelSelector!, objectSelector LabelSelector!, resourceRules [NamedRuleWithOperations]
MutatingWebhook: admissionReviewVersions* [string], clientConfig* WebhookClientConfig, failurePolicy string,
  matchConditions [MatchCondition]#name, matchPolicy string, name* string, namespaceSelector LabelSelector!,
  objectSelector LabelSelector!, reinvocationPolicy string, rules [RuleWithOperations], sideEffects* string,
  timeoutSeconds int32&
MutatingWebhookConfiguration: apiVersion string, kind string, metadata ObjectMeta, webhooks [MutatingWebhook]#name
NamedRuleWithOperations: apiGroups [string], apiVersions [string], operations [string], resourceNames [string],
  resources [string], scope string
ParamKind: apiVersion string, kind string
ParamRef: name string, namespace string, parameterNotFoundAction string, selector LabelSelector!
RuleWithOperations: apiGroups [string], apiVersions [string], operations [string], resources [string],
  scope string
ServiceReference: name* string, namespace* string, path string, port int32&
TypeChecking: expressionWarnings [ExpressionWarning]
ValidatingAdmissionPolicy: apiVersion string, kind string, metadata ObjectMeta,
  spec ValidatingAdmissionPolicySpec^, status ValidatingAdmissionPolicyStatus^
ValidatingAdmissionPolicyBinding: apiVersion string, kind string, metadata ObjectMeta,
  spec ValidatingAdmissionPolicyBindingSpec^
ValidatingAdmissionPolicyBindingSpec: matchResources MatchResources, paramRef ParamRef, policyName string,
  validationActions [string]
ValidatingAdmissionPolicySpec: auditAnnotations [AuditAnnotation], failurePolicy string,
  matchConditions [MatchCondition]#name, matchConstraints MatchResources, paramKind ParamKind,
  validations [Validation], variables [Variable]#name
ValidatingAdmissionPolicyStatus: conditions [Condition]#type, observedGeneration int64, typeChecking TypeChecking
ValidatingWebhook: admissionReviewVersions* [string], clientConfig* WebhookClientConfig, failurePolicy string,
  matchConditions [MatchCondition]#name, matchPolicy string, name* string, namespaceSelector LabelSelector!,
  objectSelector LabelSelector!, rules [RuleWithOperations], sideEffects* string, timeoutSeconds int32&
ValidatingWebhookConfiguration: apiVersion string, kind string, metadata ObjectMeta,
  webhooks [ValidatingWebhook]#name
Validation: expression* string, message string, messageExpression string, reason string
Variable: expression* string, name* string
WebhookClientConfig: caBundle bytes, service ServiceReference, url string
`;
