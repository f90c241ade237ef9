// The functions of rules in CEL that look for patterns, none of which can be made to run for ever.
import type { Environment } from '@marcbachmann/cel-js';
import { Pattern, PatternError } from '../../../engine/index.ts';

const PATTERNS_MAX = 1000;
/** Characters that one search for all places may read, again and again. */
const READ_MAX = 10_000_000;
const patterns = new Map<string, Pattern>();

function patternOf(source: string): Pattern {
  const known = patterns.get(source);
  if (known !== undefined) return known;
  const pattern = Pattern.read(source);
  if (pattern instanceof PatternError) throw new Error(`"${source}" is no pattern: ${pattern.message}`);
  if (patterns.size >= PATTERNS_MAX) patterns.clear();
  patterns.set(source, pattern);
  return pattern;
}

const isIn = (text: string, source: string): boolean => patternOf(source).isIn(text);

const codesOf = (text: string): number[] => Array.from(text, (char) => char.codePointAt(0)!);

function textOf(codes: readonly number[], start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 1) text += String.fromCodePoint(codes[at]!);
  return text;
}

function find(text: string, source: string): string {
  const codes = codesOf(text);
  const found = patternOf(source).find(codes);
  return found === null ? '' : textOf(codes, found.start, found.end);
}

/** All parts, from left to right; an empty one is not found right behind another. */
function findAll(text: string, source: string, most = -1n): string[] {
  const pattern = patternOf(source);
  const codes = codesOf(text);
  const parts: string[] = [];
  let read = 0;
  let lastEnd = -1;
  for (let at = 0; at <= codes.length && (most < 0n || parts.length < most); ) {
    const found = pattern.find(codes, at);
    if (found === null) break;
    read += found.readTo - at;
    if (read > READ_MAX) throw new Error('operation cancelled: actual cost limit exceeded');
    if (found.end > found.start || found.start !== lastEnd) parts.push(textOf(codes, found.start, found.end));
    lastEnd = found.end;
    at = found.end > at ? found.end : at + 1;
  }
  return parts;
}

export function addPatterns(environment: Environment): Environment {
  return environment
    .registerFunction('string.matchIn(string): bool', isIn)
    .registerFunction('matches(string, string): bool', isIn)
    .registerFunction('string.find(string): string', find)
    .registerFunction('string.findAll(string): list<string>', (text: string, source: string) => findAll(text, source))
    .registerFunction('string.findAll(string, int): list<string>', findAll);
}
