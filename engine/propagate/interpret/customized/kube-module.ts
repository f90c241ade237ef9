// The module `kube`, which scripts may require: what they need of quantities and of pods.
import { addQuantity, formatQuantity, parseQuantity, type Quantity } from '../../../kube/quantity.ts';
import type { Modules } from '../../../lua/globals.ts';
import { fromLua, toLua } from '../../../lua/json.ts';
import type { Arguments } from '../../../lua/library/arguments.ts';
import { libraryTable } from '../../../lua/library/library.ts';
import { LuaError } from '../../../lua/value.ts';
import { PropagationError } from '../../errors.ts';
import { type Fields, fieldsAt } from '../../fields.ts';
import { podReferences } from '../native/pod-references.ts';
import { podRequirements } from '../native/pod-requirements.ts';
import { emptiesIn, withEmpties } from './empties.ts';

const NANO = 1e9;

export const KUBE_MODULE: Modules = {
  kube: () =>
    libraryTable('kube.', {
      resourceAdd: (given) => {
        const sum = given
          .from(1)
          .map((_, at) => quantityIn(given, at + 1))
          .reduce<Quantity | null>(
            (total, one) => (total === null || one === null ? (total ?? one) : addQuantity(total, one)),
            null,
          );
        return sum === null ? '0' : formatQuantity(sum);
      },
      getResourceQuantity: (given) => Number(quantityIn(given, 1)?.nano ?? 0n) / NANO,
      accuratePodRequirements: (given) => asked(() => toLua(podRequirements(podSpecIn(given)))),
      getPodDependencies: (given) => asked(() => toLua(podReferences(podSpecIn(given), given.text(2, 'default')))),
    }),
};

function quantityIn(given: Arguments, position: number): Quantity | null {
  const value = given.value(position);
  if (value === undefined) return null;
  if (typeof value !== 'string') given.refuse(position, 'a quantity');
  const quantity = parseQuantity(value);
  if (quantity === null) throw new LuaError(`${JSON.stringify(value)} is no quantity`);
  return quantity;
}

function podSpecIn(given: Arguments): Fields {
  const template = withEmpties(fromLua(given.table(1)), emptiesIn([])) ?? {};
  return fieldsAt(template as Fields, 'spec') ?? {};
}

/** Templates that cannot be read are the script's business: it may catch that. */
function asked<T>(answer: () => T): T {
  try {
    return answer();
  } catch (error) {
    throw error instanceof PropagationError ? new LuaError(error.message) : error;
  }
}
