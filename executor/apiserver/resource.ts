// One served resource in one version: what discovery tells of it, what its objects look like, and where they are kept.
import type { KubeObject, TypeShape } from '../../engine/index.ts';
import type { ColumnSet } from './resources/columns.ts';
import type { BuiltinShape } from './resources/type-notation.ts';

export interface Subresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

export interface ScalePaths {
  readonly spec: string;
  readonly status: string;
  readonly selector: string | null;
}

/** How a custom resource completes, prunes and checks its objects. */
export interface CustomRules {
  /** The plural name of its definition, which is also its object's name. */
  readonly definition: string;
  readonly preservesUnknown: boolean;
  readonly deprecation: string | null;
  readonly isTerminating: () => boolean;
  readonly selectable: ReadonlyMap<string, string>;
}

export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly Subresource[];
  readonly shape: TypeShape;
  /** Null for custom resources. */
  readonly builtin: BuiltinShape | null;
  readonly custom: CustomRules | null;
  readonly columns: ColumnSet;
  /** Where objects are kept: versions of one resource share it. */
  readonly collection: string;
  readonly toStored: (object: KubeObject) => KubeObject;
  readonly fromStored: (object: KubeObject) => KubeObject;
  readonly scale: ScalePaths | null;
}

export const hasSubresource = (resource: Resource, name: string): boolean =>
  resource.subresources.some((one) => one.name === name);

export const apiVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group === '' ? version : `${group}/${version}`;

export const namedOf = ({ group, plural }: Resource): { group: string; resource: string } => ({
  group,
  resource: plural,
});
