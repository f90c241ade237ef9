// Reads the recorded sessions: one topic a file, one request a line.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface Recorded {
  readonly seq: number;
  readonly ms?: number;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly accept?: string | null;
    readonly contentType?: string | null;
    readonly userAgent?: string | null;
    readonly body?: unknown;
    readonly [header: string]: unknown;
  };
  readonly response: {
    readonly status: number;
    readonly contentType?: string | null;
    readonly warning?: string | readonly string[];
    readonly body?: unknown;
    readonly events?: readonly unknown[];
  };
}

export function readTopic(client: string, topic: string): Recorded[] {
  const file = new URL(`kube-wire/${client}-${topic}.jsonl.gz`, import.meta.url);
  return gunzipSync(readFileSync(file))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded);
}
