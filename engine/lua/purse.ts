// What one call of a script may spend: steps, room for what it makes, and depth. Whoever takes more is stopped, at the same step
// everywhere.
import { LuaError, LuaFunction, LuaLimit, type LuaValue, type Purse, typeName } from './value.ts';

/** Well below a second of any machine; scripts that look at one object take some hundreds. */
const STEPS_MAX = 2_000_000;
const DEPTH_MAX = 150;

export class CallPurse implements Purse {
  #left = STEPS_MAX;
  #depth = 0;

  spend(amount: number): void {
    this.#left -= amount;
    if (this.#left < 0) throw new LuaLimit('the script takes more steps or room than it is given');
  }

  call(callee: LuaValue, args: readonly LuaValue[]): readonly LuaValue[] {
    if (!(callee instanceof LuaFunction)) throw new LuaError(`a ${typeName(callee)} value cannot be called`);
    this.spend(1);
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw new LuaLimit('the script calls itself too deeply');
    try {
      return callee.run(args, this);
    } finally {
      this.#depth -= 1;
    }
  }
}
