// The values of Lua 5.1, as scripts of Karmada's users know them: numbers are doubles, texts are bytes (one char each).
import type { LuaTable } from './table.ts';

export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction;

/** What a function may spend: whoever runs scripts of others gives them only so much. */
export interface Purse {
  /** Throws LuaLimit where nothing is left. */
  spend(amount: number): void;
  call(callee: LuaValue, args: readonly LuaValue[]): readonly LuaValue[];
}

export class LuaFunction {
  readonly name: string;
  readonly run: (args: readonly LuaValue[], purse: Purse) => readonly LuaValue[];

  constructor(name: string, run: (args: readonly LuaValue[], purse: Purse) => readonly LuaValue[]) {
    this.name = name;
    this.run = run;
  }
}

/** Raised by a script or by what it calls; `pcall` catches it. */
export class LuaError extends Error {
  override readonly name = 'LuaError';
  readonly value: LuaValue;

  constructor(value: LuaValue) {
    super(typeof value === 'string' ? value : `an error that is a ${typeName(value)}`);
    this.value = value;
  }
}

/** The script takes more than anybody gives it; nothing in it can catch that. */
export class LuaLimit extends Error {
  override readonly name = 'LuaLimit';
}

export type TypeName = 'nil' | 'boolean' | 'number' | 'string' | 'table' | 'function';

export function typeName(value: LuaValue): TypeName {
  switch (typeof value) {
    case 'undefined':
      return 'nil';
    case 'boolean':
    case 'number':
    case 'string':
      return typeof value as 'boolean' | 'number' | 'string';
    default:
      return value instanceof LuaFunction ? 'function' : 'table';
  }
}

export const isTrue = (value: LuaValue): boolean => value !== undefined && value !== false;
