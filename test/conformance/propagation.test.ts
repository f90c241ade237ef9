// Every recorded step of Karmada around the scheduling decision, and what ours makes of it.
import { afterAll, describe, expect, it } from 'vitest';
import { builtInLayers, evaluate, Interpreter, PropagationError } from '../../engine/index.ts';
import { canonicalJson, isObject } from '../../engine/kube/json.ts';
import { yamlCodec } from '../../executor/script/yaml-codec.ts';
import { readCases } from './read-cases.ts';

interface RecordedCase {
  readonly id: string;
  readonly op: string;
  readonly want: Readonly<Record<string, unknown>>;
}

const themes = readCases<RecordedCase>('propagation');
const ports = { interpreter: new Interpreter(builtInLayers), yaml: yamlCodec };
const counts = new Map<string, number>();

/** Karmada's refusals are recorded without their words, which are its own. */
function answerTo(recorded: RecordedCase): unknown {
  try {
    return evaluate(deepFreeze(recorded), ports);
  } catch (error) {
    if (error instanceof PropagationError) return { error: true };
    throw error;
  }
}

/**
 * Two leniencies, no more. A field that is null means what an absent one means: Go's encoder writes a nil list as null or
 * leaves it out depending on the type's tags alone, and the API server drops null on the way in. And the order of
 * dependencies carries no meaning: Karmada collects them in sets, whose order changes from run to run.
 */
function comparable(op: string, answer: unknown): string {
  const present = withoutNulls(answer);
  if (op !== 'dependencies' || !isObject(present)) return canonicalJson(present);
  const dependencies = Array.isArray(present.dependencies) ? present.dependencies : [];
  return canonicalJson({ ...present, dependencies: dependencies.map(canonicalJson).sort() });
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const present = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(present.map(([key, field]) => [key, withoutNulls(field)]));
}

/** What changes its input would be caught here. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const field of Object.values(value)) deepFreeze(field);
    Object.freeze(value);
  }
  return value;
}

describe('propagation equals Karmada', () => {
  it('has cases of every operation', () => {
    expect(themes.map(({ theme }) => theme)).toEqual([
      'aggregate',
      'dependencies',
      'health',
      'match',
      'override',
      'prune',
      'reflect',
      'replicas',
      'retain',
      'revise',
    ]);
  });

  it.each(themes)('in every case of $theme', ({ cases }) => {
    const different: string[] = [];
    for (const recorded of cases) {
      const got = comparable(recorded.op, answerTo(recorded));
      const want = comparable(recorded.op, recorded.want);
      if (got !== want) different.push(`${recorded.id}\n  got  ${got}\n  want ${want}`);
      counts.set(recorded.op, (counts.get(recorded.op) ?? 0) + 1);
    }
    expect(cases.length).toBeGreaterThan(0);
    expect(different.slice(0, 3).join('\n')).toBe('');
    expect(different).toHaveLength(0);
  });

  afterAll(() => {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const each = [...counts].map(([op, count]) => `${op} ${count}`).join(', ');
    console.log(`propagation: ${total} cases answered as Karmada answers them (${each})`);
  });
});
