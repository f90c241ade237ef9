// The schema of a whole kind: its type and metadata, which all kinds share, and what is its own.
import { objectMetaSchema } from './kube-types.ts';
import { described, type FieldSchemas, type ObjectOptions, objectOf, type SchemaOf, text } from './typed-schema.ts';

interface Shared {
  apiVersion?: unknown;
  kind?: unknown;
  metadata: unknown;
}

export function kindSchema<T extends Shared>(
  description: string,
  own: FieldSchemas<Omit<T, keyof Shared>>,
  options: ObjectOptions = {},
): SchemaOf<T> {
  const schema = objectOf<Omit<T, keyof Shared>>(description, own, options);
  return {
    ...schema,
    properties: {
      apiVersion: text('The API group and version in which the object is written.'),
      kind: text('The kind of the object.'),
      metadata: described('Name, labels and all else that every object has.', objectMetaSchema),
      ...schema.properties,
    },
  } as SchemaOf<T>;
}
