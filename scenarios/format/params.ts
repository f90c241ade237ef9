// Fills the parameters of a scenario in: "${name}" alone becomes the value itself, within a text its digits or letters, and
// "${2 * name}" is computed.
import { fieldPath, isObject, type ShapeProblems } from '../../engine/index.ts';
import { compileExpression, ExpressionError, type Value, type Vocabulary } from '../../executor/script/expression.ts';

export type Params = Readonly<Record<string, Value>>;

const PLACEHOLDER = /\$\{([^}]*)\}/g;
const WHOLE = /^\$\{([^}]*)\}$/;

const PARAMS: (params: Params) => Vocabulary<Params> = (params) => ({
  what: 'a parameter',
  fact(path) {
    const name = path.join('.');
    if (path.length === 1 && Object.hasOwn(params, name)) return (given) => given[name];
    return `there is no parameter "${name}": there are ${Object.keys(params).join(', ') || 'none'}`;
  },
});

export async function fillParams(
  value: unknown,
  params: Params,
  path: string,
  problems: ShapeProblems,
): Promise<unknown> {
  if (typeof value === 'string') return value.includes('${') ? fillText(value, params, path, problems) : value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const [at, item] of value.entries()) items.push(await fillParams(item, params, `${path}[${at}]`, problems));
    return items;
  }
  if (!isObject(value)) return value;
  const filled: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    filled[key] = await fillParams(item, params, fieldPath(path, key), problems);
  }
  return filled;
}

async function fillText(text: string, params: Params, path: string, problems: ShapeProblems): Promise<unknown> {
  const evaluate = async (expression: string): Promise<Value> => {
    try {
      return (await compileExpression(expression.trim(), PARAMS(params)))(params) ?? '';
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problems.push({ path, message: `"\${${expression}}": ${error.message}` });
      return '';
    }
  };
  const whole = WHOLE.exec(text);
  if (whole !== null) return evaluate(whole[1]!);
  let filled = '';
  let from = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    filled += text.slice(from, match.index) + String(await evaluate(match[1]!));
    from = match.index + match[0].length;
  }
  return filled + text.slice(from);
}
