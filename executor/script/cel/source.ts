// Reads a CEL expression as far as its cost is concerned: how deep loops stand in loops, and which functions are ours.

const LOOPS = new Set([
  'all',
  'exists',
  'exists_one',
  'existsOne',
  'filter',
  'map',
  'transformList',
  'transformMap',
  'transformMapEntry',
]);

/** Functions of the language that have our own in their place: patterns in linear time, letters of ASCII only. */
const REPLACED: ReadonlyMap<string, string> = new Map([
  ['matches', 'matchIn'],
  ['lowerAscii', 'lowercased'],
  ['upperAscii', 'uppercased'],
]);

export interface CelSource {
  /** With some functions under names of our own, each as long as the one it stands for. */
  readonly text: string;
  /** 0 without loops, 2 for a loop within a loop. */
  readonly loopDepth: number;
}

const TOKEN =
  /(?:[rR]?(?:"""[\s\S]*?"""|'''[\s\S]*?'''))|[rR]"[^"]*"|[rR]'[^']*'|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/\/.*|(\.\s*)([A-Za-z_]\w*)(\s*\()|[()]/g;

export function readCel(expression: string): CelSource {
  const open: boolean[] = [];
  let depth = 0;
  let deepest = 0;
  const text = expression.replace(TOKEN, (token, before?: string, called?: string, after?: string) => {
    if (token === ')') {
      if (open.pop() === true) depth -= 1;
    } else if (called !== undefined || token === '(') {
      const isLoop = called !== undefined && LOOPS.has(called);
      open.push(isLoop);
      if (isLoop) depth += 1;
      deepest = Math.max(deepest, depth);
    }
    const own = called === undefined ? undefined : REPLACED.get(called);
    return own === undefined ? token : `${before}${own}${after}`;
  });
  return { text, loopDepth: deepest };
}

/** The items of the largest list or map in a value, at least 1; looking stops at the first that is larger than the most. */
export function largestPart(value: unknown, most: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  const parts = Array.isArray(value) ? value : Object.values(value);
  let largest = Math.max(1, parts.length);
  for (const part of parts) {
    if (largest > most) break;
    largest = Math.max(largest, largestPart(part, most));
  }
  return largest;
}
