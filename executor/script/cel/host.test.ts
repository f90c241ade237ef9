// Tests of rules in CEL: what Kubernetes adds to the language, and that no rule runs for ever.
import { describe, expect, it } from 'vitest';
import { celHost } from './host.ts';
import { readCel } from './source.ts';

const value = (expression: string, self: unknown = {}) => celHost.evaluate(expression, { self });

describe('rules in CEL', () => {
  it.each([
    ['[1, 2, 3].isSorted()', true],
    ['[3, 1].isSorted()', false],
    ['[1, 2].sum() == 3', true],
    ['[3, 1, 2].max() == 3 && [3, 1, 2].min() == 1', true],
    ['["a", "b"].indexOf("b") == 1', true],
    ['"a-b-a".replace("a", "$&") == "$&-b-$&"', true],
    ['"abc".charAt(1) == "b"', true],
    ['quantity("1Gi").isGreaterThan(quantity("900Mi"))', true],
    ['quantity("1000m").compareTo(quantity("1")) == 0', true],
    ['isQuantity("soon")', false],
    ['"web-1".matches("^[a-z]+-[0-9]$")', true],
    ['"a.matches(b" == "a.matches(b"', true],
  ])('%s', (expression, wanted) => {
    expect(value(expression)).toBe(wanted);
  });

  it('match patterns in linear time', () => {
    const began = performance.now();
    expect(value('self.matches("^(a+)+$")', `${'a'.repeat(5000)}!`)).toBe(false);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('refuse loops in loops over large lists before they begin', () => {
    const rule = 'self.all(a, self.all(b, self.all(c, a + b + c >= 0)))';
    expect(value(rule, [1, 2, 3])).toBe(true);
    expect(() =>
      value(
        rule,
        Array.from({ length: 500 }, (_, at) => at),
      ),
    ).toThrow('cost limit');
  });

  it('run a single loop over a list of any size', () => {
    expect(
      value(
        'self.all(a, a >= 0)',
        Array.from({ length: 20_000 }, (_, at) => at),
      ),
    ).toBe(true);
  });
});

describe('the depth of loops', () => {
  it.each([
    ['self.a == 1', 0],
    ['self.all(x, x > 1) && self.all(y, y > 1)', 1],
    ['self.all(x, self.exists(y, y == x))', 2],
    ['self.all(x, (x + (1)) > 2 && "self.all(" != "")', 1],
    ['self.map(x, x.filter(y, y.all(z, z)))', 3],
  ])('of %s is %i', (expression, depth) => {
    expect(readCel(expression).loopDepth).toBe(depth);
  });
});
