// Structural schemas as custom resource definitions write them: OpenAPI with Kubernetes' extensions, as plain data.
import type { TypeShape } from '../type-shape.ts';

/** A rule in CEL; it is declared here and evaluated by whoever is handed in. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly fieldPath?: string;
  readonly reason?: string;
  readonly optionalOldSelf?: boolean;
}

export interface StructuralSchema extends TypeShape {
  readonly title?: string;
  /** A value that would be right, for whoever wrote a wrong one. */
  readonly example?: unknown;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly items?: StructuralSchema;
  readonly additionalProperties?: StructuralSchema | boolean;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly StructuralSchema[];
  readonly anyOf?: readonly StructuralSchema[];
  readonly oneOf?: readonly StructuralSchema[];
  readonly not?: StructuralSchema;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

/** What one field of an object may hold: declared, or as the map's values; undefined where nothing is said of it. */
export function schemaOfField(schema: StructuralSchema, field: string): StructuralSchema | undefined {
  const declared = schema.properties;
  if (declared !== undefined && Object.hasOwn(declared, field)) return declared[field];
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}
