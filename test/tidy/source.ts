// The project's own files, their text, their tokens, and where their imports lead.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Token, tokenize } from './tokens.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Tracked files and new ones that are not ignored, by their path from the root. */
export function projectFiles(): string[] {
  const list = (...options: string[]) =>
    execFileSync('git', ['ls-files', ...options, '-z'], { cwd: root, maxBuffer: 64 * 1024 * 1024 })
      .toString()
      .split('\0');
  const removed = new Set(list('--deleted'));
  const files = list('--cached', '--others', '--exclude-standard').filter((file) => file !== '' && !removed.has(file));
  return [...new Set(files)].sort();
}

export const read = (file: string): string => readFileSync(root + file, 'utf8');

const cache = new Map<string, readonly Token[]>();

export function tokensOf(file: string): readonly Token[] {
  const known = cache.get(file);
  if (known !== undefined) return known;
  const tokens = tokenize(read(file));
  cache.set(file, tokens);
  return tokens;
}

export interface Import {
  /** Null where only running would tell. */
  readonly target: string | null;
  readonly line: number;
  /** "type" leaves nothing behind in what runs; "later" loads when it is reached. */
  readonly when: 'first' | 'later' | 'type';
}

/** Every import, export-from and dynamic import. */
export function importsOf(tokens: readonly Token[]): Import[] {
  const found: Import[] = [];
  tokens.forEach((token, at) => {
    if (token.kind !== 'word' || tokens[at - 1]?.value === '.') return;
    const [next, inner, end] = [tokens[at + 1], tokens[at + 2], tokens[at + 3]];
    if (token.value === 'from' && next?.kind === 'text') {
      found.push({ target: next.value, line: next.line, when: isTypeOnly(tokens, at) ? 'type' : 'first' });
    } else if (token.value === 'import' && next?.kind === 'text') {
      found.push({ target: next.value, line: next.line, when: 'first' });
    } else if ((token.value === 'import' || token.value === 'require') && next?.value === '(') {
      const isPlain = inner?.kind === 'text' && (end?.value === ')' || end?.value === ',');
      found.push({ target: isPlain ? inner.value : null, line: token.line, when: 'later' });
    }
  });
  return found;
}

function isTypeOnly(tokens: readonly Token[], from: number): boolean {
  let at = from;
  while (at > 0 && tokens[at]!.value !== 'import' && tokens[at]!.value !== 'export') at -= 1;
  return tokens[at + 1]?.value === 'type' && tokens[at + 2]?.value !== 'from';
}

/** The project's file that a relative import of another names. */
export const resolveImport = (file: string, target: string): string | null =>
  target.startsWith('.') ? posix.join(posix.dirname(file), target) : null;

/** The files that others lead to, by import or as the built name of a worker that they start. */
export function reachableFrom(entries: readonly string[], files: ReadonlySet<string>): Set<string> {
  const reached = new Set<string>();
  const open = entries.filter((entry) => files.has(entry));
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    for (const { kind, value } of tokensOf(file)) {
      if (kind !== 'text' || !/^\.{1,2}\/.*\.[jt]s$/.test(value)) continue;
      const target = resolveImport(file, value.replace(/\.js$/, '.ts'));
      if (target !== null && files.has(target)) open.push(target);
    }
  }
  return reached;
}
