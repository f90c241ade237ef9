// One mistake in a document: something else in one place of it.
import fc from 'fast-check';

/** What somebody may have written by mistake, in place of anything. */
const SLIPS: readonly unknown[] = [
  ...[null, '', 'x', 'a b/c', 0, -1, 1.5, 1e21, true, false, 'NaN', '10m', '500m', '$(x)', '*', 'web >', '/spec'],
  ...[[], {}, [null], ['x'], [1], { a: null }, { a: 'x' }, [[]], [{}]],
  // What everything inherits, said otherwise.
  ...[{ toString: 'x', valueOf: 1 }, { constructor: 'x', hasOwnProperty: 'y' }, [{ toString: {}, toJSON: 'x' }]],
];

type Path = readonly (string | number)[];

function* pathsIn(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value))
    yield* pathsIn(item, [...path, Array.isArray(value) ? Number(key) : key]);
}

type Slip = (there: unknown) => unknown;

function slipped(value: unknown, [step, ...rest]: Path, slip: Slip): unknown {
  if (step === undefined) return slip(value);
  if (Array.isArray(value)) return value.with(Number(step), slipped(value[Number(step)], rest, slip));
  return { ...(value as object), [step]: slipped((value as Record<string, unknown>)[step], rest, slip) };
}

const slip: fc.Arbitrary<Slip> = fc.oneof(
  fc.constantFrom(...SLIPS).map((value) => () => value),
  fc.constant<Slip>(() => undefined),
  fc.constant<Slip>((there) => [there]),
  fc.constant<Slip>((there) => ({ x: there })),
);

/** The value with one mistake in it. */
export const mistakeIn = <T>(value: T): fc.Arbitrary<T> =>
  fc.tuple(fc.constantFrom(...pathsIn(value)), slip).map(([path, own]) => slipped(value, path, own) as T);
