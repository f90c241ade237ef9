// Which variable a name means where it stands: a local of this function, one of a function around it, or a global.
import type { Capture, FunctionBody, Local, Variable } from './syntax.ts';
import { LuaSyntaxError } from './tokens.ts';

/** As many as Lua itself allows. */
const LOCALS_MAX = 200;

interface BlockScope {
  readonly locals: Local[];
  readonly labels: Set<string>;
  readonly gotos: { readonly label: string; readonly line: number }[];
  readonly isLoop: boolean;
}

export class FunctionScope {
  readonly captures: Capture[] = [];
  readonly isVariadic: boolean;
  readonly #outer: FunctionScope | null;
  readonly #blocks: BlockScope[] = [];
  readonly #captured: string[] = [];
  #slots = 0;
  #living = 0;

  constructor(outer: FunctionScope | null, isVariadic: boolean) {
    this.#outer = outer;
    this.isVariadic = isVariadic;
  }

  open(isLoop = false): void {
    this.#blocks.push({ locals: [], labels: new Set(), gotos: [], isLoop });
  }

  /** Jumps to labels that are not in it are the business of the blocks around it. */
  close(): void {
    const { locals, labels, gotos } = this.#blocks.pop()!;
    this.#living -= locals.length;
    const open = gotos.filter(({ label }) => !labels.has(label));
    const around = this.#blocks.at(-1);
    if (around !== undefined) around.gotos.push(...open);
    else for (const { label, line } of open) throw new LuaSyntaxError(line, `there is no label ${label} to go to`);
  }

  declare(name: string, line: number): Local {
    if (this.#living === LOCALS_MAX) throw new LuaSyntaxError(line, `a function has ${LOCALS_MAX} locals at most`);
    const local = { name, slot: this.#slots, isCaptured: false };
    this.#slots += 1;
    this.#living += 1;
    this.#blocks.at(-1)!.locals.push(local);
    return local;
  }

  label(name: string, line: number): void {
    const { labels } = this.#blocks.at(-1)!;
    if (labels.has(name)) throw new LuaSyntaxError(line, `there is a label ${name} already`);
    labels.add(name);
  }

  goTo(label: string, line: number): void {
    this.#blocks.at(-1)!.gotos.push({ label, line });
  }

  isInLoop(): boolean {
    return this.#blocks.some(({ isLoop }) => isLoop);
  }

  variable(name: string): Variable {
    const local = this.#localNamed(name);
    if (local !== null) return { kind: 'local', local };
    const index = this.#captureOf(name);
    return index === null ? { kind: 'global', name } : { kind: 'captured', index, name };
  }

  body(name: string, parameters: readonly Local[], block: FunctionBody['block']): FunctionBody {
    const { captures, isVariadic } = this;
    return { name, parameters, isVariadic, slots: this.#slots, captures, block };
  }

  #localNamed(name: string): Local | null {
    for (let at = this.#blocks.length - 1; at >= 0; at -= 1) {
      const found = this.#blocks[at]!.locals.findLast((local) => local.name === name);
      if (found !== undefined) return found;
    }
    return null;
  }

  #captureOf(name: string): number | null {
    if (this.#outer === null) return null;
    const local = this.#outer.#localNamed(name);
    const known = this.captures.findIndex(
      (capture, at) => this.#captured[at] === name && (capture.from === 'outer' || capture.local === local),
    );
    if (known >= 0) return known;
    if (local !== null) {
      local.isCaptured = true;
      return this.#capture(name, { from: 'local', local });
    }
    const index = this.#outer.#captureOf(name);
    return index === null ? null : this.#capture(name, { from: 'outer', index });
  }

  #capture(name: string, capture: Capture): number {
    this.captures.push(capture);
    this.#captured.push(name);
    return this.captures.length - 1;
  }
}
