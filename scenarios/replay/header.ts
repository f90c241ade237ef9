// The first line of a trace: what was run, and how.
import {
  fields,
  formatProblem,
  isObject,
  mapOf,
  oneOf,
  problemsOf,
  scalar,
  TRACE_FORMAT,
  text,
  timeShape,
} from '../../engine/index.ts';
import { CommandError } from '../../executor/terminal/command.ts';
import { linesOf } from './compare.ts';
import type { TraceHeader } from './trace-file.ts';

const param = scalar('a number, a text, true or false', (value) =>
  ['number', 'string', 'boolean'].includes(typeof value),
);
const detail = oneOf('steps', 'full');

const OF_LIVE = fields({ profile: text, start: timeShape, detail });
const OF_REPLAY = fields({ scenario: text, seed: text, profile: text, params: mapOf(param), start: timeShape, detail });

export function headerOf(path: string): TraceHeader {
  const [first] = linesOf(path);
  let value: unknown;
  try {
    value = JSON.parse(first ?? '');
  } catch {
    // Told below, like everything else that is no header.
  }
  if (!isObject(value) || value.type !== 'run' || value.format === undefined) {
    throw new CommandError(`${path} is no trace of "muster replay": its first line is no header`);
  }
  if (value.format !== TRACE_FORMAT) {
    throw new CommandError(
      `${path} is a trace of format ${JSON.stringify(value.format)}, and this version reads format ${TRACE_FORMAT}: record it again, or take the version that wrote it`,
    );
  }
  const problems = problemsOf(value.live === true ? OF_LIVE : OF_REPLAY, value);
  if (problems.length === 0) return value as unknown as TraceHeader;
  throw new CommandError(`${path}:1: is no header of a trace: ${problems.map(formatProblem).join('; ')}`);
}
