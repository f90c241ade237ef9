// Whether what an object has meets one requirement of a selector of nodes or fields; what it has not is undefined.

export function meets(value: string | undefined, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt':
      return isBeyond(wholeNumber(value), operator, wholeNumber(values[0]));
    default:
      return false;
  }
}

const isBeyond = (value: bigint | null, operator: 'Gt' | 'Lt', bound: bigint | null): boolean =>
  value !== null && bound !== null && (operator === 'Gt' ? value > bound : value < bound);

const INT64_MAX = 9_223_372_036_854_775_807n;

/** Null for what is none within 64 bits. */
export function wholeNumber(text: string | undefined): bigint | null {
  if (text === undefined || !/^[+-]?\d{1,30}$/.test(text)) return null;
  const value = BigInt(text.replace('+', ''));
  return value > INT64_MAX || value < -INT64_MAX - 1n ? null : value;
}
