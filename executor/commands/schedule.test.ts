import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { KARMADA_PROFILE } from '../../engine/index.ts';
import { makeSpec } from '../../test/builders/binding.ts';
import { makeCluster } from '../../test/builders/cluster.ts';
import { readJsonLines } from '../files/json-lines.ts';
import { decideAll } from './schedule.ts';

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

const good = (id: string) => JSON.stringify({ id, clusters: [makeCluster('m1')], spec: makeSpec() });

async function decided(lines: readonly string[], lineBytesMax?: number) {
  const sink = new Sink();
  const batches = readJsonLines(['-'], Readable.from([`${lines.join('\n')}\n`]), lineBytesMax);
  const undecided = await decideAll(batches, { profile: KARMADA_PROFILE, trace: false }, sink);
  const answers = sink.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { undecided, answers };
}

describe('muster schedule', () => {
  it('answers every line with a line, in order', async () => {
    const { undecided, answers } = await decided([good('a'), good('b')]);
    expect(undecided).toBe(0);
    expect(answers).toEqual([
      { id: 'a', clusters: [{ name: 'm1', replicas: 3 }] },
      { id: 'b', clusters: [{ name: 'm1', replicas: 3 }] },
    ]);
  });

  it('tells where a bad line stands and what is wrong, and decides the others', async () => {
    const { undecided, answers } = await decided([
      good('a'),
      '{"id":"b"',
      '',
      '{"id":"c","clusters":[],"spec":{"replicas":"many"}}',
      good('d'),
    ]);
    expect(undecided).toBe(2);
    expect(answers.map(({ id, line, error }) => [id, line, error])).toEqual([
      ['a', undefined, undefined],
      [undefined, 2, 'InvalidLine'],
      ['c', 4, 'InvalidCase'],
      ['d', undefined, undefined],
    ]);
    expect(answers[2]).toMatchObject({
      source: 'standard input',
      message: 'spec.resource is missing; spec.replicas is "many", and should be a whole number from 0 to 2147483647',
      problems: [{ path: 'spec.resource' }, { path: 'spec.replicas' }],
    });
  });

  it('refuses a line that is too long to hold', async () => {
    const { undecided, answers } = await decided([`"${'x'.repeat(5000)}"`, good('b')], 4000);
    expect(undecided).toBe(1);
    expect(answers[0]).toMatchObject({ line: 1, error: 'InvalidLine', message: 'the line is longer than 4000 bytes' });
    expect(answers[1]).toMatchObject({ id: 'b' });
  });

  it('reports a fault of its own as one line, and goes on', async () => {
    const sink = new Sink();
    const broken = {
      name: 'Broken',
      score: () => {
        throw new Error('out of order');
      },
    };
    const batches = readJsonLines(['-'], Readable.from([`${good('a')}\n${good('b')}\n`]));
    const undecided = await decideAll(batches, { profile: KARMADA_PROFILE, trace: false, scores: [broken] }, sink);
    expect(undecided).toBe(2);
    expect(JSON.parse(sink.text.split('\n')[0]!)).toEqual({
      id: 'a',
      line: 1,
      source: 'standard input',
      error: 'InternalError',
      message: 'Error: out of order',
    });
  });
});
