// One parsed YAML document as a plain value, with kubectl's reading of scalars, keys and merges, and all that is wrong.

import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { setField } from '../../engine/index.ts';
import { keyText, readScalar } from '../script/yaml-codec.ts';
import { YAML_DEPTH_MAX, YamlError } from '../script/yaml-parse.ts';
import type { Step } from './document-path.ts';
import { stepsAt } from './yaml-layout.ts';

export interface DocumentProblem {
  readonly steps: readonly Step[];
  readonly offset: number;
  readonly message: string;
}

const MERGE = Symbol('merge');

/** More values than this can only come out of aliases that multiply. */
const ALIASED_VALUES_MAX = 100_000;
/** Told of one document; the others are counted. */
const PROBLEMS_MAX = 50;

export class DocumentReader {
  readonly problems: DocumentProblem[] = [];
  #untold = 0;
  readonly #document: Document.Parsed;
  readonly #steps: Step[] = [];
  readonly #anchors = new Map<string, unknown>();
  readonly #open = new Set<string>();
  #aliasedValues = 0;
  #ranAway = false;

  constructor(document: Document.Parsed) {
    this.#document = document;
  }

  /** How many there are besides the problems that are told. */
  get untold(): number {
    return this.#untold;
  }

  read(): unknown {
    for (const { pos, message } of this.#document.errors) {
      const steps = stepsAt(this.#document.contents, pos[0]);
      this.problems.push({ steps, offset: pos[0], message: `cannot be read: ${lowerFirst(message)}` });
    }
    if (this.problems.length > 0) return null;
    return this.#value(this.#document.contents);
  }

  #value(node: Node | null | undefined): unknown {
    if (node === null || node === undefined) return null;
    if (isAlias(node)) return this.#aliased(node.source, node);
    const { anchor } = node;
    if (anchor !== undefined) this.#open.add(anchor);
    const value = isSeq(node) ? this.#list(node) : isMap(node) ? this.#fields(node) : this.#scalar(node);
    if (anchor !== undefined) {
      this.#open.delete(anchor);
      this.#anchors.set(anchor, value);
    }
    return value;
  }

  #list(node: YAMLSeq): unknown[] {
    return node.items.map((item, at) => this.#below(at, () => this.#value(item as Node)));
  }

  #fields(node: YAMLMap): object {
    const fields: Record<string, unknown> = {};
    const own = new Set<string>();
    for (const { key, value } of node.items) {
      const name = this.#key(key as Node | null, node);
      if (name === null) continue;
      if (name === MERGE) {
        this.#merge(fields, value as Node | null, node);
        continue;
      }
      if (own.has(name)) {
        this.#below(name, () => this.#refuse(key as Node, 'is here for the second time'));
        continue;
      }
      own.add(name);
      setField(
        fields,
        name,
        this.#below(name, () => this.#value(value as Node | null)),
      );
    }
    return fields;
  }

  #key(key: Node | null, map: YAMLMap): string | typeof MERGE | null {
    const named = isAlias(key) ? key.resolve(this.#document) : key;
    if (!isScalar(named)) {
      this.#refuse(named ?? map, 'has a key that is not a plain value');
      return null;
    }
    try {
      const scalar = readScalar(named);
      return scalar.tag === 'merge' ? MERGE : keyText(scalar);
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      this.#refuse(named, error.message);
      return null;
    }
  }

  /** As in kubectl, a merge overrides what stands before it and is overridden by what follows. */
  #merge(fields: Record<string, unknown>, value: Node | null, map: YAMLMap): void {
    const merged = this.#below('<<', () => this.#value(value));
    const sources = Array.isArray(merged) ? merged.toReversed() : [merged];
    for (const source of sources) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        this.#below('<<', () => this.#refuse(value ?? map, 'must be a map or a list of maps'));
        return;
      }
      for (const [name, field] of Object.entries(source)) setField(fields, name, field);
    }
  }

  #scalar(node: Node): unknown {
    if (!isScalar(node)) return this.#refuse(node, 'is neither a scalar, a list nor a map');
    try {
      const { tag, value } = readScalar(node);
      if (tag === 'int') {
        if (Number.isSafeInteger(Number(value))) return Number(value);
        return this.#refuse(node, `is ${value}, beyond the whole numbers that are kept exactly (2^53)`);
      }
      if (tag === 'float' && !Number.isFinite(value))
        return this.#refuse(node, `is ${value}, which JSON has no word for`);
      return value;
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      return this.#refuse(node, error.message);
    }
  }

  #aliased(anchor: string, node: Node): unknown {
    if (this.#open.has(anchor)) return this.#refuse(node, `contains itself through the alias *${anchor}`);
    if (!this.#anchors.has(anchor)) return this.#refuse(node, `is the alias *${anchor} of nothing before it`);
    return this.#copy(this.#anchors.get(anchor), node, 0);
  }

  /** Copies, so that who changes the one does not change the other. */
  #copy(value: unknown, alias: Node, depth: number): unknown {
    this.#aliasedValues += 1;
    if (this.#aliasedValues > ALIASED_VALUES_MAX || depth > YAML_DEPTH_MAX) {
      return this.#aliasesRunAway(alias);
    }
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, alias, depth + 1));
    if (typeof value !== 'object' || value === null) return value;
    const copied: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(value)) setField(copied, name, this.#copy(field, alias, depth + 1));
    return copied;
  }

  /** Said once: whatever follows would only repeat it. */
  #aliasesRunAway(alias: Node): null {
    if (this.#ranAway) return null;
    this.#ranAway = true;
    return this.#refuse(alias, 'multiplies aliases without end');
  }

  #below<T>(step: Step, read: () => T): T {
    this.#steps.push(step);
    try {
      return read();
    } finally {
      this.#steps.pop();
    }
  }

  #refuse(node: Node, message: string): null {
    if (this.problems.length < PROBLEMS_MAX) {
      this.problems.push({ steps: [...this.#steps], offset: node.range?.[0] ?? 0, message });
    } else this.#untold += 1;
    return null;
  }
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
