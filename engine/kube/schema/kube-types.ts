// Schemas of the Kubernetes types that many kinds hold: metadata, conditions, selectors, taints, tolerations, quantities.
import type { Condition, ManagedFieldsEntry, ObjectMeta, OwnerReference } from '../meta.ts';
import type { LabelSelector, LabelSelectorRequirement } from '../selector.ts';
import type { Taint, Toleration } from '../taint.ts';
import {
  filled,
  flag,
  int64,
  listOf,
  mapOf,
  must,
  nullable,
  objectOf,
  oneOf,
  openObject,
  type SchemaOf,
  text,
  textList,
  textMap,
  time,
} from './typed-schema.ts';

const QUANTITY =
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$';

/** An amount such as "500m", "4Gi" or 2. */
export const quantity = (description: string): SchemaOf<string | number> => ({
  description,
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  pattern: QUANTITY,
  example: '4Gi',
  'x-kubernetes-int-or-string': true,
});

export const resourceList = (description: string): SchemaOf<Record<string, string | number>> =>
  mapOf(description, quantity('The amount.'));

const QUALIFIED_TYPE =
  '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$';
export const REASON = '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$';

export const conditionSchema = objectOf<Condition>('One aspect of the state that was observed.', {
  type: must(
    text('Which aspect, in camel case: Ready, Scheduled.', {
      maxLength: 316,
      pattern: QUALIFIED_TYPE,
      example: 'Ready',
    }),
  ),
  status: must(oneOf('Whether it holds.', ['True', 'False', 'Unknown'])),
  reason: must(
    filled('Why it last changed, as one word for programs.', { maxLength: 1024, pattern: REASON, example: 'Success' }),
  ),
  message: must(text('Why it last changed, as a sentence for people.', { maxLength: 32_768 })),
  lastTransitionTime: must(time('When its status last changed.')),
  observedGeneration: int64('The generation of the object that this was said of.', { minimum: 0 }),
});

export const conditions = (description: string): SchemaOf<Condition[]> =>
  listOf(description, conditionSchema, { keys: ['type'] });

const labelRequirementSchema = objectOf<LabelSelectorRequirement>('One demand on the labels.', {
  key: must(text('The key of the label.')),
  operator: must(text('What is demanded: In, NotIn, Exists or DoesNotExist.')),
  values: textList('The values for In and NotIn; none for the others.'),
});

export const labelSelectorSchema = objectOf<LabelSelector>(
  'Which labels something must have; all demands together.',
  {
    matchLabels: textMap('Labels that must be there with these values.'),
    matchExpressions: listOf('Further demands on labels.', labelRequirementSchema),
  },
  { atomic: true },
);

export const tolerationSchema = objectOf<Toleration>('The taints that do not matter.', {
  key: text('The key of the taints; empty means every key, with operator Exists.'),
  operator: text('Exists, or Equal, which is meant where it is left out.'),
  value: text('The value of the taints, for Equal.'),
  effect: text('The effect of the taints: NoSchedule, PreferNoSchedule or NoExecute; empty means every effect.'),
  tolerationSeconds: int64('How long a NoExecute taint does not matter; for ever where it is left out.'),
});

export const taintSchema = objectOf<Taint>('A mark that keeps away what does not tolerate it.', {
  key: must(text('What the mark is called.')),
  value: text('A value for tolerations to ask for.'),
  effect: must(oneOf('What happens to what does not tolerate it.', ['NoSchedule', 'PreferNoSchedule', 'NoExecute'])),
  timeAdded: time('Since when a NoExecute taint is there.'),
});

const ownerReferenceSchema = objectOf<OwnerReference>('An object that this one goes with.', {
  apiVersion: must(text('The API version of the owner.')),
  kind: must(text('The kind of the owner.')),
  name: must(text('The name of the owner.')),
  uid: must(text('The identity of the owner.')),
  controller: flag('Whether the owner is the one that manages this object.'),
  blockOwnerDeletion: flag('Whether the owner stays, when it is deleted in the foreground, until this object is gone.'),
});

const managedFieldsSchema = objectOf<ManagedFieldsEntry>('The fields that one manager wrote.', {
  manager: text('Who wrote them.'),
  operation: oneOf('How they were written.', ['Apply', 'Update']),
  apiVersion: text('The API version in which they were written.'),
  time: time('When they were last written.'),
  fieldsType: oneOf('The form of the fields.', ['FieldsV1']),
  fieldsV1: openObject('The fields.') as SchemaOf<Record<string, unknown>>,
  subresource: text('The subresource through which they were written.'),
});

const namedMetaSchema = objectOf<ObjectMeta>('What every object has: its name and what is tied to it.', {
  name: must(text('Its name, unique among objects of its kind in its namespace.')),
  generateName: text('The beginning of a name that the server completes.'),
  namespace: text('The namespace that it is in.'),
  uid: text('Its identity, which no later object of the same name has.'),
  resourceVersion: text('The revision of the store at which it was written.'),
  generation: int64('How often what is wished of it changed.'),
  creationTimestamp: nullable(time('When it was made.')),
  deletionTimestamp: time('When its deletion was asked for.'),
  deletionGracePeriodSeconds: int64('How long it has to end by itself.'),
  labels: textMap('Marks by which it is selected.'),
  annotations: textMap('Notes that nothing is selected by.'),
  finalizers: textList('What has to be done before it is gone; each name is taken away by who did it.', {
    set: true,
  }),
  ownerReferences: listOf('The objects that it goes with.', ownerReferenceSchema, { keys: ['uid'] }),
  managedFields: listOf('Who wrote which of its fields.', managedFieldsSchema),
});

/** A name may still be made from its beginning: that one of the two is there is a rule of its own. */
export const objectMetaSchema: SchemaOf<ObjectMeta> = { ...namedMetaSchema, required: [] };
