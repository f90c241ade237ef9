// The fields of the apiregistration types, one type an entry, in the notation of ../type-notation.ts.
export const apiregistrationTypes = `
APIService: apiVersion string, kind string, metadata ObjectMeta, spec APIServiceSpec^, status APIServiceStatus^
APIServiceCondition: lastTransitionTime time^, message string, reason string, status* string, type* string
APIServiceSpec: caBundle bytes, group string, groupPriorityMinimum* int32, insecureSkipTLSVerify bool,
  service ServiceReference, version string, versionPriority* int32
APIServiceStatus: conditions [APIServiceCondition]#type
ServiceReference: name string, namespace string, port int32&
`;
