// The smaller of two whole numbers of any size.

export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
