// Prints a JSON document as YAML as the Kubernetes tools do: sorted keys, block style, lines folded after 80 columns.
import { sortYamlKeys } from './yaml-keys.ts';
import { isBreak, isPrintable, styleOf } from './yaml-style.ts';

/** A value to print: texts are styled as needed, `Verbatim` (numbers, null, booleans) stands as it is. */
export type YamlNode = string | Verbatim | readonly YamlNode[] | ReadonlyMap<string, YamlNode>;

export class Verbatim {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const INDENT = 2;
const WIDTH = 80;
/** A longer key, in bytes, needs the "? key" form. */
const SIMPLE_KEY_BYTES_MAX = 128;

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\u0085': 'N',
  '\u00a0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

export function printYaml(node: YamlNode): string {
  const page = new Page();
  page.node(node, -INDENT, 'root');
  return page.finish();
}

/** The text so far, and where on it the pen stands; the rules of spacing are libyaml's. */
class Page {
  private text = '';
  private column = 0;
  private afterSpace = true;
  private onlyIndicators = true;

  finish(): string {
    this.newLine(0);
    return this.text;
  }

  node(node: YamlNode, indent: number, place: 'root' | 'item' | 'value' | 'key'): void {
    const inner = place === 'root' ? INDENT : indent + INDENT;
    if (typeof node === 'string') this.scalar(node, inner, place === 'key');
    else if (node instanceof Verbatim) this.plain(node.text, inner, place !== 'key');
    else if (isList(node)) this.list(node, place === 'value' && !this.onlyIndicators ? indent : indent + INDENT);
    else this.fields(node, indent + INDENT);
  }

  private list(items: readonly YamlNode[], indent: number): void {
    if (items.length === 0) this.empty('[]');
    for (const item of items) {
      this.newLine(indent);
      this.indicator('-');
      this.node(item, indent, 'item');
    }
  }

  private fields(fields: ReadonlyMap<string, YamlNode>, indent: number): void {
    if (fields.size === 0) this.empty('{}');
    for (const key of sortYamlKeys([...fields.keys()])) {
      this.newLine(indent);
      const value = fields.get(key)!;
      if (isSimpleKey(key)) {
        this.node(key, indent, 'key');
        this.write(':');
        this.afterSpace = false;
        this.onlyIndicators = false;
      } else {
        this.indicator('?');
        this.node(key, indent, 'value');
        this.newLine(indent);
        this.indicator(':');
      }
      this.node(value, indent, 'value');
    }
  }

  private scalar(text: string, indent: number, isKey: boolean): void {
    switch (styleOf(text, isKey)) {
      case 'plain':
        this.plain(text, indent, !isKey);
        break;
      case 'single':
        this.single(text, indent, !isKey);
        break;
      case 'double':
        this.double(text, indent, !isKey);
        break;
      case 'literal':
        this.literal(text, indent);
    }
  }

  private plain(text: string, indent: number, mayFold: boolean): void {
    this.space();
    const characters = [...text];
    let spaces = false;
    for (const [at, character] of characters.entries()) {
      if (character === ' ') {
        const fold = mayFold && !spaces && this.column > WIDTH && characters[at + 1] !== ' ';
        if (fold) this.newLine(indent);
        else this.write(character);
        spaces = true;
      } else {
        this.write(character);
        this.onlyIndicators = false;
        spaces = false;
      }
    }
    this.afterSpace = false;
    this.onlyIndicators = false;
  }

  private single(text: string, indent: number, mayFold: boolean): void {
    this.space();
    this.write("'");
    this.afterSpace = false;
    this.onlyIndicators = false;
    const characters = [...text];
    let spaces = false;
    let breaks = false;
    for (const [at, character] of characters.entries()) {
      if (character === ' ') {
        const inside = at > 0 && at < characters.length - 1;
        const fold = mayFold && !spaces && this.column > WIDTH && inside && characters[at + 1] !== ' ';
        if (fold) this.newLine(indent);
        else this.write(character);
        spaces = true;
      } else if (isBreak(character)) {
        this.lineBreak(character);
        breaks = true;
      } else {
        if (breaks) this.newLine(indent);
        this.write(character === "'" ? "''" : character);
        this.onlyIndicators = false;
        spaces = false;
        breaks = false;
      }
    }
    this.write("'");
    this.afterSpace = false;
    this.onlyIndicators = false;
  }

  private double(text: string, indent: number, mayFold: boolean): void {
    this.space();
    this.write('"');
    this.afterSpace = false;
    this.onlyIndicators = false;
    const characters = [...text];
    let spaces = false;
    for (const [at, character] of characters.entries()) {
      if (!isPrintable(character) || isBreak(character) || character === '"' || character === '\\') {
        this.write(`\\${escapeOf(character)}`);
        spaces = false;
      } else if (character === ' ') {
        const inside = at > 0 && at < characters.length - 1;
        if (mayFold && !spaces && this.column > WIDTH && inside) {
          this.newLine(indent);
          if (characters[at + 1] === ' ') this.write('\\');
        } else {
          this.write(character);
        }
        spaces = true;
      } else {
        this.write(character);
        spaces = false;
      }
    }
    this.write('"');
    this.afterSpace = false;
    this.onlyIndicators = false;
  }

  private literal(text: string, indent: number): void {
    this.space();
    this.write(`|${blockHints(text)}`);
    this.lineBreak('\n');
    this.afterSpace = true;
    let breaks = true;
    for (const character of text) {
      if (isBreak(character)) {
        this.lineBreak(character);
        breaks = true;
      } else {
        if (breaks) this.newLine(indent);
        this.write(character);
        this.onlyIndicators = false;
        breaks = false;
      }
    }
  }

  private empty(brackets: '[]' | '{}'): void {
    this.space();
    this.write(brackets);
    this.afterSpace = false;
    this.onlyIndicators = false;
  }

  /** "-", "?" or ":" at the beginning of a line, after which something may follow on the same line. */
  private indicator(text: string): void {
    this.space();
    this.write(text);
    this.afterSpace = false;
  }

  private space(): void {
    if (!this.afterSpace) this.write(' ');
  }

  private newLine(indent: number): void {
    const target = Math.max(indent, 0);
    const here = this.onlyIndicators && (this.column < target || (this.column === target && this.afterSpace));
    if (!here) {
      this.text += '\n';
      this.column = 0;
    }
    if (this.column < target) this.write(' '.repeat(target - this.column));
    this.afterSpace = true;
    this.onlyIndicators = true;
  }

  private lineBreak(character: string): void {
    this.text += character;
    this.column = 0;
    this.onlyIndicators = true;
  }

  private write(text: string): void {
    this.text += text;
    this.column += [...text].length;
  }
}

const isList = (node: readonly YamlNode[] | ReadonlyMap<string, YamlNode>): node is readonly YamlNode[] =>
  Array.isArray(node);

const isSimpleKey = (key: string): boolean => Buffer.byteLength(key) <= SIMPLE_KEY_BYTES_MAX && ![...key].some(isBreak);

function escapeOf(character: string): string {
  const short = ESCAPES[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0)!;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `u${hex.padStart(4, '0')}` : `U${hex.padStart(8, '0')}`;
}

/** Whether the block's indentation has to be told, and whether its last line breaks are dropped or kept. */
function blockHints(text: string): string {
  const characters = [...text];
  const first = characters[0];
  const indentation = first === ' ' || isBreak(first) ? String(INDENT) : '';
  if (!isBreak(characters.at(-1))) return `${indentation}-`;
  return characters.length === 1 || isBreak(characters.at(-2)) ? `${indentation}+` : indentation;
}
