import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateJsonPath, JsonPathError } from './json-path.ts';

const STATUS = {
  n: 5,
  big: 12_345_678,
  well: true,
  nothing: null,
  name: 'job 7',
  x: { 'a.b': 'v', c: { d: 1 } },
  l: ['p', 'q', 'r', 's'],
  jobs: [{ id: 'a', parts: [{ id: 'c' }] }, { id: 'b' }],
};

describe('a template', () => {
  it.each([
    ['{.n}', '5'],
    ['{n}', '5'],
    ['{ .n }', '5'],
    ['{$.n}', '5'],
    ['{@.n}', '5'],
    ['{.big}', '12345678'],
    ['{.well}', 'true'],
    ['{.name}', 'job 7'],
    ['id-{.n}', 'id-5'],
    ['{.n}-{.x.c.d}', '5-1'],
    ['.n', '.n'],
    ['', ''],
    ['{"{.n}"}', '{.n}'],
    ['{.x.c}', '{"d":1}'],
    ["{.x['a.b']}", 'v'],
    ['{.x["a.b"]}', 'v'],
    ['{.x.a\\.b}', 'v'],
    ["{['n', 'name']}", '5 job 7'],
    ['{.l[0]}', 'p'],
    ['{.l[-1]}', 's'],
    ['{.l[0,2]}', 'p r'],
    ['{.l[-1:]}', 's'],
    ['{.l[1:3]}', 'q r'],
    ['{.l[:2]}', 'p q'],
    ['{.l[0:4:2]}', 'p r'],
    ['{.l[*]}', 'p q r s'],
    ['{.jobs[*].id}', 'a b'],
    ['{.x.c.*}', '1'],
    ['{..id}', 'a c b'],
    ['{.l[9:]}', ''],
  ])('%s says %s', (template, said) => {
    expect(evaluateJsonPath(template, STATUS)).toBe(said);
  });

  it.each([
    ['{.m}', 'm is not found'],
    ['{.nothing}', 'nothing is not found'],
    ['{.n.m}', 'm is not found'],
    ['{.l[7]}', 'there is no item 7 of 4'],
    ['{.n[0]}', 'what is counted in is no list'],
    ['{.n', 'a brace is not closed'],
    ['{.l[0}', 'a bracket is not closed'],
    ['{.jobs[?(@.id=="a")].id}', 'filters and scripts are none'],
    ['{range .l[*]}', 'is not understood'],
    ['{.l[0:4:0]}', 'is not understood'],
  ])('%s is refused', (template, why) => {
    expect(() => evaluateJsonPath(template, STATUS)).toThrow(JsonPathError);
    expect(() => evaluateJsonPath(template, STATUS)).toThrow(why);
  });

  it('says something or is refused, whatever it is', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '.',
      '..',
      '*',
      ':',
      ',',
      '-1',
      '0',
      "'",
      '"',
      '\\',
      'a',
      'l',
      ' ',
      '?',
      '(',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.jsonValue(), (pieces, value) => {
        try {
          expect(typeof evaluateJsonPath(pieces.join(''), value)).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(JsonPathError);
        }
      }),
    );
  });

  it('is not read for ever, and does not descend for ever', () => {
    expect(() => evaluateJsonPath(`{${'.a'.repeat(600)}}`, STATUS)).toThrow('longer than');
    const deep = (depth: number): unknown => (depth === 0 ? 1 : [deep(depth - 1), deep(depth - 1)]);
    expect(() => evaluateJsonPath('{..*..*..*}', deep(10))).toThrow('more than');
  });
});
