// Label and field selectors as URLs carry them: texts to requirements, with the API's own words for what is wrong.
import { LABEL_VALUE_RULE } from './name-rules.ts';
import { meets } from './requirement.ts';
import { isLabelValue, isQualifiedName } from './selector.ts';

export type LabelTerm =
  | { readonly operator: 'In' | 'NotIn'; readonly key: string; readonly values: readonly string[] }
  | { readonly operator: 'Exists' | 'DoesNotExist'; readonly key: string }
  | { readonly operator: 'Gt' | 'Lt'; readonly key: string; readonly bound: number };

export interface FieldTerm {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

/** Every term must hold; no term holds for everything. */
export type Parsed<T> =
  | { readonly ok: true; readonly terms: readonly T[] }
  | { readonly ok: false; readonly why: string };

const LABEL_KEY_RULE =
  "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an" +
  " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is" +
  " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/'" +
  " (e.g. 'example.com/MyName')";

class Unreadable extends Error {}

const OPERATORS: Readonly<Record<string, LabelTerm['operator']>> = {
  in: 'In',
  notin: 'NotIn',
  '=': 'In',
  '==': 'In',
  '!=': 'NotIn',
  '>': 'Gt',
  '<': 'Lt',
};

/** "a=b,c in (d, e),!f,g>3" */
export function parseLabelSelector(text: string): Parsed<LabelTerm> {
  const tokens = text.match(/==|!=|[(),!=<>]|[^\s(),!=<>]+/g) ?? [];
  const terms: LabelTerm[] = [];
  let at = 0;
  const peek = () => tokens[at] ?? '';
  try {
    while (at < tokens.length) {
      if (!isWord(peek()) && peek() !== '!') {
        throw new Unreadable(`found '${peek()}', expected: !, identifier, or 'end of string'`);
      }
      terms.push(readTerm());
      if (at === tokens.length) break;
      if (peek() !== ',') throw new Unreadable(`found '${peek()}', expected: ',' or 'end of string'`);
      at += 1;
      if (!isWord(peek()) && peek() !== '!') {
        throw new Unreadable(`found '${peek()}', expected: identifier after ','`);
      }
    }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, why: error.message };
    throw error;
  }
  return { ok: true, terms };

  function readTerm(): LabelTerm {
    const refuse = (why: string) => new Unreadable(`unable to parse requirement: ${why}`);
    const negated = peek() === '!';
    if (negated) at += 1;
    const key = peek();
    if (!isWord(key)) throw refuse(`found '${key}', expected: identifier`);
    at += 1;
    if (!isQualifiedName(key)) throw refuse(`<nil>: Invalid value: ${JSON.stringify(key)}: ${LABEL_KEY_RULE}`);
    if (negated) return { operator: 'DoesNotExist', key };
    if (peek() === '' || peek() === ',') return { operator: 'Exists', key };
    const word = peek();
    const operator = Object.hasOwn(OPERATORS, word) ? OPERATORS[word]! : null;
    if (operator === null) throw refuse(`found '${word}', expected: in, notin, =, ==, !=, gt, lt`);
    at += 1;
    const values = word === 'in' || word === 'notin' ? readValues(refuse) : [readValue(refuse)];
    if (operator === 'Gt' || operator === 'Lt') {
      if (!/^[+-]?\d+$/.test(values[0]!)) {
        throw refuse(
          `values[0]: Invalid value: ${JSON.stringify(values[0])}: for 'Gt', 'Lt' operators, the value must be an integer`,
        );
      }
      return { operator, key, bound: Number(values[0]) };
    }
    const bad = values.findIndex((value) => !isLabelValue(value));
    if (bad >= 0) {
      throw refuse(`values[${bad}][${key}]: Invalid value: ${JSON.stringify(values[bad])}: ${LABEL_VALUE_RULE}`);
    }
    return { operator: operator as 'In' | 'NotIn', key, values };
  }

