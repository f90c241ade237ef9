// What a script finds when it begins: Lua's libraries as far as they are given to it, and those that it can `require`.
import { BASE } from './library/base.ts';
import { libraryFunction, libraryTable } from './library/library.ts';
import { MATH, MATH_CONSTANTS } from './library/math.ts';
import { stringLibrary } from './library/string.ts';
import { TABLE } from './library/table.ts';
import type { LuaTable } from './table.ts';
import { LuaError } from './value.ts';

export type Modules = Readonly<Record<string, () => LuaTable>>;

export function globalsWith(modules: Modules): LuaTable {
  const globals = libraryTable('', BASE);
  const math = libraryTable('math.', MATH);
  for (const name of Object.keys(MATH_CONSTANTS)) math.set(name, MATH_CONSTANTS[name]);
  const own: Modules = { math: () => math, string: stringLibrary, table: () => libraryTable('table.', TABLE) };
  for (const name of Object.keys(own)) globals.set(name, own[name]!());
  globals.set('_VERSION', 'Lua 5.1');
  globals.set('_G', globals);
  globals.set(
    'require',
    libraryFunction('require', (given) => {
      const name = given.text(1);
      const made = Object.hasOwn(modules, name) ? modules[name] : undefined;
      if (made === undefined) throw new LuaError(`there is no module ${name}`);
      return made();
    }),
  );
  return globals;
}
