// Values that there may be, in rules in CEL: what becomes of them where there is one.
import { type Environment, Optional } from '@marcbachmann/cel-js';
import { type Checker, type Context, type Evaluator, type Node, nameOf, type Scope, type Type } from './interpreter.ts';

/** What stands before the dot in `optional.ofNonZeroValue(value)` is the interpreter's own. */
const NAMESPACE = 'OptionalNamespace';

interface Mapping {
  readonly receiver: Node;
  readonly name: string;
  readonly body: Node;
  scope: Scope | null;
}

function scopeOf(mapping: Mapping, checker: Checker, context: Context): Scope {
  const type = checker.check(mapping.receiver, context);
  if (type.kind !== 'optional' && type.kind !== 'dyn') {
    throw checker.createError('optional_expected', `'${type.name}' is no optional type`, mapping.receiver);
  }
  return context.forkWithVariable(mapping.name, type.valueType ?? checker.getType('dyn'));
}

function addMapping(environment: Environment, name: string, isFlat: boolean): void {
  environment.registerFunction(`optional.${name}(ast, ast): optional`, (call: { args: Node[]; receiver: Node }) => {
    const [variable, body] = call.args;
    const mapping: Mapping = { receiver: call.receiver, name: nameOf(variable), body: body!, scope: null };
    return {
      async: false,
      typeCheck(checker: Checker, _macro: unknown, context: Context): Type {
        mapping.scope = scopeOf(mapping, checker, context);
        const type = checker.check(mapping.body, mapping.scope);
        return isFlat ? type : checker.getType(`optional<${type.name}>`);
      },
      evaluate(evaluator: Evaluator, _macro: unknown, context: Context): unknown {
        const given = evaluator.run(mapping.receiver, context);
        if (!(given instanceof Optional)) throw new Error(`${name} is asked of a value that is not optional`);
        if (!given.hasValue()) return given;
        const value = evaluator.run(mapping.body, mapping.scope!.reuse(context).setIterValue(given.value(), evaluator));
        return isFlat ? value : Optional.of(value);
      },
    };
  });
}

function isZero(value: unknown): boolean {
  if (value === null || value === false || value === '' || value === 0n || value === 0) return true;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Map) return value.size === 0;
  return (
    typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype && Object.keys(value).length === 0
  );
}

export function addOptionals(environment: Environment): Environment {
  addMapping(environment, 'optMap', false);
  addMapping(environment, 'optFlatMap', true);
  return environment.registerFunction(`${NAMESPACE}.ofNonZeroValue(dyn): optional`, (_: unknown, value: unknown) =>
    isZero(value) ? Optional.none() : Optional.of(value),
  );
}
