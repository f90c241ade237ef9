// The way to a field inside a document, as steps and in the form that problems print: `spec.clusters[2].metadata["a.b/c"]`.
import { fieldPath } from '../../engine/index.ts';

export type Step = string | number;

export const formatPath = (steps: readonly Step[]): string =>
  steps.reduce<string>((path, step) => (typeof step === 'number' ? `${path}[${step}]` : fieldPath(path, step)), '');

const STEP = /\.?([^.[\]]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** The steps of a printed path; where the text is none, those up to there. */
export function parsePath(path: string): Step[] {
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (match === null) break;
    const [, name, index, quoted] = match;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(quoted === undefined ? name! : (JSON.parse(quoted) as string));
  }
  return steps;
}
