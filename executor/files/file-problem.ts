// What is wrong with a file the user gave, and where: one line each, in the form that editors turn into links.
import type { ShapeProblem } from '../../engine/index.ts';
import { CommandError } from '../terminal/command.ts';

/** Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface FileProblem extends Place, ShapeProblem {
  /** How many others of its document are only counted. */
  readonly untold?: number;
}

export const formatFileProblem = ({ file, line, column, path, message }: FileProblem): string =>
  `${file}:${line}:${column}: ${path === '' ? message : `${path} ${message}`}`;

const SHOWN_MAX = 50;

/** Of one document, of which so many more have only been counted. */
export const withUntold = (problems: readonly FileProblem[], untold: number): readonly FileProblem[] =>
  untold === 0
    ? problems
    : problems.map((problem, at) => (at === problems.length - 1 ? { ...problem, untold } : problem));

/** Everything that is wrong, told at once, so that it can be mended at once. */
export class FileProblems extends CommandError {
  readonly problems: readonly FileProblem[];

  constructor(problems: readonly FileProblem[]) {
    const shown = problems.slice(0, SHOWN_MAX).map(formatFileProblem);
    const untold = problems.reduce((sum, problem) => sum + (problem.untold ?? 0), 0);
    const left = problems.length - shown.length + untold;
    super([...shown, ...(left > 0 ? [`and ${left} more`] : [])].join('\n'));
    this.problems = problems;
  }
}
