import { describe, expect, it } from 'vitest';
import { isLabelValue, isQualifiedName, type LabelSelector, matchesSelector, parseSelector } from './selector.ts';

const labels = { app: 'web', 'example.com/tier': 'front', empty: '' };
const matches = (selector: LabelSelector | null | undefined, of: Record<string, string> | null | undefined = labels) =>
  matchesSelector(parseSelector(selector), of);
const expression = (key: string, operator: string, values?: string[]) => ({
  matchExpressions: [{ key, operator, values }],
});

describe('label selectors', () => {
  it('match everything when they ask for nothing', () => {
    for (const selector of [{}, null, undefined, { matchLabels: {}, matchExpressions: [] }]) {
      expect(matches(selector)).toBe(true);
      expect(matches(selector, undefined)).toBe(true);
    }
  });

  it('ask for all of their labels and expressions', () => {
    expect(matches({ matchLabels: { app: 'web', 'example.com/tier': 'front' } })).toBe(true);
    expect(matches({ matchLabels: { app: 'web', 'example.com/tier': 'back' } })).toBe(false);
    expect(matches({ matchLabels: { app: 'web' }, ...expression('app', 'DoesNotExist') })).toBe(false);
  });

  it('know the four operators, and what an absent label means to each', () => {
    expect(matches(expression('app', 'In', ['api', 'web']))).toBe(true);
    expect(matches(expression('none', 'In', ['web']))).toBe(false);
    expect(matches(expression('app', 'NotIn', ['web']))).toBe(false);
    expect(matches(expression('none', 'NotIn', ['web']))).toBe(true);
    expect(matches(expression('empty', 'Exists'))).toBe(true);
    expect(matches(expression('toString', 'Exists'))).toBe(false);
    expect(matches(expression('none', 'DoesNotExist'))).toBe(true);
  });

  it('match nothing when they cannot be used, and tell why', () => {
    const unusable: [LabelSelector, string][] = [
      [expression('app', 'In'), 'In needs at least one value'],
      [expression('app', 'NotIn', []), 'NotIn needs at least one value'],
      [expression('app', 'Exists', ['web']), 'Exists takes no values'],
      [expression('app', 'Near', ['web']), 'is not one of'],
      [expression('not a key', 'Exists'), 'is not a label key'],
      [{ matchLabels: { app: 'not a value' } }, 'is not a label value'],
    ];
    for (const [selector, problem] of unusable) {
      expect(parseSelector(selector).problem).toContain(problem);
      expect(matches(selector)).toBe(false);
      expect(matches(selector, {})).toBe(false);
    }
  });

  it('take null for absent, as a JSON document may have it', () => {
    const nulls = { matchLabels: null, matchExpressions: [{ key: 'app', operator: 'Exists', values: null }] };
    expect(matches(nulls as unknown as LabelSelector)).toBe(true);
    expect(matches(expression('app', 'DoesNotExist'), null)).toBe(true);
    expect(matches({ matchLabels: { app: 'web' } }, null)).toBe(false);
  });

  it('take keys and values as Kubernetes does', () => {
    for (const key of ['a', 'A_b.c-d', 'example.com/x', `${'a'.repeat(63)}`]) expect(isQualifiedName(key)).toBe(true);
    for (const key of ['', '-a', 'a-', 'Example.com/x', '/x', 'a/', 'a/b/c', 'a'.repeat(64)]) {
      expect(isQualifiedName(key)).toBe(false);
    }
    for (const value of ['', 'a', '1.2', 'a'.repeat(63)]) expect(isLabelValue(value)).toBe(true);
    for (const value of ['-', 'a b', 'a'.repeat(64), 'ä']) expect(isLabelValue(value)).toBe(false);
  });
});
