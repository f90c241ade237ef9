// The command and args overriders: append words to, or take words from, what one container runs.
import type { CommandArgsOverrider } from '../../api/override.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { PropagationError } from '../errors.ts';
import { type Fields, listAt, valueAt } from '../fields.ts';
import { patchObject } from './patch.ts';

const TEMPLATED_KINDS = ['ReplicaSet', 'Deployment', 'DaemonSet', 'StatefulSet', 'Job'];

export function overrideCommandArgs(
  object: KubeObject,
  field: 'command' | 'args',
  overrider: CommandArgsOverrider,
): KubeObject {
  const path = containersPath(object.kind);
  if (path === null) return object;
  const edits = [...listAt(object, ...path).entries()]
    .filter(([, container]) => container.name === overrider.containerName)
    .map(([at, container]) => ({
      op: 'add',
      path: `/${path.join('/')}/${at}/${field}`,
      value: changedWords(wordsOf(container, field), overrider),
    }));
  return patchObject(object, edits, `${field}Overrider`);
}

function containersPath(kind: string): readonly [string, ...string[]] | null {
  if (kind === 'Pod') return ['spec', 'containers'];
  return TEMPLATED_KINDS.includes(kind) ? ['spec', 'template', 'spec', 'containers'] : null;
}

function wordsOf(container: Fields, field: string): string[] {
  const words = valueAt(container, field) ?? [];
  if (!Array.isArray(words) || words.some((word) => typeof word !== 'string')) {
    throw new PropagationError(`${field}Overrider: ${field} of container "${container.name}" must be a list of texts`);
  }
  return words;
}

/** An unknown operator changes nothing. */
function changedWords(words: readonly string[], overrider: CommandArgsOverrider): string[] {
  const { operator } = overrider;
  const value = overrider.value ?? [];
  switch (operator) {
    case 'add':
      return [...words, ...value];
    case 'remove':
      return words.filter((word) => !value.includes(word));
    default:
      return [...words];
  }
}
