// A script: read once, and each call begins anew with what it defines.
import { bytesOf } from './bytes.ts';
import { functionIn } from './function.ts';
import { globalsWith, type Modules } from './globals.ts';
import { parse } from './parser.ts';
import { CallPurse } from './purse.ts';
import { LuaSyntaxError } from './tokens.ts';
import { LuaError, LuaFunction, type LuaValue, typeName } from './value.ts';

/** Longer ones are no scripts. */
const LENGTH_MAX = 256 * 1024;

export class LuaScript {
  readonly #main: ReturnType<typeof functionIn>;

  /** Throws LuaSyntaxError. */
  constructor(source: string) {
    if (source.length > LENGTH_MAX) throw new LuaSyntaxError(1, `it is longer than ${LENGTH_MAX} characters`);
    this.#main = functionIn(parse(bytesOf(source)));
  }

  /** Runs it, and calls a function that it defined. Throws LuaError or LuaLimit. */
  call(name: string, args: readonly LuaValue[], modules: Modules): readonly LuaValue[] {
    const purse = new CallPurse();
    const globals = globalsWith(modules);
    const main = this.#main({ slots: [], captured: [], varargs: [], globals, purse, returned: [] });
    purse.call(main, []);
    const found = globals.get(name);
    if (!(found instanceof LuaFunction)) {
      throw new LuaError(
        found === undefined
          ? `it has no function ${name}`
          : `${name} is a ${typeName(found)}, and should be a function`,
      );
    }
    return purse.call(found, args);
  }
}

/** Why a text is no script; null where it is one. */
export function scriptProblem(source: string): string | null {
  try {
    new LuaScript(source);
    return null;
  } catch (error) {
    if (error instanceof LuaSyntaxError) return error.message;
    throw error;
  }
}