  function readValue(refuse: (why: string) => Unreadable): string {
    if (peek() === '' || peek() === ',') return '';
    const value = peek();
    if (!isWord(value)) throw refuse(`found '${value}', expected: identifier`);
    at += 1;
    return value;
  }

  function readValues(refuse: (why: string) => Unreadable): string[] {
    if (peek() !== '(') throw refuse(`found '${peek()}' expected: '('`);
    at += 1;
    const values: string[] = [];
    let pending = '';
    for (;;) {
      const token = peek();
      at += 1;
      if (token === ')' || token === ',') {
        values.push(pending);
        pending = '';
        if (token === ')') return [...new Set(values)].sort();
      } else if (isWord(token)) {
        if (pending !== '') throw refuse(`found '${token}', expected: ',' or ')'`);
        pending = token;
      } else {
        throw refuse(`found '${token}', expected: ',', ')' or identifier`);
      }
    }
  }
}

const isWord = (token: string) => token !== '' && !/^(==|!=|[(),!=<>])$/.test(token);

export const matchesLabels = (terms: readonly LabelTerm[], labels: Readonly<Record<string, string>> = {}): boolean =>
  terms.every((term) => matchesTerm(term, Object.hasOwn(labels, term.key) ? labels[term.key] : undefined));

function matchesTerm(term: LabelTerm, value: string | undefined): boolean {
  switch (term.operator) {
    case 'Gt':
      return value !== undefined && /^[+-]?\d+$/.test(value) && Number(value) > term.bound;
    case 'Lt':
      return value !== undefined && /^[+-]?\d+$/.test(value) && Number(value) < term.bound;
    default:
      return meets(value, term.operator, 'values' in term ? term.values : []);
  }
}

/** "metadata.name=a,status.phase!=Running", with backslashes before commas, equals signs and backslashes in values. */
export function parseFieldSelector(text: string): Parsed<FieldTerm> {
  const terms: FieldTerm[] = [];
  for (const part of text.match(/(?:\\.|[^,\\])+|\\$/g) ?? []) {
    const match = /^([^=!]*)(!=|==|=)([\s\S]*)$/.exec(part);
    if (match === null) return { ok: false, why: `invalid selector: '${text}'; can't understand '${part}'` };
    const [, field, operator, escaped = ''] = match;
    let value = '';
    for (let at = 0; at < escaped.length; at += 1) {
      const char = escaped[at]!;
      if (char === '\\') {
        const next = escaped[at + 1] ?? '';
        if (!['\\', ',', '='].includes(next)) {
          return { ok: false, why: `invalid field selector: invalid escape sequence: \\${next}` };
        }
        value += next;
        at += 1;
      } else if (char === '=') {
        return { ok: false, why: `invalid field selector: unescaped character in value: ${char.codePointAt(0)}` };
      } else {
        value += char;
      }
    }
    terms.push({ field: field!, equal: operator !== '!=', value });
  }
  return { ok: true, terms };
}

export const matchesFields = (terms: readonly FieldTerm[], read: (field: string) => string): boolean =>
  terms.every(({ field, equal, value }) => (read(field) === value) === equal);

function textOf(term: LabelTerm): string {
  switch (term.operator) {
    case 'In':
      return term.values.length === 1 ? `${term.key}=${term.values[0]}` : `${term.key} in (${term.values.join(',')})`;
    case 'NotIn':
      return `${term.key} notin (${term.values.join(',')})`;
    case 'Exists':
      return term.key;
    case 'DoesNotExist':
      return `!${term.key}`;
    case 'Gt':
      return `${term.key}>${term.bound}`;
    case 'Lt':
      return `${term.key}<${term.bound}`;
  }
}

/** Text for a parsed selector; what `Scale.status.selector` carries. */
export const formatLabelTerms = (terms: readonly LabelTerm[]): string => terms.map(textOf).join(',');
