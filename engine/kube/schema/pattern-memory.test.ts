import { describe, expect, it } from 'vitest';
import { PATTERN_VERDICTS_KEPT_MAX, PATTERNS_KEPT_MAX } from '../../base/limits.ts';
import { PatternMemory } from './pattern-memory.ts';

describe('a memory of patterns', () => {
  it('says the same again, of short texts and of long ones', () => {
    const pattern = new PatternMemory().find('^a+$')!;
    for (const text of ['aaa', 'aab', 'a'.repeat(100), 'a'.repeat(99).concat('b')]) {
      expect([pattern.isIn(text), pattern.isIn(text)]).toEqual([!text.endsWith('b'), !text.endsWith('b')]);
    }
  });

  it('reads a pattern once, and knows those that are none', () => {
    const memory = new PatternMemory();
    expect(memory.find('a')).toBe(memory.find('a'));
    expect(memory.find('(')).toBeNull();
    expect(memory.find('(')).toBeNull();
  });

  it('keeps no more than so much', () => {
    const memory = new PatternMemory();
    const first = memory.find('^x')!;
    for (let at = 0; at < PATTERNS_KEPT_MAX; at += 1) memory.find(`^${at}`);
    expect(memory.find('^x')).not.toBe(first);
    for (let at = 0; at <= PATTERN_VERDICTS_KEPT_MAX; at += 1) first.isIn(`y${at}`);
    expect(first.isIn('y0')).toBe(false);
  });
});
