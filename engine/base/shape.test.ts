import { describe, expect, it } from 'vitest';
import {
  anything,
  fieldPath,
  fields,
  filledText,
  flag,
  formatProblem,
  listOf,
  mapOf,
  oneOf,
  onlyFields,
  problemsOf,
  type Shape,
  text,
  unlessKnown,
  wholeNumber,
} from './shape.ts';

const told = (shape: Shape, value: unknown) => problemsOf(shape, value).map(formatProblem);

describe('a shape', () => {
  const person = fields({ name: filledText, age: wholeNumber(0, 150) }, { tags: listOf(text), links: mapOf(text) });

  it('has nothing to say about a document that is right', () => {
    expect(told(person, { name: 'Ada', age: 36, tags: ['a'], links: { home: 'x' }, other: 1 })).toEqual([]);
  });

  it('names the place, what is there and what would be right', () => {
    expect(told(person, { name: '', age: 36.5, tags: ['a', 7], links: { 'the home': null } })).toEqual([
      'name is "", and should be a text that is not empty',
      'age is 36.5, and should be a whole number from 0 to 150',
      'tags[1] is 7, and should be a text',
      'links["the home"] is null, and should be a text',
    ]);
  });

  it('takes null for absent where a field is optional, and only there', () => {
    expect(told(person, { name: null, age: 1, tags: null })).toEqual([
      'name is null, and should be a text that is not empty',
    ]);
    expect(told(person, { name: 'Ada' })).toEqual(['age is missing']);
  });

  it('speaks of the document itself where that is wrong', () => {
    expect(told(person, [])).toEqual(['the document is a list, and should be an object']);
    expect(told(person, undefined)).toEqual(['the document is missing, and should be an object']);
    expect(told(mapOf(text), 'x')).toEqual(['the document is "x", and should be an object']);
    expect(told(listOf(text), {})).toEqual(['the document is an object, and should be a list']);
  });

  it('does not mistake what every object inherits for a field', () => {
    expect(told(fields({ constructor: text }), {})).toEqual(['constructor is missing']);
  });

  it('shows long values by their beginning, twenty problems, and how many more there are', () => {
    expect(told(flag, 'x'.repeat(100))[0]).toContain('xxx..., and should be true or false');
    const many = told(listOf(text), new Array(1000).fill(1));
    expect([many.length, many.at(-1)]).toEqual([21, 'the document has 980 more mistakes']);
    expect(told(mapOf(text), Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`f${at}`, at]))).at(-1)).toBe(
      'the document has 1 more mistake',
    );
  });

  it('knows words and anything', () => {
    expect(told(oneOf('red', 'green'), 'blue')).toEqual(['the document is "blue", and should be one of red, green']);
    expect(told(anything, undefined)).toEqual([]);
  });

  it('refuses unknown fields only where it is asked to', () => {
    const strict = onlyFields({ name: text }, { age: wholeNumber(0, 150) });
    expect(told(strict, { name: 'x', nmae: 'y' })).toEqual(['nmae is unknown here; known are name, age']);
    expect(told(strict, 7)).toEqual(['the document is 7, and should be an object']);
  });
});

describe('a path', () => {
  it('quotes keys that are no plain words', () => {
    expect(fieldPath('a', 'b')).toBe('a.b');
    expect(fieldPath('', 'b')).toBe('b');
    expect(fieldPath('a', 'example.com/gpu')).toBe('a["example.com/gpu"]');
  });
});

describe('a shape that knows what was right', () => {
  const shape = () => {
    const looks: unknown[] = [];
    const inner = fields({ name: text });
    const noted = unlessKnown((value, path, problems) => {
      looks.push(value);
      inner(value, path, problems);
    });
    return { looks, noted };
  };

  it('looks once at what nobody can change any more', () => {
    const { looks, noted } = shape();
    const [lasting, loose] = [Object.freeze({ name: 'a' }), { name: 'a' }];
    for (const value of [lasting, lasting, loose, loose]) expect(told(noted, value)).toEqual([]);
    expect(looks).toEqual([lasting, loose, loose]);
  });

  it('tells a mistake every time, wherever it is found', () => {
    const { noted } = shape();
    const wrong = Object.freeze({ name: 7 });
    expect(told(fields({ one: noted, two: noted }), { one: wrong, two: wrong })).toEqual([
      'one.name is 7, and should be a text',
      'two.name is 7, and should be a text',
    ]);
    expect(told(noted, wrong)).toEqual(['name is 7, and should be a text']);
  });
});
