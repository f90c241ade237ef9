// Where everything that controllers see and do is written, a line each, for `muster replay --from`.
import { createWriteStream } from 'node:fs';
import { formatTraceLine, type TraceLine } from '../../engine/index.ts';

export interface TraceFile {
  write(line: TraceLine): void;
  close(): Promise<void>;
}

export function openTraceFile(file: string, onProblem: (message: string) => void): TraceFile {
  const stream = createWriteStream(file, { mode: 0o600 });
  stream.on('error', (error) => onProblem(`the trace cannot be written: ${error.message}`));
  return {
    write: (line) => void stream.write(`${formatTraceLine(line)}\n`),
    close: () => new Promise<void>((done) => stream.end(() => done())),
  };
}
