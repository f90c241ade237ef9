// Compiles the condition of an expectation: facts by their names, parameters by theirs, and arithmetic between them.
import { compileExpression, toTruth, type Value, type Vocabulary } from '../../executor/script/expression.ts';
import { sortOf } from '../../executor/script/sorts.ts';
import type { Params } from '../format/params.ts';
import type { Condition, FactRead } from './expectation.ts';
import { answerOf, FACT_NAMES, type Facts, type Known, meaningOf } from './facts.ts';

/** Throws an ExpressionError for what cannot be read or names what there is not. */
export async function compileCondition(text: string, known: Known, params: Params): Promise<Condition> {
  const reads = new Map<string, FactRead>();
  const topics = new Set<string>();
  const vocabulary: Vocabulary<Facts> = {
    what: 'a condition',
    fact(path) {
      const name = path.join('.');
      if (path.length === 1 && Object.hasOwn(params, name)) return () => params[name];
      if (FACT_NAMES.includes(name)) return `"${name}" is a function: ${name}(...)`;
      const parameters = Object.keys(params).join(', ') || 'none';
      return `there is no fact "${name}": there are the functions ${FACT_NAMES.join(', ')}; parameters: ${parameters}`;
    },
    calls: FACT_NAMES,
    sorts: { fact: ([name]) => sortOf(params[name!]!), call: answerOf, result: 'truth' },
    call(name, values) {
      const meaning = meaningOf(name, values, known);
      if (typeof meaning === 'string') return meaning;
      for (const topic of meaning.topics) topics.add(topic);
      const words = `${name}(${values.map((value: Value) => JSON.stringify(value)).join(', ')})`;
      reads.set(words, { name, text: words, value: meaning.read });
      return meaning.read;
    },
  };
  const compiled = await compileExpression(text, vocabulary);
  return { text, reads: [...reads.values()], topics, holds: (facts) => toTruth(compiled(facts)) };
}
