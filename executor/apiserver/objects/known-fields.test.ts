import { describe, expect, it } from 'vitest';
import { deepFreeze, fromFieldsV1 } from '../../../engine/index.ts';
import { readFields, writeFields } from './known-fields.ts';

const spec = (...fields: string[]) => ({ 'f:spec': Object.fromEntries(fields.map((field) => [`f:${field}`, {}])) });

describe('records of owned fields', () => {
  it('that say the same are one, and so is what is read from them', () => {
    const set = () => fromFieldsV1(spec('replicas', 'paused'))!;
    const record = writeFields(set());
    expect(record).toEqual(spec('paused', 'replicas'));
    expect(writeFields(set())).toBe(record);
    const apart = [readFields(record), readFields(deepFreeze(spec('paused', 'replicas')))];
    expect(apart[1]).toBe(apart[0]);
    expect(writeFields(fromFieldsV1(spec('paused'))!)).not.toBe(record);
  });

  it('are read anew while they may change', () => {
    const record = spec('replicas');
    const before = readFields(record);
    Object.assign(record['f:spec']!, { 'f:paused': {} });
    expect(readFields(record)).not.toEqual(before);
    expect(writeFields(readFields(record)!)).toEqual(spec('paused', 'replicas'));
  });

  it('cannot be changed once they are written', () => {
    const record = writeFields(fromFieldsV1(spec('template'))!);
    expect(() => Object.assign(record, { 'f:status': {} })).toThrow(TypeError);
  });

  it('are right however many there are', () => {
    for (let at = 0; at < 3_000; at += 1)
      expect(writeFields(fromFieldsV1(spec(`f${at % 1_500}`))!)).toEqual(spec(`f${at % 1_500}`));
  });

  it('that are none are none', () => {
    expect([null, 'text', { spec: {} }, Object.freeze({ spec: {} })].map(readFields)).toEqual([null, null, null, null]);
  });
});
