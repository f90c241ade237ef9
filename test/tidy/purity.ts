// The engine's purity: what a file of `engine/` reaches for that it must not, and what it should use instead.
import { importsOf, resolveImport } from './source.ts';
import { type Token, tokenize, UnreadableSource } from './tokens.ts';

const WAIT = 'a requeue; drivers wait';
const SYNC = 'a value; nothing in the engine waits';
const TIME = 'the time that is passed in, and kube/time.ts';
const PORT = 'a port that the driver hands in';
const ARGUMENT = 'an argument';

const BANNED: Readonly<Record<string, string>> = {
  Date: TIME,
  performance: TIME,
  process: ARGUMENT,
  globalThis: ARGUMENT,
  setTimeout: WAIT,
  setInterval: WAIT,
  setImmediate: WAIT,
  clearTimeout: WAIT,
  clearInterval: WAIT,
  clearImmediate: WAIT,
  queueMicrotask: 'a plain call',
  Promise: SYNC,
  async: SYNC,
  await: SYNC,
  Atomics: SYNC,
  SharedArrayBuffer: 'an ArrayBuffer',
  console: 'a returned value',
  Intl: 'base/order.ts',
  fetch: 'a command to the driver',
  crypto: 'base/random.ts',
  Buffer: 'a Uint8Array',
  eval: PORT,
  Function: PORT,
  WebAssembly: PORT,
  require: 'an import at the top',
  WeakRef: 'a bounded cache',
  FinalizationRegistry: 'a bounded cache',
};

/** Members whose answer depends on the machine, or that lead to what is banned. */
const BANNED_MEMBERS: Readonly<Record<string, string>> = {
  localeCompare: 'byText of base/order.ts',
  toLocaleString: 'String()',
  toLocaleLowerCase: 'toLowerCase',
  toLocaleUpperCase: 'toUpperCase',
  toLocaleDateString: 'kube/time.ts',
  toLocaleTimeString: 'kube/time.ts',
  captureStackTrace: 'a value that says what happened',
};

/** The functions whose every bit the language fixes; of the others it leaves the last bit to the machine. */
const EXACT_MATH = new Set('abs ceil clz32 floor fround imul max min round sign sqrt trunc'.split(' '));

export function impurities(file: string, source: string): string[] {
  let tokens: readonly Token[];
  try {
    tokens = tokenize(source);
  } catch (error) {
    if (error instanceof UnreadableSource) return [`${file} cannot be checked: ${error.message}`];
    throw error;
  }
  const problems = [...outsideImports(file, tokens), ...lastingState(tokens)];
  tokens.forEach((token, at) => {
    const what = token.kind === 'word' ? bannedWord(tokens, at) : token.kind === 'text' ? bannedKey(tokens, at) : null;
    if (what !== null) problems.push({ line: token.line, what });
  });
  return problems.sort((a, b) => a.line - b.line).map(({ line, what }) => `${file}:${line} ${what}`);
}

interface Problem {
  readonly line: number;
  readonly what: string;
}

function outsideImports(file: string, tokens: readonly Token[]): Problem[] {
  return importsOf(tokens).flatMap(({ target, line, when }) => {
    if (when === 'later') return [{ line, what: 'imports while running: import at the top' }];
    const inside = target !== null && resolveImport(file, target)?.startsWith('engine/');
    return inside ? [] : [{ line, what: `imports "${target}", which is outside engine/: declare a port` }];
  });
}

function bannedWord(tokens: readonly Token[], at: number): string | null {
  const { value } = tokens[at]!;
  const isMember = isMemberName(tokens, at);
  if (own(BANNED_MEMBERS, value) !== null && !isKey(tokens, at) && (isMember || isTakenApart(tokens, at))) {
    return `uses ${value}: use ${own(BANNED_MEMBERS, value)}`;
  }
  if (value === 'constructor' && isMember) return `reaches for a constructor: ${BANNED.Function}`;
  if (value === 'meta' && isMember && tokens[at - 2]?.value === 'import') return `uses import.meta: use ${ARGUMENT}`;
  if (isMember || isKey(tokens, at)) return null;
  if (value === 'Math') return inexactMath(tokens, at);
  const instead = own(BANNED, value);
  return instead === null ? null : `uses ${value}: use ${instead}`;
}

