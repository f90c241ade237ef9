// How every overrider edits the object in the end: a JSON patch, whose failure is told with the overrider's name.
import { applyJsonPatch } from '../../kube/json-patch.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { PropagationError } from '../errors.ts';

export interface Edit {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

export const patchObject = (object: KubeObject, edits: readonly Edit[], overrider: string): KubeObject =>
  patchDocument(object, edits, overrider) as KubeObject;

/** A value that is not given counts as null. */
export function patchDocument(document: unknown, edits: readonly Edit[], overrider: string): unknown {
  const operations = edits.map(({ op, path, value }) => ({ op, path, value: value ?? null }));
  const result = applyJsonPatch(document, operations, 'kubernetes');
  if (result.ok) return result.document;
  const { op, path, message } = result.error;
  throw new PropagationError(`${overrider}: cannot ${op} "${path}": ${message}`);
}
