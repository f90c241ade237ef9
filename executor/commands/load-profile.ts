// The profile that a command is to decide by: one of the built-in ones by name, or a file that changes one of them.
import { readFile } from 'node:fs/promises';
import {
  expressionScore,
  findProfile,
  formatProblem,
  type Profile,
  readProfile,
  SCORE_ANNOTATION,
  type ScorePlugin,
} from '../../engine/index.ts';
import { whyUnreadable } from '../files/read-text.ts';
import { ExpressionError } from '../script/expression.ts';
import { compileScore } from '../script/score-expression.ts';
import { yamlCodec } from '../script/yaml-codec.ts';
import { CommandError } from '../terminal/command.ts';

export async function loadProfile(nameOrFile: string): Promise<Profile> {
  const known = findProfile(nameOrFile);
  if (known !== null) return known;
  const reading = readProfile(await readDocument(nameOrFile));
  if (reading.ok) return reading.value;
  throw new CommandError(`${nameOrFile} is no profile: ${reading.problems.map(formatProblem).join('; ')}`);
}

/** The score expressions of a profile, compiled; a bad one is refused before anything is decided. */
export function loadScores({ scores = [] }: Profile): Promise<ScorePlugin[]> {
  return Promise.all(scores.map(({ name, expression }, at) => compileAt(`scores[${at}].expression`, name, expression)));
}

/** The score that a policy asks for by annotation; none where it asks for none. */
export async function loadPolicyScore(
  annotations: Readonly<Record<string, string>> | undefined,
): Promise<ScorePlugin[]> {
  const expression = annotations?.[SCORE_ANNOTATION];
  return expression === undefined ? [] : [await compileAt(`annotation ${SCORE_ANNOTATION}`, 'PolicyScore', expression)];
}

async function compileAt(place: string, name: string, expression: string): Promise<ScorePlugin> {
  try {
    return expressionScore(name, await compileScore(expression));
  } catch (error) {
    if (error instanceof ExpressionError) throw new CommandError(`${place} "${expression}": ${error.message}`);
    throw error;
  }
}

async function readDocument(file: string): Promise<unknown> {
  try {
    return JSON.parse(yamlCodec.toJson(await readFile(file, 'utf8')));
  } catch (error) {
    throw new CommandError(
      `the profile "${file}" is neither karmada nor muster nor a file that can be read: ${whyUnreadable(error)}`,
    );
  }
}
