// Trace files: a header that says what was run, then a line for everything that happened. Written as they come, hashed as they
// are written.
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { canonicalJson, formatTime, TRACE_FORMAT } from '../../engine/index.ts';
import type { Scenario } from '../format/scenario.ts';

export type TraceDetail = 'steps' | 'full';

export interface TraceHeader {
  readonly type: 'run';
  readonly format: typeof TRACE_FORMAT;
  readonly scenario: string;
  readonly seed: string;
  readonly profile: string;
  readonly params: Scenario['params'];
  readonly start: string;
  readonly detail: TraceDetail;
  /** It was no scenario that was run. */
  readonly live?: true;
}

/** The same for the same scenario, on any machine and wherever its file lies. */
export const traceHeader = (scenario: Scenario, detail: TraceDetail): string =>
  canonicalJson({
    type: 'run',
    format: TRACE_FORMAT,
    scenario: scenario.name,
    seed: scenario.seed,
    profile: scenario.profile.name,
    params: scenario.params,
    start: formatTime(scenario.start),
    detail,
  } satisfies TraceHeader);

/** Short: a line is many small texts until it is hashed, and all that are kept meanwhile are moved by the collector. */
const CHUNK = 1 << 15;

/** Hashes lines, and writes them where a file is named. */
export class TraceWriter {
  readonly #hash = createHash('sha256');
  readonly #file: number | null;
  #buffer = '';
  #lines = 0;

  constructor(path: string | null) {
    this.#file = path === null ? null : openSync(path, 'w');
  }

  get lines(): number {
    return this.#lines;
  }

  write(line: string): void {
    this.#lines += 1;
    this.#buffer += `${line}\n`;
    if (this.#buffer.length > CHUNK) this.#flush();
  }

  /** Ends the file, and gives the hash of all that was written. */
  close(): string {
    this.#flush();
    if (this.#file !== null) closeSync(this.#file);
    return this.#hash.digest('hex');
  }

  #flush(): void {
    this.#hash.update(this.#buffer);
    if (this.#file !== null) writeSync(this.#file, this.#buffer);
    this.#buffer = '';
  }
}
