// The options of a log as the API has them, from those of the command line.
import { parseTime } from '../../../engine/index.ts';
import { type Arguments, CommandError } from '../../terminal/command.ts';
import { parseDuration } from '../../terminal/duration.ts';

/** As kubectl: of what is selected by labels only the end is shown. */
const TAIL_OF_SELECTED = 10;

export function logQuery(args: Arguments): URLSearchParams {
  const query = new URLSearchParams();
  const tail = args.tail ?? (typeof args.selector === 'string' ? TAIL_OF_SELECTED : -1);
  if (!(Number.isInteger(tail) && Number(tail) >= -1)) {
    throw new CommandError('--tail wants a whole number of lines, or -1 for all');
  }
  if (Number(tail) >= 0) query.set('tailLines', String(tail));
  const limit = args['limit-bytes'];
  if (limit !== undefined) {
    if (!(Number.isInteger(limit) && Number(limit) > 0)) throw new CommandError('--limit-bytes wants a whole number');
    query.set('limitBytes', String(limit));
  }
  const since = sinceOf(args);
  if (since !== null) query.set(...since);
  for (const option of ['follow', 'previous', 'timestamps']) if (args[option] === true) query.set(option, 'true');
  return query;
}

function sinceOf({ since, 'since-time': time }: Arguments): [string, string] | null {
  if (since !== undefined && time !== undefined) throw new CommandError('either --since or --since-time, not both');
  if (time !== undefined) {
    if (parseTime(String(time)) === null) {
      throw new CommandError('--since-time wants a time, as in 2026-01-31T12:00:00Z');
    }
    return ['sinceTime', String(time)];
  }
  if (since === undefined) return null;
  const text = String(since);
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : parseDuration(text);
  if (ms === null) throw new CommandError('--since wants a time span, as in 5s, 10m or 3h');
  return ms === 0 ? null : ['sinceSeconds', String(Math.ceil(ms / 1000))];
}
