// What an observer found broken: which rule, in what, and how.
import { type ObjectMeta, objectKey } from '../../kube/meta.ts';

export interface Violation {
  /** The rule's name, the same in every report. */
  readonly rule: string;
  /** "ResourceBinding default/web-deployment", "member m1: apps/deployments/default/web". */
  readonly about: string;
  readonly message: string;
}

export const violation = (rule: string, about: string, message: string): Violation => ({ rule, about, message });

/** "Kind namespace/name", as messages name objects. */
export const nameOf = ({ kind, metadata }: { readonly kind?: string; readonly metadata: ObjectMeta }): string =>
  `${kind ?? 'object'} ${objectKey(metadata.namespace, metadata.name)}`;
