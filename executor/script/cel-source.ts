// Reads a CEL expression as far as its cost is concerned: how deep loops stand in loops, and where patterns are asked for.

const LOOPS = new Set(['all', 'exists', 'exists_one', 'existsOne', 'filter', 'map', 'transformList', 'transformMap']);

export interface CelSource {
  /** With `matches` under a name of our own, whose patterns run in linear time. */
  readonly text: string;
  /** 0 without loops, 2 for a loop within a loop. */
  readonly loopDepth: number;
}

const TOKEN =
  /(?:[rR]?(?:"""[\s\S]*?"""|'''[\s\S]*?'''))|[rR]"[^"]*"|[rR]'[^']*'|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/\/.*|\.\s*([A-Za-z_]\w*)\s*\(|[()]/g;

export function readCel(expression: string): CelSource {
  const open: boolean[] = [];
  let depth = 0;
  let deepest = 0;
  const text = expression.replace(TOKEN, (token, called: string | undefined) => {
    if (token === ')') {
      if (open.pop() === true) depth -= 1;
    } else if (called !== undefined || token === '(') {
      const isLoop = called !== undefined && LOOPS.has(called);
      open.push(isLoop);
      if (isLoop) depth += 1;
      deepest = Math.max(deepest, depth);
    }
    return called === 'matches' ? '.fitsPattern(' : token;
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
