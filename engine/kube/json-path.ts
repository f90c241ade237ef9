// JSONPath as Kubernetes writes it: text with `{...}` in it, where fields, quoted keys, indexes, slices, wildcards and `..` lead to
// values. What stands outside of braces is itself. Filters and ranges are not understood, and said to be so.
import { byText } from '../base/order.ts';
import { own } from '../base/own.ts';
import { canonicalJson, isObject } from './json.ts';

/** Says where the template is none of those understood here, or what is not there. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
}

type Step =
  | { readonly sort: 'keys'; readonly keys: readonly string[] }
  | { readonly sort: 'items'; readonly items: readonly number[] }
  | { readonly sort: 'slice'; readonly from: number | null; readonly to: number | null; readonly by: number }
  | { readonly sort: 'all' }
  | { readonly sort: 'descend' };

type Part =
  | { readonly sort: 'text'; readonly text: string }
  | { readonly sort: 'path'; readonly steps: readonly Step[] };

/** Longer ones are refused: nobody means them. */
const LENGTH_MAX = 1_024;

/** How many values a path may come by: a path that descends again and again would come by more than anybody wants to wait for. */
const VALUES_MAX = 10_000;

/** What the template says of a value: what it leads to, several parted by spaces. */
export function evaluateJsonPath(template: string, root: unknown): string {
  return partsOf(template)
    .map((part) => (part.sort === 'text' ? part.text : follow(part.steps, root).map(printed).join(' ')))
    .join('');
}

function partsOf(template: string): readonly Part[] {
  if (template.length > LENGTH_MAX) throw new JsonPathError(`it is longer than ${LENGTH_MAX} characters`);
  const parts: Part[] = [];
  for (let at = 0; at < template.length; ) {
    const open = template.indexOf('{', at);
    const end = open === -1 ? template.length : open;
    if (end > at) parts.push({ sort: 'text', text: template.slice(at, end) });
    if (open === -1) break;
    const close = closing(template, open + 1);
    parts.push(...inBraces(template.slice(open + 1, close)));
    at = close + 1;
  }
  return parts;
}

/** Where the brace closes; one in quotes does not. */
function closing(template: string, from: number): number {
  let quote = '';
  for (let at = from; at < template.length; at += 1) {
    const one = template[at]!;
    if (quote !== '' && one === '\\') at += 1;
    else if (quote !== '') quote = one === quote ? '' : quote;
    else if (one === '"' || one === "'") quote = one;
    else if (one === '}') return at;
  }
  throw new JsonPathError('a brace is not closed');
}

