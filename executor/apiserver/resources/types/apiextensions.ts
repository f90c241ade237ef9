// The fields of the apiextensions types, one type an entry, in the notation of ../type-notation.ts.
export const apiextensionsTypes = `
CustomResourceColumnDefinition: description string, format string, jsonPath* string, name* string, priority int32&,
  type* string
CustomResourceConversion: strategy* string, webhook WebhookConversion
CustomResourceDefinition: apiVersion string, kind string, metadata ObjectMeta, spec* CustomResourceDefinitionSpec,
  status CustomResourceDefinitionStatus^
CustomResourceDefinitionCondition: lastTransitionTime time^, message string, reason string, status* string,
  type* string
CustomResourceDefinitionNames: categories [string], kind* string, listKind string, plural* string,
  shortNames [string], singular string
CustomResourceDefinitionSpec: conversion CustomResourceConversion, group* string,
  names* CustomResourceDefinitionNames, preserveUnknownFields bool, scope* string,
  versions* [CustomResourceDefinitionVersion]
CustomResourceDefinitionStatus: acceptedNames CustomResourceDefinitionNames^,
  conditions [CustomResourceDefinitionCondition]#type^, storedVersions [string]^
CustomResourceDefinitionVersion: additionalPrinterColumns [CustomResourceColumnDefinition], deprecated bool,
  deprecationWarning string, name* string, schema CustomResourceValidation, selectableFields [SelectableField],
  served* bool, storage* bool, subresources CustomResourceSubresources
CustomResourceSubresourceScale: labelSelectorPath string, specReplicasPath* string, statusReplicasPath* string
CustomResourceSubresources: scale CustomResourceSubresourceScale, status any
CustomResourceValidation: openAPIV3Schema JSONSchemaProps
ExternalDocumentation: description string, url string
JSONSchemaProps: $ref string, $schema string, additionalItems any, additionalProperties any,
  allOf [JSONSchemaProps], anyOf [JSONSchemaProps], default any, definitions {JSONSchemaProps}, dependencies {any},
  description string, enum [any], example any, exclusiveMaximum bool, exclusiveMinimum bool,
  externalDocs ExternalDocumentation, format string, id string, items any, maxItems int64&, maxLength int64&,
  maxProperties int64&, maximum double&, minItems int64&, minLength int64&, minProperties int64&, minimum double&,
  multipleOf double&, not JSONSchemaProps, nullable bool, oneOf [JSONSchemaProps], pattern string,
  patternProperties {JSONSchemaProps}, properties {JSONSchemaProps}, required [string], title string, type string,
  uniqueItems bool, x-kubernetes-embedded-resource bool, x-kubernetes-int-or-string bool,
  x-kubernetes-list-map-keys [string], x-kubernetes-list-type string, x-kubernetes-map-type string,
  x-kubernetes-preserve-unknown-fields bool, x-kubernetes-validations [ValidationRule]#rule
SelectableField: jsonPath* string
ServiceReference: name* string, namespace* string, path string, port int32&
ValidationRule: fieldPath string, message string, messageExpression string, optionalOldSelf bool, reason string,
  rule* string
WebhookClientConfig: caBundle bytes, service ServiceReference, url string
WebhookConversion: clientConfig WebhookClientConfig, conversionReviewVersions* [string]
`;
