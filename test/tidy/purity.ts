// The engine's purity: what a file of `engine/` reaches for that it must not.
import { posix } from 'node:path';
import { importsOf, type Token, tokenize } from './source.ts';

/** What is banned, and what to use in its place. */
const BANNED: Readonly<Record<string, string>> = {
  Date: 'the time that is passed in, and kube/time.ts',
  process: 'an argument',
  performance: 'the time that is passed in',
  setTimeout: 'a requeue; drivers wait',
  setInterval: 'a requeue; drivers wait',
  setImmediate: 'a requeue; drivers wait',
  clearTimeout: 'a requeue; drivers wait',
  clearInterval: 'a requeue; drivers wait',
  queueMicrotask: 'a plain call',
  Promise: 'a value; nothing in the engine waits',
  async: 'a value; nothing in the engine waits',
  await: 'a value; nothing in the engine waits',
  console: 'a returned value',
  Intl: 'base/order.ts',
  fetch: 'a command to the driver',
  crypto: 'base/random.ts',
  globalThis: 'an argument',
  Buffer: 'Uint8Array',
  eval: 'a port',
  Function: 'a port',
  WeakRef: 'a bounded cache',
  FinalizationRegistry: 'a bounded cache',
};

/** Members whose answer depends on the machine. */
const BANNED_MEMBERS: Readonly<Record<string, string>> = {
  localeCompare: 'byText of base/order.ts',
  toLocaleString: 'String()',
  toLocaleLowerCase: 'toLowerCase',
  toLocaleUpperCase: 'toUpperCase',
  toLocaleDateString: 'kube/time.ts',
  toLocaleTimeString: 'kube/time.ts',
};

/** Words after which, or around which, a name is a member or a key of its own and not the global. */
const isOwnName = (before: Token | undefined, after: Token | undefined): boolean =>
  (before?.value === '.' && before.kind === 'sign') || after?.value === ':';

export function impurities(file: string, source: string): string[] {
  const tokens = tokenize(source);
  const problems: string[] = [];
  const report = (line: number, what: string) => problems.push(`${file}:${line} ${what}`);

  for (const { target, line } of importsOf(tokens)) {
    if (target !== null && !staysInside(file, target)) report(line, `imports "${target}", which is outside engine/`);
  }
  tokens.forEach((token, at) => {
    const [before, after] = [tokens[at - 1], tokens[at + 1]];
    if (token.kind === 'word') {
      const instead = Object.hasOwn(BANNED, token.value) ? BANNED[token.value] : undefined;
      if (instead !== undefined && !isOwnName(before, after)) report(token.line, `uses ${token.value}: use ${instead}`);
      const member = Object.hasOwn(BANNED_MEMBERS, token.value) ? BANNED_MEMBERS[token.value] : undefined;
      if (member !== undefined) report(token.line, `uses ${token.value}: use ${member}`);
      if (token.value === 'Math') reportMath(tokens, at, report);
      if ((token.value === 'import' || token.value === 'require') && after?.value === '(' && before?.value !== '.') {
        report(token.line, 'imports while running: import at the top');
      }
    } else if (token.kind === 'text' && before?.value === '[') {
      if (Object.hasOwn(BANNED_MEMBERS, token.value) || token.value === 'random') {
        report(token.line, `reaches for ["${token.value}"]`);
      }
    }
  });
  return problems;
}

/** Math.random by any of its spellings; taking Math as a value could hide it, so only members may be named. */
function reportMath(tokens: readonly Token[], at: number, report: (line: number, what: string) => void): void {
  const [before, dot, member] = [tokens[at - 1], tokens[at + 1], tokens[at + 2]];
  if (before?.value === '.') return;
  const line = tokens[at]!.line;
  if (dot?.value !== '.') report(line, 'takes Math as a value: name the function, as in Math.max');
  else if (member?.value === 'random') report(line, 'uses Math.random: use base/random.ts');
}

function staysInside(file: string, target: string): boolean {
  if (!target.startsWith('.')) return false;
  return posix.join(posix.dirname(file), target).startsWith('engine/');
}
