// A function of a script: made in a frame, of which it keeps what it uses, and run in a frame of its own.
import { Ended, execution } from './execute.ts';
import type { Cell, Frame } from './frame.ts';
import type { FunctionBody } from './syntax.ts';
import { LuaFunction, type LuaValue } from './value.ts';

const NOTHING: readonly LuaValue[] = [];

/** Turned into functions when it is first called: most of a script never is. */
export function functionIn(body: FunctionBody): (frame: Frame) => LuaFunction {
  const { name, parameters, isVariadic, slots, captures, block } = body;
  let run: ReturnType<typeof execution> | null = null;
  return (made) => {
    const captured = captures.map((capture) =>
      capture.from === 'local' ? (made.slots[capture.local.slot] as Cell) : made.captured[capture.index]!,
    );
    const { globals } = made;
    return new LuaFunction(name, (args, purse) => {
      run ??= execution(block);
      const frame: Frame = {
        slots: new Array(slots).fill(undefined),
        captured,
        varargs: isVariadic ? args.slice(parameters.length) : NOTHING,
        globals,
        purse,
        returned: NOTHING,
      };
      purse.spend(slots);
      for (let at = 0; at < parameters.length; at += 1) {
        const { slot, isCaptured } = parameters[at]!;
        frame.slots[slot] = isCaptured ? { value: args[at] } : args[at];
      }
      return run(frame) === Ended.returned ? frame.returned : NOTHING;
    });
  };
}
