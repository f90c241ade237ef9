// What the recorded cases do not show: objects and policies of any shape get an answer or a refusal, and nothing else.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  builtInLayers,
  evaluate,
  Interpreter,
  isObject,
  MalformedQuestion,
  PropagationError,
} from '../../engine/index.ts';
import { yamlCodec } from '../../executor/script/yaml-codec.ts';
import { readCases } from '../conformance/read-cases.ts';
import { check } from './check.ts';

type Question = Record<string, unknown>;

const ports = { interpreter: new Interpreter(builtInLayers), yaml: yamlCodec };
const cases = readCases<Question>('propagation').flatMap((theme) => theme.cases);

/** What a field may hold that its type does not foresee; undefined takes the field away. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(undefined, null, true, 0, -1, 1.5, 1e21, '', 'x', '__proto__', '5Gi', '-3m', '9'.repeat(40)),
  fc.constantFrom([], [null], [1], ['x'], [{}], {}, { a: 1 }, { a: null }),
  fc.constant(JSON.parse('{"__proto__":{"polluted":true}}')),
  fc.json().map((text) => JSON.parse(text) as unknown),
);
const damagedCase = fc
  .tuple(fc.nat(cases.length - 1), fc.array(fc.tuple(fc.nat(), oddValue), { minLength: 1, maxLength: 3 }))
  .map(([at, damages]) => {
    const question = structuredClone(cases[at]!);
    delete question.want;
    for (const [place, value] of damages) damage(question, place, value);
    return question;
  });

/** Puts a value into one of the places that the question has. */
function damage(question: Question, place: number, value: unknown): void {
  const places = placesOf(question);
  const [parent, key] = places[place % places.length]!;
  if (value === undefined && !Array.isArray(parent)) delete parent[key];
  else parent[key] = structuredClone(value ?? null);
}

function placesOf(node: unknown): [Question, string][] {
  if (!isObject(node) && !Array.isArray(node)) return [];
  const parent = node as Question;
  return Object.keys(parent).flatMap((key) => [[parent, key], ...placesOf(parent[key])]);
}

describe('propagation', () => {
  it('answers or refuses whatever it is asked, always alike, and changes nothing', () => {
    check(
      'propagation of damaged objects',
      damagedCase,
      (question) => {
        const before = JSON.stringify(question);
        const first = outcomeOf(question);
        expect(JSON.stringify(question)).toBe(before);
        expect(outcomeOf(question)).toBe(first);
        expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      },
      5000,
    );
  });
});

function outcomeOf(question: Question): string {
  try {
    return JSON.stringify(evaluate(question, ports));
  } catch (error) {
    if (!(error instanceof PropagationError || error instanceof MalformedQuestion)) throw error;
    expect(error.message).not.toBe('');
    return error.message;
  }
}
