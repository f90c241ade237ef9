// What is wrong with a file the user gave, and where: one line each, in the form that editors turn into links.
import type { ShapeProblem } from '../../engine/index.ts';
import { CommandError } from '../terminal/command.ts';

/** Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface FileProblem extends Place, ShapeProblem {}

export const formatFileProblem = ({ file, line, column, path, message }: FileProblem): string =>
  `${file}:${line}:${column}: ${path === '' ? message : `${path} ${message}`}`;

const SHOWN_MAX = 50;

/** Everything that is wrong, told at once, so that it can be mended at once. */
export class FileProblems extends CommandError {
  readonly problems: readonly FileProblem[];

  /** `untold` is how many there are besides, of which nothing but that is known. */
  constructor(problems: readonly FileProblem[], untold = 0) {
    const shown = problems.slice(0, SHOWN_MAX).map(formatFileProblem);
    const left = problems.length - shown.length + untold;
    super([...shown, ...(left > 0 ? [`and ${left} more`] : [])].join('\n'));
    this.problems = problems;
  }
}
