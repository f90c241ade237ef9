// Statements -> functions that run them in a frame and say how they ended.
import { numberOf } from './arithmetic.ts';
import { assertKey, at, callOf, evaluation, evaluations } from './evaluate.ts';
import type { Cell, Frame } from './frame.ts';
import { functionIn } from './function.ts';
import type { Block, Expression, Index, Local, Statement, Variable } from './syntax.ts';
import { LuaTable } from './table.ts';
import { isTrue, LuaError, type LuaValue, typeName } from './value.ts';

/** How a statement ended, or the label that is gone to. */
export const Ended = { normally: 0, broken: 1, returned: 2 } as const;

type Outcome = (typeof Ended)[keyof typeof Ended] | string;

export type Execution = (frame: Frame) => Outcome;

/** Runs the statements in turn; a jump to a label among them goes on there. */
export function execution(block: Block): Execution {
  const runs = block.map(statement);
  const labels = new Map(block.flatMap((one, at) => (one.kind === 'label' ? [[one.label, at] as const] : [])));
  return (frame) => {
    for (let next = 0; next < runs.length; ) {
      frame.purse.spend(1);
      const ended = runs[next]!(frame);
      next += 1;
      if (ended === Ended.normally) continue;
      const label = typeof ended === 'string' ? labels.get(ended) : undefined;
      if (label === undefined) return ended;
      next = label;
    }
    return Ended.normally;
  };
}

function statement(one: Statement): Execution {
  switch (one.kind) {
    case 'local': {
      const values = evaluations(one.values);
      return declared(one.locals, values);
    }
    case 'assign':
      return assignment(one.targets, one.values);
    case 'call': {
      const call = callOf(one.call);
      return (frame) => {
        call(frame);
        return Ended.normally;
      };
    }
    case 'do':
      return execution(one.block);
    case 'while':
      return whileLoop(evaluation(one.condition), execution(one.block));
    case 'repeat':
      return repeatLoop(execution(one.block), evaluation(one.until));
    case 'if':
      return choice(one.arms, one.otherwise);
    case 'count':
      return countLoop(one);
    case 'each':
      return eachLoop(one);
    case 'local-function': {
      const make = functionIn(one.body);
      return (frame) => {
        // Before it is made: it may call itself.
        declare(frame, one.local, undefined);
        give(frame, one.local, make(frame));
        return Ended.normally;
      };
    }
    case 'return': {
      const values = evaluations(one.values);
      return (frame) => {
        frame.returned = values(frame);
        return Ended.returned;
      };
    }
    case 'break':
      return () => Ended.broken;
    case 'goto':
      return () => one.label;
    case 'label':
      return () => Ended.normally;
  }
}

/** A new one each time: functions that were made with the last one keep that. */
function declare({ slots }: Frame, { slot, isCaptured }: Local, value: LuaValue): void {
  slots[slot] = isCaptured ? { value } : value;
}

function give({ slots }: Frame, { slot, isCaptured }: Local, value: LuaValue): void {
  if (isCaptured) (slots[slot] as Cell).value = value;
  else slots[slot] = value;
}

function declared(locals: readonly Local[], values: (frame: Frame) => readonly LuaValue[]): Execution {
  return (frame) => {
    const found = values(frame);
    for (let at = 0; at < locals.length; at += 1) declare(frame, locals[at]!, found[at]);
    return Ended.normally;
  };
}

type Receiver = (frame: Frame) => (value: LuaValue) => void;

/** What is on the right is worked out before anything on the left is given. */
function assignment(targets: readonly (Variable | Index)[], expressions: readonly Expression[]): Execution {
  const receivers = targets.map(receiver);
  const values = evaluations(expressions);
  return (frame) => {
    const takers = receivers.map((one) => one(frame));
    const found = values(frame);
    takers.forEach((take, at) => {
      take(found[at]);
    });
    return Ended.normally;
  };
}

function receiver(target: Variable | Index): Receiver {
  switch (target.kind) {
    case 'local':
      return (frame) => (value) => give(frame, target.local, value);
    case 'captured':
      return ({ captured }) =>
        (value) => {
          captured[target.index]!.value = value;
        };
    case 'global':
      return ({ globals, purse }) =>
        (value) =>
          purse.spend(globals.set(target.name, value));
    case 'index': {
      const object = evaluation(target.object);
      const key = evaluation(target.key);
      return (frame) => {
        const [table, name] = [object(frame), key(frame)];
        return (value) => at(target.line, () => put(table, name, value, frame))(frame);
      };
    }
  }
}

function put(table: LuaValue, key: LuaValue, value: LuaValue, { purse }: Frame): void {
  if (!(table instanceof LuaTable)) {
    const named = typeof key === 'string' || typeof key === 'number' ? ` with the key ${key}` : '';
    throw new LuaError(`attempt to index a ${typeName(table)} value${named}`);
  }
  assertKey(key);
  purse.spend(table.set(key, value));
}

const whileLoop =
  (condition: (frame: Frame) => LuaValue, body: Execution): Execution =>
  (frame) => {
    while (isTrue(condition(frame))) {
      frame.purse.spend(1);
      const ended = body(frame);
      if (ended === Ended.broken) break;
      if (ended !== Ended.normally) return ended;
    }
    return Ended.normally;
  };

const repeatLoop =
  (body: Execution, until: (frame: Frame) => LuaValue): Execution =>
  (frame) => {
    do {
      frame.purse.spend(1);
      const ended = body(frame);
      if (ended === Ended.broken) break;
      if (ended !== Ended.normally) return ended;
    } while (!isTrue(until(frame)));
    return Ended.normally;
  };

function choice(
  arms: readonly { readonly condition: Expression; readonly block: Block }[],
  otherwise: Block,
): Execution {
  const ways = arms.map(({ condition, block }) => ({ condition: evaluation(condition), run: execution(block) }));
  const last = execution(otherwise);
  return (frame) => {
    for (const { condition, run } of ways) {
      if (isTrue(condition(frame))) return run(frame);
    }
    return last(frame);
  };
}

function countLoop({ local, start, limit, step, block, line }: Statement & { kind: 'count' }): Execution {
  const [first, last] = [evaluation(start), evaluation(limit)];
  const by = step === null ? () => 1 : evaluation(step);
  const body = execution(block);
  return at(line, (frame) => {
    const from = bound(first(frame), 'first');
    const to = bound(last(frame), 'last');
    const stride = bound(by(frame), 'step');
    if (stride === 0) throw new LuaError('a loop with a step of 0 has no end');
    for (let value = from; stride > 0 ? value <= to : value >= to; value += stride) {
      frame.purse.spend(1);
      declare(frame, local, value);
      const ended = body(frame);
      if (ended === Ended.broken) break;
      if (ended !== Ended.normally) return ended;
    }
    return Ended.normally;
  });
}

function bound(value: LuaValue, role: string): number {
  const number = numberOf(value);
  if (number === undefined) throw new LuaError(`the ${role} value of a loop is a ${typeName(value)}, and no number`);
  return number;
}

function eachLoop({ locals, values, block, line }: Statement & { kind: 'each' }): Execution {
  const found = evaluations(values);
  const body = execution(block);
  return at(line, (frame) => {
    const [next, state, begin] = found(frame);
    let control = begin;
    for (;;) {
      const entry = frame.purse.call(next, [state, control]);
      control = entry[0];
      if (control === undefined) return Ended.normally;
      for (let at = 0; at < locals.length; at += 1) declare(frame, locals[at]!, entry[at]);
      const ended = body(frame);
      if (ended === Ended.broken) return Ended.normally;
      if (ended !== Ended.normally) return ended;
    }
  });
}
