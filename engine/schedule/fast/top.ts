// The greatest of many numbers without sorting them all.

const SAMPLE = 128;
/** Below this a sample costs more than it saves. */
const SAMPLED_FROM = 1024;

/** Memory that `greatest` works in, so that the keys themselves stay as they are. */
export class TopScratch {
  readonly sample = new Float64Array(SAMPLE);
  #work = new Float64Array(0);

  work(size: number): Float64Array {
    if (this.#work.length < size) this.#work = new Float64Array(size * 2);
    return this.#work;
  }
}

/**
 * The `count`-th greatest of keys[0..size). A sample first names a bound that most likely leaves little more than
 * `count`; the count that it leaves proves it, so the answer never depends on luck.
 */
export function greatest(keys: Float64Array, size: number, count: number, scratch: TopScratch): number {
  const work = scratch.work(size);
  const kept =
    size < SAMPLED_FROM || count > size >> 1
      ? 0
      : keepAbove(sampledBound(keys, size, count, scratch.sample), keys, size, work);
  if (kept >= count) return selectTop(work, kept, count);
  work.set(size === keys.length ? keys : keys.subarray(0, size));
  return selectTop(work, size, count);
}

function sampledBound(keys: Float64Array, size: number, count: number, sample: Float64Array): number {
  const stride = Math.floor(size / SAMPLE);
  for (let at = 0; at < SAMPLE; at += 1) sample[at] = keys[at * stride]!;
  sample.sort();
  return sample[Math.max(0, SAMPLE - 4 - Math.ceil(((count * SAMPLE) / size) * 1.3))]!;
}

function keepAbove(bound: number, keys: Float64Array, size: number, into: Float64Array): number {
  let kept = 0;
  for (let at = 0; at < size; at += 1) {
    const key = keys[at]!;
    if (key >= bound) into[kept++] = key;
  }
  return kept;
}

/** Rearranges keys[0..size) so that the `count` greatest stand first, and returns the smallest of those. */
export function selectTop(keys: Float64Array, size: number, count: number): number {
  let low = 0;
  let high = size - 1;
  const wanted = count - 1;
  while (low < high) {
    const pivot = medianOfThree(keys[low]!, keys[(low + high) >> 1]!, keys[high]!);
    let left = low;
    let right = high;
    while (left <= right) {
      while (keys[left]! > pivot) left += 1;
      while (keys[right]! < pivot) right -= 1;
      if (left > right) break;
      const swapped = keys[left]!;
      keys[left] = keys[right]!;
      keys[right] = swapped;
      left += 1;
      right -= 1;
    }
    if (wanted <= right) high = right;
    else if (wanted >= left) low = left;
    else return keys[wanted]!;
  }
  return keys[wanted]!;
}

const medianOfThree = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));

/** Makes keys[from..to) a heap with the greatest first. */
export function heapify(keys: Float64Array, from: number, to: number): void {
  for (let at = ((to - from) >> 1) - 1; at >= 0; at -= 1) sink(keys, from, to, at);
}

/** Takes the greatest off the heap keys[from..to); what remains is keys[from..to - 1). */
export function popTop(keys: Float64Array, from: number, to: number): number {
  const top = keys[from]!;
  keys[from] = keys[to - 1]!;
  sink(keys, from, to - 1, 0);
  return top;
}

function sink(keys: Float64Array, from: number, to: number, start: number): void {
  const size = to - from;
  if (size <= 0) return;
  const key = keys[from + start]!;
  let at = start;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && keys[from + child + 1]! > keys[from + child]!) child += 1;
    if (keys[from + child]! <= key) break;
    keys[from + at] = keys[from + child]!;
    at = child;
  }
  keys[from + at] = key;
}
