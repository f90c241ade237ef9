/** Sets a field whatever its name: plain assignment of "__proto__" would change what the object inherits. */
export function setField(object: Record<string, unknown>, field: string, value: unknown): void {
  if (field !== '__proto__') object[field] = value;
  else Object.defineProperty(object, field, { value, enumerable: true, writable: true, configurable: true });
}
