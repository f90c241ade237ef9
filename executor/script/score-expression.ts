// Score expressions: what the names in one stand for are the facts of a cluster.
import { FACTS, type FactReader, type ScoreExpression } from '../../engine/index.ts';
import { compileExpression, toNumber, type Vocabulary } from './expression.ts';

const CLUSTER_FACTS: Vocabulary<FactReader> = {
  what: 'a score expression',
  fact(path) {
    const [first, ...rest] = path;
    const follows = Object.hasOwn(FACTS, first!) ? FACTS[first!] : undefined;
    if (follows === undefined) return `there is no fact "${first}": there are ${Object.keys(FACTS).join(', ')}`;
    if (follows === '' && rest.length > 0) return `"${first}" has no parts`;
    if (follows !== '' && rest.length !== 1) return `"${first}" is followed by ${follows}`;
    return (facts) => facts(path);
  },
};

export async function compileScore(text: string): Promise<ScoreExpression> {
  const compiled = await compileExpression(text, CLUSTER_FACTS);
  return { text, evaluate: (facts) => toNumber(compiled(facts)) };
}
