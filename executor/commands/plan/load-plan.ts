// A plan from a file that "muster plan --out" wrote, or made of a directory of manifests.
import { stat } from 'node:fs/promises';
import {
  fields,
  filledText,
  isObject,
  listOf,
  oneOf,
  type Plan,
  problemsOf,
  type Shape,
} from '../../../engine/index.ts';
import { FileProblems } from '../../files/file-problem.ts';
import { readText } from '../../files/read-text.ts';
import { readDocuments } from '../../files/yaml.ts';
import type { Arguments } from '../../terminal/command.ts';
import { loadGiven } from '../manifests-and-fleet.ts';
import { planOf } from './plan-of.ts';

/** A plan, or manifests that are planned on the fleet of the arguments. */
export const loadPlan = async (name: string, args: Arguments): Promise<Plan> =>
  (await readPlan(name)) ?? planOf(await loadGiven(args, [name]));

/** Null where it is something else. */
export async function readPlan(name: string): Promise<Plan | null> {
  const isDirectory = name !== '-' && (await stat(name).catch(() => null))?.isDirectory() === true;
  if (isDirectory) return null;
  const { documents, problems } = readDocuments(await readText(name), name);
  if (problems.length > 0) throw new FileProblems(problems);
  const [document] = documents;
  if (documents.length !== 1 || !isObject(document!.value) || document!.value.kind !== 'Plan') return null;
  const wrong = problemsOf(planShape, document!.value);
  if (wrong.length > 0) {
    throw new FileProblems(wrong.map(({ path, message }) => ({ ...document!.place(path), path, message })));
  }
  return document!.value as unknown as Plan;
}

const cluster: Shape = fields(
  { name: filledText, manifest: fields({ apiVersion: filledText, kind: filledText }, {}) },
  {},
);

const planShape: Shape = fields(
  {
    apiVersion: oneOf('muster/v1alpha1'),
    kind: oneOf('Plan'),
    workloads: listOf(
      fields(
        {
          kind: filledText,
          name: filledText,
          outcome: oneOf('placed', 'follows', 'unplaced', 'unselected'),
          clusters: listOf(cluster),
        },
        {},
      ),
    ),
  },
  {},
);
