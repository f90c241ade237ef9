// What a real Karmada control plane did on a machine of two cores with two API servers as members, its rate limits raised for it.
export const KARMADA = {
  /** 2,000 objects in both members; 903 s with its limits as they are. */
  spreadSeconds: 197,
  /** CPU seconds a minute with 2,000 bindings. */
  idleCpuAMinute: 2.4,
  /** 500 objects to another cluster. */
  moveSeconds: 44,
  absentMs: 76,
  /** Nothing moved after that. */
  noticedSeconds: 33,
} as const;
