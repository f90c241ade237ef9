// The scripts of customizations: each read once, and run with JSON on either side.

import type { CustomizedOperation, ResourceInterpreterCustomization } from '../../../api/interpreter-customization.ts';
import { CUSTOMIZATION_FUNCTIONS } from '../../../api/interpreter-customization.ts';
import { rememberedOf } from '../../../base/remembered.ts';
import type { JsonValue } from '../../../kube/json.ts';
import { fromLua, toLua } from '../../../lua/json.ts';
import { LuaScript } from '../../../lua/script.ts';
import { LuaTable } from '../../../lua/table.ts';
import { LuaSyntaxError } from '../../../lua/tokens.ts';
import { LuaError, LuaLimit, type LuaValue, typeName } from '../../../lua/value.ts';
import { PropagationError } from '../../errors.ts';
import { emptiesIn, withEmpties } from './empties.ts';
import { KUBE_MODULE } from './kube-module.ts';

export interface Script {
  readonly customization: ResourceInterpreterCustomization;
  readonly operation: CustomizedOperation;
}

const readScripts = rememberedOf((_customization: ResourceInterpreterCustomization) => new Map<string, LuaScript>());

function read({ customization, operation }: Script): LuaScript {
  const known = readScripts(customization);
  const before = known.get(operation);
  if (before !== undefined) return before;
  const script = new LuaScript(customization.spec.customizations[operation]?.luaScript ?? '');
  known.set(operation, script);
  return script;
}

/** What the script's function answers. Throws PropagationError for whatever goes wrong in it. */
export function run<T>(script: Script, args: readonly unknown[], take: (values: readonly LuaValue[]) => T): T {
  try {
    return take(read(script).call(CUSTOMIZATION_FUNCTIONS[script.operation], args.map(toLua), KUBE_MODULE));
  } catch (error) {
    if (!(error instanceof LuaError || error instanceof LuaLimit || error instanceof LuaSyntaxError)) throw error;
    const { customization, operation } = script;
    throw new PropagationError(`${operation} of the customization ${customization.metadata.name}: ${error.message}`);
  }
}

export function tableIn(value: LuaValue, what: string): LuaTable {
  if (value instanceof LuaTable) return value;
  throw new LuaError(`${what} is a ${typeName(value)}, and should be a table`);
}

/** A table as JSON; what is empty in it is what it was in the references, or is left out. */
export const told = (table: LuaTable, references: readonly unknown[] = []): JsonValue | undefined =>
  withEmpties(fromLua(table), emptiesIn(references));
