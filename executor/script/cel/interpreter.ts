// As much of the interpreter's nodes, types and contexts as macros of our own need.

export interface Node {
  readonly op: string;
  readonly args: unknown;
}

export interface Type {
  readonly kind: string;
  readonly name: string;
  readonly keyType?: Type;
  readonly valueType?: Type;
}

export interface Context {
  forkWithVariable(name: string, type: Type): Scope;
}

export interface Scope extends Context {
  reuse(outer: Context): Scope;
  setIterValue(value: unknown, evaluator: Evaluator): Scope;
}

export interface Checker {
  check(node: Node, context: Context): Type;
  getType(name: string): Type;
  createError(code: string, message: string, node: Node): Error;
}

export interface Evaluator {
  run(node: Node, context: Context): unknown;
}

/** The name that a macro's argument gives to a value. */
export function nameOf(node: Node | undefined): string {
  if (node?.op !== 'id' || typeof node.args !== 'string') throw new Error('argument must be a simple name');
  return node.args;
}
