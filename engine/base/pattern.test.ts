import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pattern } from './pattern.ts';
import { PatternError } from './pattern-syntax.ts';

function finds(source: string, text: string): boolean {
  const pattern = Pattern.read(source);
  if (pattern instanceof PatternError) throw pattern;
  return pattern.isIn(text);
}

const why = (source: string): string => {
  const pattern = Pattern.read(source);
  return pattern instanceof PatternError ? pattern.message : 'is a pattern';
};

describe('a pattern', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['', ['', 'a'], []],
    ['b', ['abc'], ['', 'ac']],
    ['^a.c$', ['abc', 'a☂c'], ['ac', 'a\nc', 'xabc', 'abc\n']],
    ['^(?s)a.c$', ['a\nc'], []],
    ['(?i)^HeLLo$', ['hello', 'HELLO'], ['hell']],
    ['^(?i:a)b$', ['Ab', 'ab'], ['AB']],
    ['^a|b$', ['ax', 'xb'], ['xa', 'bx']],
    ['^(?:ab|cd)+$', ['ab', 'abcd'], ['abc', '']],
    ['^a{2,3}$', ['aa', 'aaa'], ['a', 'aaaa']],
    ['^a{2}$', ['aa'], ['a', 'aaa']],
    ['^a{2,}$', ['aa', 'aaaaa'], ['a']],
    ['^a{,2}$', ['a{,2}'], ['aa']],
    ['^a*?b+?c??$', ['b', 'abbc'], ['ac']],
    ['^[a-c0]+$', ['ab0'], ['d', '-']],
    ['^[^a-c]$', ['d', '\n'], ['a', 'dd']],
    ['^[]a]+$', [']a'], ['b']],
    ['^[a\\-z]+$', ['a-z'], ['b']],
    ['^[a-]+$', ['a-'], ['b']],
    ['^[[:alpha:][:digit:]]+$', ['a1'], ['-']],
    ['^[[:^alpha:]]+$', ['1-'], ['a']],
    ['^\\d\\w\\s$', ['1_ '], ['a_ ', '1- ']],
    ['^\\D\\W\\S$', ['a-x'], ['1-x']],
    ['^\\pL\\PL\\p{Greek}$', ['é1λ'], ['11λ', 'é1l']],
    ['^\\p{^L}$', ['1'], ['a']],
    ['\\bcat\\b', ['a cat.'], ['concat']],
    ['\\Bcat', ['concat'], ['cat']],
    ['\\Aab\\z', ['ab'], ['ab\n']],
    ['(?m)^b$', ['a\nb\nc'], ['a\nbc']],
    ['^\\x41\\x{1F600}\\101\\t$', ['A😀A\t'], ['A😀A']],
    ['^\\Qa.b*\\E+$', ['a.b*', 'a.b**'], ['aXb']],
    ['^(?P<year>\\d{4})-(?<month>\\d{2})$', ['2026-01'], ['26-1']],
    ['^(a*)*$', ['', 'aaa'], ['b']],
    ['^😀$', ['😀'], ['😁']],
  ];
  for (const [source, found, missed] of cases) {
    it(`${source || 'of nothing'} finds what it should`, () => {
      expect(found.filter((text) => !finds(source, text))).toEqual([]);
      expect(missed.filter((text) => finds(source, text))).toEqual([]);
    });
  }

  it('is refused where Go would refuse it', () => {
    expect(why('(a')).toMatch(/never closed/);
    expect(why('a)')).toMatch(/closes nothing/);
    expect(why('*a')).toMatch(/repeats nothing/);
    expect(why('a**')).toMatch(/repeats a repetition/);
    expect(why('[a')).toMatch(/ends too early/);
    expect(why('[z-a]')).toMatch(/ends before it begins/);
    expect(why('[[:nope:]]')).toMatch(/is none/);
    expect(why('(a)\\1')).toMatch(/refers back/);
    expect(why('(?=a)')).toMatch(/begins with/);
    expect(why('a{2,1}')).toMatch(/no count/);
    expect(why('a{1001}')).toMatch(/no count/);
    expect(why('\\y')).toMatch(/means nothing/);
    expect(why('\\p{Nope}')).toMatch(/named "Nope"/);
    expect(why('((a{100}){100}){100}')).toMatch(/more than/);
    expect(why('('.repeat(300))).toMatch(/deeper/);
  });

  it('costs no more for a text that was made to hurt', () => {
    const pattern = Pattern.read('^(a+)+$') as Pattern;
    expect(pattern.isIn(`${'a'.repeat(5_000)}!`)).toBe(false);
  });

  it('finds what JavaScript finds, where both mean the same', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '(?:ab|c)', '(?:a|)', '^', '$', '\\b');
    const times = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '{0,}');
    const part = fc.tuple(atom, times).map(([one, many]) => (/^[\^$]$|\\b/.test(one) ? one : one + many));
    const source = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
    const either = fc.tuple(source, source).map(([a, b]) => `${a}|${b}`);
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' ', '\n'), maxLength: 10 });
    fc.assert(
      fc.property(fc.oneof(source, either), text, (pattern, subject) => {
        expect(finds(pattern, subject)).toBe(new RegExp(pattern.replaceAll('.', '[^\\n]'), 'u').test(subject));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what a pattern takes of a text', () => {
  const taken = (source: string, text: string, from = 0): string | null => {
    const pattern = Pattern.read(source);
    if (pattern instanceof PatternError) throw pattern;
    const codes = Array.from(text, (char) => char.codePointAt(0)!);
    const found = pattern.find(codes, from);
    return found === null ? null : String.fromCodePoint(...codes.slice(found.start, found.end));
  };

  it.each([
    ['[0-9]+', 'ab123c45', '123'],
    ['a|ab', 'xab', 'a'],
    ['ab|a', 'xab', 'ab'],
    ['a+?', 'aaa', 'a'],
    ['<.+>', '<a><b>', '<a><b>'],
    ['<.+?>', '<a><b>', '<a>'],
    ['(?U)<.+>', '<a><b>', '<a>'],
    ['x*', 'aax', ''],
    ['b{2,}?', 'abbbb', 'bb'],
    ['(a|ab)(c|bcd)(d*)', 'abcd', 'abcd'],
    ['q', 'abc', null],
  ])('%s of %s is %j', (source, text, wanted) => {
    expect(taken(source, text)).toBe(wanted);
  });

  it('is found from a place on, with what stands before it in view', () => {
    expect(taken('^b', 'ab', 1)).toBeNull();
    expect(taken('b', 'abab', 2)).toBe('b');
  });

  it('is what JavaScript takes, of simple patterns', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      '[ab]',
      '.',
      '(?:ab|a)',
      '(?:a|ab)',
      'a*',
      'b+?',
      '(?:ab)*',
      'a??',
      '(?:b|a)+',
      '^',
      '$',
    );
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 5 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c') }),
        (parts, text) => {
          const source = parts.join('');
          expect(taken(source, text)).toBe(new RegExp(source, 'su').exec(text)?.[0] ?? null);
        },
      ),
    );
  });
});
