// What a writer of the kill tests writes: of each object one can tell which step it is of, and whether it is whole.
import { createHash } from 'node:crypto';
import type { KubeObject } from '../../engine/index.ts';

export const COLLECTION = '/written';

const PADDING_MAX = 3000;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Null for a step that removes. */
export function objectOf(writer: number, sequence: number): KubeObject | null {
  if (sequence % 5 === 4) return null;
  const padding = digest(`${writer} ${sequence}`)
    .repeat(64)
    .slice(0, (sequence * 7919) % PADDING_MAX);
  const value = `${sequence} ${padding}`;
  return { apiVersion: 'v1', kind: 'Written', metadata: { name: `writer-${writer}` }, value, digest: digest(value) };
}

/** Whether what was found is whole and of that step. */
export function isOfStep(found: KubeObject | null, writer: number, sequence: number): boolean {
  const expected = sequence === 0 ? null : objectOf(writer, sequence);
  if (found === null || expected === null) return found === expected;
  return found.value === expected.value && found.digest === expected.digest;
}
