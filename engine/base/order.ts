// Total orders. Every comparator here is free of locale and ends in something unique, so that ties cannot drift.

export type Comparator<T> = (a: T, b: T) => number;

export const byNumber: Comparator<number> = (a, b) => a - b;

/** Code-unit order: the same on every machine, and equal to byte order for everything but astral characters. */
export const byText: Comparator<string> = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

export const byKey =
  <T, K>(key: (item: T) => K, order: Comparator<K>): Comparator<T> =>
  (a, b) =>
    order(key(a), key(b));

export const reversed =
  <T>(order: Comparator<T>): Comparator<T> =>
  (a, b) =>
    order(b, a);

export const inOrder =
  <T>(...orders: readonly Comparator<T>[]): Comparator<T> =>
  (a, b) => {
    for (const order of orders) {
      const result = order(a, b);
      if (result !== 0) return result;
    }
    return 0;
  };

export const byName: Comparator<{ readonly name: string }> = (a, b) => byText(a.name, b.name);

/** The keys of a plain object in code-unit order; JavaScript itself would put integer-like keys first. */
export const sortedKeys = (object: object): string[] => Object.keys(object).sort(byText);
