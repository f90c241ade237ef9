// The shape of a type, as far as merging and field ownership need it: an OpenAPI schema with Kubernetes' extensions.

export interface TypeShape {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, TypeShape>>;
  readonly items?: TypeShape;
  readonly additionalProperties?: TypeShape | boolean;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
}

/** The shape of one field: declared, or what the map holds, or null where nothing is declared. */
export function fieldShape(shape: TypeShape | null | undefined, field: string): TypeShape | null {
  if (shape === null || shape === undefined) return null;
  const declared = shape.properties;
  if (declared !== undefined && Object.hasOwn(declared, field)) return declared[field] ?? null;
  const extra = shape.additionalProperties;
  return typeof extra === 'object' ? extra : null;
}

/** Whether undeclared fields are at home here: anything goes, or a map of anything. */
export const isOpen = (shape: TypeShape | null | undefined): boolean =>
  shape === null ||
  shape === undefined ||
  shape['x-kubernetes-preserve-unknown-fields'] === true ||
  shape.additionalProperties === true;

export type ListKind =
  | { readonly kind: 'atomic' }
  | { readonly kind: 'set' }
  | { readonly kind: 'map'; readonly keys: readonly string[] };

export function listKind(shape: TypeShape | null | undefined): ListKind {
  const kind = shape?.['x-kubernetes-list-type'];
  if (kind === 'set') return { kind: 'set' };
  const keys = shape?.['x-kubernetes-list-map-keys'];
  if (kind === 'map' && keys !== undefined && keys.length > 0) return { kind: 'map', keys };
  return { kind: 'atomic' };
}

export const isAtomicMap = (shape: TypeShape | null | undefined): boolean =>
  shape?.['x-kubernetes-map-type'] === 'atomic';
