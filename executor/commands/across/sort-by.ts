// Objects in the order of a field of theirs, which is named as kubectl has it named: .metadata.name, {.status.phase}.
import { isObject, parseQuantity } from '../../../engine/index.ts';
import { readJsonPath } from '../../apiserver/resources/json-path.ts';
import { CommandError } from '../../terminal/command.ts';

/** Keeps the order of those that have the same there, or nothing. */
export function sortedBy<One>(all: readonly One[], field: string, objectOf: (one: One) => unknown): readonly One[] {
  const path = field.replace(/^\{(.*)\}$/, '$1').replace(/^(?=[^.[$])/, '.');
  const keyed = all.map((one) => ({ one, value: readJsonPath(objectOf(one), path)[0] }));
  if (all.length > 0 && keyed.every(({ value }) => value === undefined)) {
    throw new CommandError(`--sort-by: no object has a field ${field}: a path is wanted, as in .metadata.name`);
  }
  const wrong = keyed.find(({ value }) => isObject(value) || Array.isArray(value));
  if (wrong !== undefined) throw new CommandError(`--sort-by: ${field} has more below it that could be sorted by`);
  const areAmounts = keyed.every(({ value }) => value === undefined || amountOf(value) !== null);
  const order = (value: unknown): bigint | string => (areAmounts ? amountOf(value)! : String(value));
  return keyed.sort((a, b) => compared(a.value, b.value, order)).map(({ one }) => one);
}

/** What has none comes first. */
function compared(a: unknown, b: unknown, order: (value: unknown) => bigint | string): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  const [one, other] = [order(a), order(b)];
  return one < other ? -1 : Number(one > other);
}

function amountOf(value: unknown): bigint | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  return parseQuantity(value)?.nano ?? null;
}
