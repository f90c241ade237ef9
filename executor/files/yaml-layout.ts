// Where the fields of a YAML file stand: from a path to line and column, and from a position to the path around it.
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node } from 'yaml';
import { parseYaml } from '../script/yaml-parse.ts';
import { parsePath, type Step } from './document-path.ts';
import type { Place } from './file-problem.ts';

/** The file as its author sees it. For a lookup it is parsed anew: that is rare, and the parsed form is large. */
export class Layout {
  readonly #text: string;
  readonly #file: string;
  readonly #lines = new LineCounter();
  #parsed: readonly Document.Parsed[] | null = null;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  /** Not kept: only lookups come back. */
  parsed(): readonly Document.Parsed[] {
    this.#lines.lineStarts.length = 0;
    return parseYaml(this.#text, this.#lines);
  }

  /** Where a field of the index-th document stands; where it is absent, what would hold it. */
  place(index: number, path: string): Place {
    this.#parsed ??= this.parsed();
    const document = this.#parsed[index];
    return this.placeAt(document === undefined ? 0 : offsetOf(document, parsePath(path)));
  }

  placeAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
  }
}

/** Scalars and items of lists are found where they begin; a map or list below a key, at its key. */
function offsetOf(document: Document.Parsed, steps: readonly Step[]): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? document.range[0];
  for (const step of steps) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    if (isSeq(node) && typeof step === 'number') {
      node = (node.items[step] as Node | undefined) ?? null;
      if (node === null) break;
      offset = node.range?.[0] ?? offset;
    } else if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) break;
      node = pair.value as Node | null;
      const found = isScalar(node) && node.value !== '' ? node : (pair.key as Node);
      offset = found.range?.[0] ?? offset;
    } else {
      break;
    }
  }
  return offset;
}

/** The way to the innermost node around a position, in a document that may be broken there. */
export function stepsAt(root: Node | null, offset: number): Step[] {
  const steps: Step[] = [];
  const holds = (node: unknown): node is Node => {
    const range = (node as Node | null)?.range;
    return range !== undefined && range !== null && range[0] <= offset && offset <= range[2];
  };
  let node: Node | null = root;
  while (node !== null) {
    if (isSeq(node)) {
      const at = node.items.findIndex(holds);
      if (at < 0) return steps;
      steps.push(at);
      node = node.items[at] as Node;
    } else if (isMap(node)) {
      const pair = node.items.find(({ key, value }) => holds(value) || holds(key));
      if (pair === undefined || !isScalar(pair.key)) return steps;
      steps.push(String(pair.key.value));
      node = holds(pair.value) ? pair.value : null;
    } else {
      return steps;
    }
  }
  return steps;
}
