// A library of functions, as scripts find it: a table of them by their names.
import { LuaTable } from '../table.ts';
import { LuaFunction, type LuaValue, type Purse } from '../value.ts';
import { Arguments } from './arguments.ts';

/** Answers one value, or a list where it is many. */
export type LibraryFunction = (given: Arguments, purse: Purse) => LuaValue | readonly LuaValue[];

export type Functions = Readonly<Record<string, LibraryFunction>>;

export const libraryFunction = (name: string, answer: LibraryFunction): LuaFunction =>
  new LuaFunction(name, (args, purse) => {
    const found = answer(new Arguments(name, args), purse);
    return isMany(found) ? found : [found];
  });

const isMany = (found: LuaValue | readonly LuaValue[]): found is readonly LuaValue[] => Array.isArray(found);

export function libraryTable(prefix: string, functions: Functions): LuaTable {
  const table = new LuaTable();
  for (const name of Object.keys(functions)) {
    table.set(name, libraryFunction(`${prefix}${name}`, functions[name]!));
  }
  return table;
}
