// Which references to other objects nobody can follow: for one such, Karmada refuses all that an object refers to.
import { parseSelector } from '../../kube/selector.ts';
import { PropagationError } from '../errors.ts';
import type { DependentReference } from './interpreter.ts';

/** Throws PropagationError for the first that nobody can follow. */
export function verifyReferences(references: readonly DependentReference[]): readonly DependentReference[] {
  for (const reference of references) {
    const problem = problemOf(reference);
    if (problem !== null) {
      const { apiVersion, kind, name } = reference;
      const named = [apiVersion, kind, name].filter((part) => part).join(' ');
      throw new PropagationError(`the reference to ${named || 'another object'} ${problem}`);
    }
  }
  return references;
}

function problemOf({ apiVersion, kind, name, labelSelector }: DependentReference): string | null {
  if (!apiVersion) return 'has no apiVersion';
  if (!kind) return 'has no kind';
  if (!name && !labelSelector) return 'has neither a name nor a labelSelector';
  const { problem } = parseSelector(labelSelector);
  return problem === null ? null : `has a labelSelector that selects nothing: ${problem}`;
}
