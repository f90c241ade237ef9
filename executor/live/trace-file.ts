// Where everything that controllers see and do is written, a line each, for `muster replay --from`: first by whom and how.
import { createWriteStream } from 'node:fs';
import { canonicalJson, formatTime, formatTraceLine, TRACE_FORMAT, type TraceLine } from '../../engine/index.ts';

export interface TraceFile {
  write(line: TraceLine): void;
  close(): Promise<void>;
}

/** The first line of a trace that was recorded live. */
export interface LiveTraceHeader {
  readonly type: 'run';
  readonly format: typeof TRACE_FORMAT;
  readonly live: true;
  /** A profile's name or file, as it was given. */
  readonly profile: string;
  readonly start: string;
  readonly detail: 'full';
}

export function openTraceFile(file: string, profile: string, onProblem: (message: string) => void): TraceFile {
  const stream = createWriteStream(file, { mode: 0o600 });
  stream.on('error', (error) => onProblem(`the trace cannot be written: ${error.message}`));
  const start = formatTime(Date.now());
  const header: LiveTraceHeader = { type: 'run', format: TRACE_FORMAT, live: true, profile, start, detail: 'full' };
  stream.write(`${canonicalJson(header)}\n`);
  return {
    write: (line) => void stream.write(`${formatTraceLine(line)}\n`),
    close: () => new Promise<void>((done) => stream.end(() => done())),
  };
}
