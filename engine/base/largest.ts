// The largest whole number for which something can be had, where whoever cannot have little cannot have more.

/** What is had for it; null where nothing is for the least. */
export function largestWith<T>(least: number, most: number, having: (count: number) => T | null): T | null {
  let best: T | null = null;
  let [low, high] = [least, most];
  // Often there is nothing at all: that is seen first.
  for (let tried = low; low <= high; tried = Math.floor((low + high) / 2)) {
    const found = having(tried);
    if (found === null) high = tried - 1;
    else [best, low] = [found, tried + 1];
  }
  return best;
}
