// Powers of two by whole numbers alone: a logarithm's last bit depends on the machine.

/** The least power of two that is not below `count`, and never below two. */
export const powerOfTwoFrom = (count: number): number => 2 ** (32 - Math.clz32(Math.max(count, 2) - 1));
