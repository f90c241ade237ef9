// Numbers and amounts as manifests of operators have them: counts that may be texts, quantities that may be numbers.
import { compareQuantity, formatQuantity, parseQuantity, type Quantity } from '../../../kube/quantity.ts';
import { PropagationError } from '../../errors.ts';
import { type Fields, numberAt, valueAt } from '../../fields.ts';

type Path = readonly [string, ...string[]];

/** A count, also one in quotes; an empty text is as good as none. */
export function countAt(object: Fields, ...path: Path): number | undefined {
  const value = valueAt(object, ...path);
  if (typeof value !== 'string') return numberAt(object, ...path);
  if (value === '') return undefined;
  if (!/^\d{1,10}$/.test(value)) throw new PropagationError(`${path.join('.')} must be a count, not "${value}"`);
  return Number(value);
}

export function quantityAt(object: Fields, ...path: Path): Quantity | undefined {
  const value = valueAt(object, ...path);
  if (value === undefined || value === '') return undefined;
  const quantity = typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : null;
  if (quantity === null) throw new PropagationError(`${path.join('.')}: ${JSON.stringify(value)} is not a quantity`);
  return quantity;
}

/** The amounts that are given, as Kubernetes writes them. */
export const amounts = (list: Readonly<Record<string, Quantity | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(list).flatMap(([name, quantity]) => (quantity ? [[name, formatQuantity(quantity)]] : [])),
  );

/** The greater of two amounts; of equal ones the first. */
export const greaterOf = (a: Quantity | undefined, b: Quantity | undefined): Quantity | undefined =>
  a === undefined || (b !== undefined && compareQuantity(b, a) > 0) ? b : a;
