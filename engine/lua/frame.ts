// One call under way: its locals, what it has of the functions around it, and what it was given beyond its parameters.
import type { LuaTable } from './table.ts';
import type { LuaValue, Purse } from './value.ts';

/** A local that inner functions share. */
export interface Cell {
  value: LuaValue;
}

export interface Frame {
  readonly slots: (LuaValue | Cell)[];
  readonly captured: readonly Cell[];
  readonly varargs: readonly LuaValue[];
  readonly globals: LuaTable;
  readonly purse: Purse;
  /** What the function answers, once it has come to a `return`. */
  returned: readonly LuaValue[];
}
