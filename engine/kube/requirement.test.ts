import { describe, expect, it } from 'vitest';
import { meets } from './requirement.ts';

describe('a requirement', () => {
  it('asks for a value, for others, for any or for none', () => {
    const answers = (operator: string) => [undefined, 'a', 'b'].map((value) => meets(value, operator, ['a']));
    expect(['In', 'NotIn', 'Exists', 'DoesNotExist'].map(answers)).toEqual([
      [false, true, false],
      [true, false, true],
      [false, true, true],
      [true, false, false],
    ]);
    expect(answers('Near')).toEqual([false, false, false]);
  });

  it('compares whole numbers of 64 bits, and nothing else', () => {
    expect([meets('10', 'Gt', ['9']), meets('-2', 'Lt', ['+1']), meets('9', 'Gt', ['9'])]).toEqual([true, true, false]);
    expect(meets('9223372036854775807', 'Gt', ['9223372036854775806'])).toBe(true);
    for (const odd of ['9223372036854775808', '1e3', '1.5', '0x10', ' 7', '', undefined]) {
      expect([odd, meets(odd, 'Gt', ['1']), meets('1', 'Lt', odd === undefined ? [] : [odd])]).toEqual([
        odd,
        false,
        false,
      ]);
    }
  });
});