const QUOTED = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/;
const FIELD = /^(?:[^\s.[\]{}"'\\,()?*$@]|\\.)+/;
const SLICE = /^(-?\d*):(-?\d*)(?::(\d*))?$/;

function inBraces(source: string): readonly Part[] {
  const whole = source.trim();
  const quoted = QUOTED.exec(whole)?.[0];
  if (quoted === whole && whole !== '') return [{ sort: 'text', text: unquoted(whole) }];
  const steps: Step[] = [];
  let left = whole.replace(/^[$@]/, '').trimStart();
  if (left !== '' && left[0] !== '.' && left[0] !== '[') {
    // A name may stand at the beginning without its dot, but not those that mean something else.
    const word = FIELD.exec(left)?.[0] ?? '';
    if (word === '' || word === 'range' || word === 'end') throw new JsonPathError(`{${whole}} is not understood`);
    left = `.${left}`;
  }
  while (left !== '') {
    const { step, length } = stepAt(left);
    if (step !== null) steps.push(step);
    left = left.slice(length).trimStart();
  }
  return [{ sort: 'path', steps }];
}

function stepAt(source: string): { readonly step: Step | null; readonly length: number } {
  // The second dot belongs to what comes after.
  if (source.startsWith('..')) return { step: { sort: 'descend' }, length: source[2] === '[' ? 2 : 1 };
  if (source[0] === '.') {
    if (source[1] === '*') return { step: { sort: 'all' }, length: 2 };
    const field = FIELD.exec(source.slice(1))?.[0];
    if (field !== undefined) {
      return { step: { sort: 'keys', keys: [field.replaceAll(/\\(.)/g, '$1')] }, length: field.length + 1 };
    }
    if (source[1] === '[' || source.length === 1) return { step: null, length: 1 };
  }
  if (source[0] === '[') return inBrackets(source);
  throw new JsonPathError(`${source} is not understood`);
}

function inBrackets(source: string): { readonly step: Step; readonly length: number } {
  const end = endOfBrackets(source);
  const inner = source.slice(1, end).trim();
  const length = end + 1;
  if (inner === '*') return { step: { sort: 'all' }, length };
  const words = wordsIn(inner);
  if (words.length > 0 && words.every((word) => QUOTED.exec(word)?.[0] === word)) {
    return { step: { sort: 'keys', keys: words.map(unquoted) }, length };
  }
  if (words.length > 0 && words.every((word) => /^-?\d+$/.test(word))) {
    return { step: { sort: 'items', items: words.map(Number) }, length };
  }
  const slice = SLICE.exec(inner);
  if (slice !== null) {
    const [from = null, to = null] = slice.slice(1, 3).map((text) => (text === '' ? null : Number(text)));
    const by = Number(slice[3] || 1);
    if (by > 0) return { step: { sort: 'slice', from, to, by }, length };
  }
  throw new JsonPathError(`[${inner}] is not understood: filters and scripts are none`);
}

function endOfBrackets(source: string): number {
  for (let at = 1; at < source.length; at += 1) {
    const quoted = QUOTED.exec(source.slice(at))?.[0];
    if (quoted !== undefined) at += quoted.length - 1;
    else if (source[at] === ']') return at;
  }
  throw new JsonPathError('a bracket is not closed');
}

/** Parted by commas, where those are in no quotes. */
const wordsIn = (inner: string): readonly string[] =>
  (inner.match(/(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^,])+/g) ?? []).map((word) => word.trim());

const unquoted = (quoted: string): string => quoted.slice(1, -1).replaceAll(/\\(.)/g, '$1');

function follow(steps: readonly Step[], root: unknown): readonly unknown[] {
  let values: readonly unknown[] = [root];
  for (const step of steps) {
    values = values.length === 0 ? [] : after(step, values);
    if (values.length > VALUES_MAX) throw new JsonPathError(`it comes by more than ${VALUES_MAX} values`);
  }
  return values;
}

function after(step: Step, values: readonly unknown[]): readonly unknown[] {
  switch (step.sort) {
    case 'keys': {
      const found = values.flatMap((value) => step.keys.flatMap((key) => fieldOf(value, key)));
      if (found.length === 0) throw new JsonPathError(`${step.keys.join(', ')} is not found`);
      return found;
    }
    case 'items':
      return values.flatMap((value) => step.items.map((at) => itemOf(value, at)));
    case 'slice':
      return values.flatMap((value) => sliceOf(listIn(value), step));
    case 'all':
      return values.flatMap(partsIn);
    case 'descend':
      return descend(values);
  }
}

/** What is null is as good as absent. */
function fieldOf(value: unknown, key: string): readonly unknown[] {
  const found = isObject(value) ? own(value, key) : undefined;
  return found === undefined || found === null ? [] : [found];
}

function listIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new JsonPathError('what is counted in is no list');
}

function itemOf(value: unknown, index: number): unknown {
  const list = listIn(value);
  const found = list.at(index);
  if (found !== undefined && found !== null) return found;
  throw new JsonPathError(`there is no item ${index} of ${list.length}`);
}

function sliceOf(list: readonly unknown[], { from, to, by }: Extract<Step, { sort: 'slice' }>): readonly unknown[] {
  return list.slice(from ?? 0, to ?? list.length).filter((_, at) => at % by === 0);
}

function partsIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value)
    ? Object.keys(value)
        .sort(byText)
        .map((key) => value[key])
    : [];
}

/** Everything that has parts, from the outside in. */
function descend(values: readonly unknown[]): readonly unknown[] {
  const found: unknown[] = [];
  const visit = (value: unknown): void => {
    const parts = partsIn(value);
    if (parts.length === 0) return;
    found.push(value);
    if (found.length > VALUES_MAX) throw new JsonPathError(`it comes by more than ${VALUES_MAX} values`);
    parts.forEach(visit);
  };
  values.forEach(visit);
  return found;
}

const printed = (value: unknown): string =>
  typeof value === 'object' && value !== null ? canonicalJson(value) : String(value);
