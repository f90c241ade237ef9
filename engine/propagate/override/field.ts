// The field overrider: edits a JSON or YAML document that lies as text in a field, such as a ConfigMap's data.
import type { FieldOverrider, FieldPatchOperation } from '../../api/override.ts';
import { applyJsonPatch } from '../../kube/json-patch.ts';
import { parsePointer } from '../../kube/json-pointer.ts';
import { parseJsonText, printJsonText } from '../../kube/json-text.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { PropagationError } from '../errors.ts';
import { patchDocument, patchObject } from './patch.ts';

/** YAML 1.1 to JSON text and back, as Kubernetes' own library reads and prints it; the engine brings no parser. */
export interface YamlCodec {
  /** Throws an error with a readable message where the text is no YAML or has no equal in JSON. */
  toJson(yaml: string): string;
  fromJson(json: string): string;
}

export function overrideField(object: KubeObject, overrider: FieldOverrider, yaml: YamlCodec): KubeObject {
  const { fieldPath } = overrider;
  const text = textAtPointer(object, fieldPath);
  // With neither list the field ends up empty, as Karmada leaves it.
  let edited = '';
  if (overrider.yaml?.length)
    edited = yaml.fromJson(editJson(toJson(text, fieldPath, yaml), overrider.yaml, fieldPath));
  else if (overrider.json?.length) edited = editJson(text, overrider.json, fieldPath);
  return patchObject(object, [{ op: 'replace', path: fieldPath, value: edited }], 'fieldOverrider');
}

/** Copying a value to the root of a new document reads it with the very rules by which it will be written. */
function textAtPointer(object: KubeObject, fieldPath: string): string {
  if (parsePointer(fieldPath) === null) {
    throw new PropagationError(`fieldOverrider: fieldPath "${fieldPath}" is no JSON pointer`);
  }
  const read = applyJsonPatch(object, [{ op: 'copy', from: fieldPath, path: '' }]);
  if (!read.ok) throw new PropagationError(`fieldOverrider: ${read.error.message}`);
  if (typeof read.document !== 'string') {
    throw new PropagationError(`fieldOverrider: the value at "${fieldPath}" is not a text`);
  }
  return read.document;
}

function toJson(text: string, fieldPath: string, yaml: YamlCodec): string {
  try {
    return yaml.toJson(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PropagationError(`fieldOverrider: the text at "${fieldPath}" is not YAML: ${reason}`);
  }
}

function editJson(text: string, operations: readonly FieldPatchOperation[], fieldPath: string): string {
  const document = parseJsonText(text);
  if (document === null) throw new PropagationError(`fieldOverrider: the text at "${fieldPath}" is not JSON`);
  const edits = operations.map(({ operator, subPath, value }) => ({ op: operator, path: subPath, value }));
  return printJsonText(patchDocument(document, edits, `fieldOverrider at "${fieldPath}"`));
}
