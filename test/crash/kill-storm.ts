// Kills a process of writers at random moments, again and again, and looks each time what its storage holds.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Archive } from '../../executor/storage/storage.ts';
import { COLLECTION, isOfStep } from './written.ts';

const WRITERS = 8;
const WRITER = fileURLToPath(new URL('writer.ts', import.meta.url));
const LIFE_MS = 120;

export interface Storm {
  /** As on a command line. */
  readonly place: string;
  readonly archive: () => Archive;
  readonly kills: number;
  /** Besides killing the writers, once they write. */
  readonly trouble?: () => Promise<void>;
}

export interface StormReport {
  readonly acknowledged: number;
  /** Kills that met a write which was not acknowledged, and yet there. */
  readonly unasked: number;
  readonly revision: number;
}

export async function weather({ place, archive, kills, trouble }: Storm): Promise<StormReport> {
  const sequences = new Array<number>(WRITERS).fill(0);
  let highest = 1;
  let acknowledged = 0;
  let unasked = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const life = await live(place, sequences, trouble);
    expect(life.opened, 'revisions never go back').toBeGreaterThanOrEqual(highest);
    for (const { writer, sequence, revision } of life.acknowledgements) {
      expect(revision, 'no revision is given twice').toBeGreaterThan(life.opened);
      expect(sequence).toBe(sequences[writer]! + 1);
      sequences[writer] = sequence;
      highest = Math.max(highest, revision);
    }
    acknowledged += life.acknowledgements.length;
    const { revision, objects } = await archive().read();
    expect(revision, 'every acknowledged revision is there').toBeGreaterThanOrEqual(highest);
    highest = revision;
    const found = new Map(
      [...objects].filter(([name]) => name === COLLECTION).map(([, one]) => [one.metadata.name, one]),
    );
    for (let writer = 0; writer < WRITERS; writer += 1) {
      const object = found.get(`writer-${writer}`) ?? null;
      const last = sequences[writer]!;
      if (isOfStep(object, writer, last)) continue;
      // What was on its way may have arrived without anybody's having been told.
      const what = `writer ${writer} after step ${last}: ${JSON.stringify(object)?.slice(0, 200)}`;
      expect(isOfStep(object, writer, last + 1), what).toBe(true);
      sequences[writer] = last + 1;
      unasked += 1;
    }
  }
  return { acknowledged, unasked, revision: highest };
}

interface Life {
  readonly opened: number;
  readonly acknowledgements: { readonly writer: number; readonly sequence: number; readonly revision: number }[];
}

async function live(place: string, sequences: readonly number[], trouble?: () => Promise<void>): Promise<Life> {
  const args = ['--import', 'tsx', WRITER, place, JSON.stringify(sequences)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(String(chunk)));
  const gone = once(child, 'close');
  const acknowledgements: Life['acknowledgements'] = [];
  let opened = 0;
  let troubled: Promise<void> | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const [first, second, third] = line.split(' ');
    if (first === 'open') {
      opened = Number(second);
      setTimeout(() => child.kill('SIGKILL'), Math.random() * LIFE_MS);
      troubled = trouble?.();
    } else if (third !== undefined) {
      acknowledgements.push({ writer: Number(first), sequence: Number(second), revision: Number(third) });
    }
  }
  await troubled;
  const [, signal] = (await gone) as [number | null, string | null];
  expect(signal, errors.join('')).toBe('SIGKILL');
  return { opened, acknowledgements };
}
