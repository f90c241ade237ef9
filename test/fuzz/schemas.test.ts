// Random schemas and values: what our schemas accept, an independent validator of JSON schemas accepts, and the reverse.
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type StructuralSchema, validate } from '../../engine/index.ts';
import { check } from '../properties/check.ts';

const NAMES = ['a', 'b', 'c', 'constructor'];
const PATTERNS = ['^[a-z]+$', 'b', '^.{2,4}$', '^(x|y)*$', '[0-9]$'];

const small = fc.integer({ min: -3, max: 6 });
const word = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'ab', 'abc', 'xyxy', 'z9', 'é', '😀', 'toolong'),
  fc.string({ maxLength: 5 }),
);

const optional = <T>(key: string, arbitrary: fc.Arbitrary<T>) => fc.record({ [key]: arbitrary }, { requiredKeys: [] });

const merged = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<StructuralSchema> =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as StructuralSchema);

const bounds = (low: string, high: string) =>
  fc.record({ [low]: fc.integer({ min: 0, max: 3 }), [high]: fc.integer({ min: 2, max: 5 }) }, { requiredKeys: [] });

const numbers = merged(
  fc.constantFrom({ type: 'integer' }, { type: 'number' }),
  fc.record({ minimum: small, maximum: small }, { requiredKeys: [] }),
  optional('multipleOf', fc.constantFrom(1, 2, 3)),
  optional('enum', fc.uniqueArray(small, { minLength: 1, maxLength: 3 })),
);

const texts = merged(
  fc.constant({ type: 'string' }),
  bounds('minLength', 'maxLength'),
  optional('pattern', fc.constantFrom(...PATTERNS)),
  optional('enum', fc.uniqueArray(word, { minLength: 1, maxLength: 4 })),
);

const { schema } = fc.letrec<{ schema: StructuralSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'schema' },
    numbers,
    texts,
    merged(fc.constant({ type: 'boolean' }), optional('nullable', fc.boolean())),
    merged(fc.constant({ type: 'array' }), fc.record({ items: tie('schema') }), bounds('minItems', 'maxItems')),
    merged(
      fc.constant({ type: 'object' }),
      fc.record({ properties: fc.dictionary(fc.constantFrom(...NAMES), tie('schema'), { maxKeys: 3 }) }),
      optional('required', fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 2 })),
      bounds('minProperties', 'maxProperties'),
    ),
    merged(fc.constant({ type: 'object' }), fc.record({ additionalProperties: tie('schema') })),
  ),
}));

const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    small,
    word,
    fc.boolean(),
    fc.constantFrom(null, 1.5, 0),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** Mostly what the schema asks for, so that both sides say yes often enough. */
function fitting(of: StructuralSchema): fc.Arbitrary<unknown> {
  const right = (): fc.Arbitrary<unknown> => {
    if (of.enum !== undefined) return fc.constantFrom(...of.enum);
    switch (of.type) {
      case 'integer':
      case 'number':
        return small;
      case 'string':
        return word;
      case 'boolean':
        return fc.boolean();
      case 'array':
        return fc.array(fitting(of.items!), { maxLength: 5 });
      default:
        if (typeof of.additionalProperties === 'object') {
          return fc.dictionary(fc.constantFrom(...NAMES), fitting(of.additionalProperties), { maxKeys: 3 });
        }
        return fc.record(
          Object.fromEntries(Object.entries(of.properties ?? {}).map(([name, own]) => [name, fitting(own)])),
          { requiredKeys: (of.required ?? []).filter((name) => Object.hasOwn(of.properties ?? {}, name)) },
        );
    }
  };
  return fc.oneof({ weight: 12, arbitrary: right() }, { weight: 1, arbitrary: anything });
}

it('are judged as another validator judges them', () => {
  let accepted = 0;
  let refused = 0;
  check(
    'schemas',
    schema.chain((drawn) => fc.tuple(fc.constant(drawn), fitting(drawn))),
    ([drawn, value]) => {
      const ajv = new Ajv({ strict: false, allErrors: true, ownProperties: true });
      const theirs = ajv.validate(structuredClone(drawn), value);
      const problems = validate(value, drawn);
      if (theirs) accepted += 1;
      else refused += 1;
      expect([JSON.stringify(drawn), JSON.stringify(value), problems.length === 0]).toEqual([
        JSON.stringify(drawn),
        JSON.stringify(value),
        theirs,
      ]);
    },
    800,
  );
  expect(Math.min(accepted, refused)).toBeGreaterThan(100);
});
