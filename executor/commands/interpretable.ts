// Manifests that do not say what they ask for in the way of their kind are refused before anything is decided.
import { type Interpreter, interpreterWith, type KubeObject, PropagationError } from '../../engine/index.ts';
import type { DesiredState } from '../files/desired-state.ts';
import { type FileProblem, FileProblems } from '../files/file-problem.ts';

type Subjects = Pick<DesiredState, 'templates' | 'customizations'>;

export function refuseUninterpretable({ templates, customizations }: Subjects): void {
  const interpreter = interpreterWith(customizations.map(({ object }) => object));
  const problems = templates.flatMap(({ object, origin }): FileProblem[] => {
    const message = problemOf(object, interpreter);
    if (message === null) return [];
    // Most begin with the field that they are about.
    const [field] = /^spec[\w.-]*/.exec(message) ?? [];
    const subject = `${object.kind} ${object.metadata.name} does not say what it asks for`;
    return [{ ...origin.place(field), path: '', message: `${subject}: ${message}` }];
  });
  if (problems.length > 0) throw new FileProblems(problems);
}

function problemOf(object: KubeObject, interpreter: Interpreter): string | null {
  try {
    interpreter.replicas(object);
    interpreter.components(object);
    return null;
  } catch (error) {
    if (error instanceof PropagationError) return error.message;
    throw error;
  }
}
