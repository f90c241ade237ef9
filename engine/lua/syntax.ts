// The tree of a script: names are resolved, so that whoever runs it looks nothing up but globals.

/** One local variable; those that inner functions use live in cells of their own. */
export interface Local {
  readonly name: string;
  readonly slot: number;
  isCaptured: boolean;
}

/** Where a function finds what it uses of the functions around it, when it is made. */
export type Capture =
  | { readonly from: 'local'; readonly local: Local }
  | { readonly from: 'outer'; readonly index: number };

export interface FunctionBody {
  readonly name: string;
  readonly parameters: readonly Local[];
  readonly isVariadic: boolean;
  readonly slots: number;
  readonly captures: readonly Capture[];
  readonly block: Block;
}

export type Block = readonly Statement[];

export type Variable =
  | { readonly kind: 'local'; readonly local: Local }
  | { readonly kind: 'captured'; readonly index: number; readonly name: string }
  | { readonly kind: 'global'; readonly name: string };

export interface Index {
  readonly kind: 'index';
  readonly object: Expression;
  readonly key: Expression;
  readonly line: number;
}

export interface Call {
  readonly kind: 'call';
  readonly callee: Expression;
  /** Of `object:name(...)`; then the callee is the object. */
  readonly method: string | null;
  readonly args: readonly Expression[];
  readonly line: number;
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | '..'
  | '=='
  | '~='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'and'
  | 'or';

export type TableItem =
  | { readonly key: Expression; readonly value: Expression }
  | { readonly key: null; readonly value: Expression };

export type Expression =
  | { readonly kind: 'constant'; readonly value: undefined | boolean | number | string }
  | { readonly kind: 'varargs' }
  | { readonly kind: 'function'; readonly body: FunctionBody }
  | Variable
  | Index
  | Call
  | { readonly kind: 'table'; readonly items: readonly TableItem[]; readonly line: number }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly line: number;
    }
  | {
      readonly kind: 'unary';
      readonly operator: '-' | 'not' | '#';
      readonly operand: Expression;
      readonly line: number;
    }
  /** In parentheses, many values become one. */
  | { readonly kind: 'first'; readonly of: Expression };

export type Statement =
  | { readonly kind: 'local'; readonly locals: readonly Local[]; readonly values: readonly Expression[] }
  | {
      readonly kind: 'assign';
      readonly targets: readonly (Variable | Index)[];
      readonly values: readonly Expression[];
    }
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'do'; readonly block: Block }
  | { readonly kind: 'while'; readonly condition: Expression; readonly block: Block }
  | { readonly kind: 'repeat'; readonly block: Block; readonly until: Expression }
  | {
      readonly kind: 'if';
      readonly arms: readonly { readonly condition: Expression; readonly block: Block }[];
      readonly otherwise: Block;
    }
  | {
      readonly kind: 'count';
      readonly local: Local;
      readonly start: Expression;
      readonly limit: Expression;
      readonly step: Expression | null;
      readonly block: Block;
      readonly line: number;
    }
  | {
      readonly kind: 'each';
      readonly locals: readonly Local[];
      readonly values: readonly Expression[];
      readonly block: Block;
      readonly line: number;
    }
  | { readonly kind: 'local-function'; readonly local: Local; readonly body: FunctionBody }
  | { readonly kind: 'return'; readonly values: readonly Expression[] }
  | { readonly kind: 'break' }
  | { readonly kind: 'goto'; readonly label: string }
  | { readonly kind: 'label'; readonly label: string };
