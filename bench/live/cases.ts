// What is measured on a live fleet: how many objects to how many members, what happens to them afterwards, and what it may take.

export interface LiveCase {
  readonly name: string;
  readonly objects: number;
  readonly members: number;
  /** How long is watched what it costs to do nothing. */
  readonly idleSeconds: number;
  /** Objects whose policy names another cluster in the end. */
  readonly moved: number;
  /** Deployments that lose a cluster. */
  readonly orphans: number;
  readonly limits: LiveLimits;
}

/** What is not named has no limit. */
export interface LiveLimits {
  readonly spreadSeconds?: number;
  /** CPU seconds a minute, of the hub and its controllers together. */
  readonly idleCpuAMinute?: number;
  readonly moveSeconds?: number;
  readonly recoverySeconds?: number;
}

const MOVE_SECONDS = 5;
const RECOVERY_SECONDS = 60;
const NOTHING = { idleSeconds: 0, moved: 0, orphans: 0, limits: {} };

export const CASES: readonly LiveCase[] = [
  {
    name: 'everyday',
    objects: 2_000,
    members: 2,
    idleSeconds: 60,
    moved: 500,
    orphans: 20,
    limits: { spreadSeconds: 20, idleCpuAMinute: 1, moveSeconds: MOVE_SECONDS, recoverySeconds: RECOVERY_SECONDS },
  },
  { ...NOTHING, name: '1,000 to 2', objects: 1_000, members: 2 },
  { ...NOTHING, name: '1,000 to 10', objects: 1_000, members: 10 },
  // Two in a hundred of a core.
  { ...NOTHING, name: '10,000 to 2', objects: 10_000, members: 2, idleSeconds: 60, limits: { idleCpuAMinute: 1.2 } },
  { ...NOTHING, name: '10,000 to 10', objects: 10_000, members: 10 },
];

const SMALL_IDLE_SECONDS = 3;

/** The same in small, to see that all of it goes: nothing is held against limits. */
export const inSmall = (one: LiveCase, share: number): LiveCase => {
  const some = (count: number) => (count === 0 ? 0 : Math.max(1, Math.round(count * share)));
  return {
    ...one,
    objects: some(one.objects),
    idleSeconds: Math.min(one.idleSeconds, SMALL_IDLE_SECONDS),
    moved: some(one.moved),
    orphans: some(one.orphans),
    limits: {},
  };
};
