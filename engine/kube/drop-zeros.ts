/** Leaves out what Kubernetes' types leave out: counters at zero. */
export function dropZeros<T extends object>(fields: T): Partial<T> {
  const left: Partial<T> = {};
  for (const name of Object.keys(fields) as (keyof T)[]) if (fields[name] !== 0) left[name] = fields[name];
  return left;
}