function inexactMath(tokens: readonly Token[], at: number): string | null {
  const [dot, member] = [tokens[at + 1], tokens[at + 2]];
  if (dot?.value !== '.' || member?.kind !== 'word') return 'takes Math as a value: name the function, as in Math.max';
  if (member.value === 'random') return 'uses Math.random: use base/random.ts';
  if (EXACT_MATH.has(member.value)) return null;
  return `uses Math.${member.value}, whose last bit depends on the machine: use whole numbers`;
}

/** `value['name']`; a text in a list of its own is only a text. */
function bannedKey(tokens: readonly Token[], at: number): string | null {
  const [holder, bracket] = [tokens[at - 2], tokens[at - 1]];
  const isAccess = bracket?.value === '[' && bracket.kind === 'sign' && holder !== undefined && endsValue(holder);
  const { value } = tokens[at]!;
  if (!isAccess || (own(BANNED_MEMBERS, value) === null && value !== 'constructor')) return null;
  return `reaches for ["${value}"]: use ${own(BANNED_MEMBERS, value) ?? PORT}`;
}

const endsValue = ({ kind, value }: Token): boolean =>
  kind === 'word'
    ? value !== 'return' && value !== 'of' && value !== 'in'
    : kind !== 'sign' || value === ')' || value === ']';

/** "a.name" and "a?.name", and not the spread of "...name". */
const isMemberName = (tokens: readonly Token[], at: number): boolean =>
  isDot(tokens[at - 1]) && !(isDot(tokens[at - 2]) && isDot(tokens[at - 3]));

const isDot = (token: Token | undefined): boolean => token?.kind === 'sign' && token.value === '.';

const BEFORE_KEY = new Set(['{', ',', ';', '(', '[', '}', 'readonly']);

/** A field's or a parameter's own name: "{ process: 1 }", "readonly process?: string". */
function isKey(tokens: readonly Token[], at: number): boolean {
  const [before, after, then] = [tokens[at - 1], tokens[at + 1], tokens[at + 2]];
  const isNamed = after?.value === ':' || (after?.value === '?' && then?.value === ':');
  return isNamed && before !== undefined && BEFORE_KEY.has(before.value);
}

/** "const { localeCompare } = text": a name between braces and commas. */
function isTakenApart(tokens: readonly Token[], at: number): boolean {
  const [before, after] = [tokens[at - 1]?.value, tokens[at + 1]?.value];
  return (before === '{' || before === ',') && (after === '}' || after === ',');
}

const CONTAINERS = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Array']);

/** What would remember one call in the next: variables of a module, and containers that begin empty. */
function lastingState(tokens: readonly Token[]): Problem[] {
  const problems: Problem[] = [];
  let depth = 0;
  tokens.forEach(({ kind, value, line }, at) => {
    if (kind === 'sign' && ['{', '(', '[', '${'].includes(value)) depth += 1;
    if (kind === 'sign' && ['}', ')', ']', '}$'].includes(value)) depth -= 1;
    if (depth > 0 || kind !== 'word') return;
    const isVariable = value === 'let' || value === 'var';
    if (isVariable && !isMemberName(tokens, at))
      problems.push({ line, what: `keeps state in a ${value} of the module: pass it` });
    if (value === 'new' && CONTAINERS.has(tokens[at + 1]?.value ?? '') && beginsEmpty(tokens, at + 2)) {
      problems.push({ line, what: `keeps state in a ${tokens[at + 1]?.value} of the module: pass it` });
    }
  });
  return problems;
}

function beginsEmpty(tokens: readonly Token[], from: number): boolean {
  let at = from;
  for (let angles = 0; at < tokens.length; at += 1) {
    const { value } = tokens[at]!;
    if (value === '<') angles += 1;
    else if (value === '>') angles -= 1;
    else if (angles === 0) break;
  }
  return tokens[at]?.value === ';' || (tokens[at]?.value === '(' && tokens[at + 1]?.value === ')');
}

const own = (table: Readonly<Record<string, string>>, key: string): string | null =>
  Object.hasOwn(table, key) ? table[key]! : null;
