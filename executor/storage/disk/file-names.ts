// The names of a store's files: what each is and from which revision, so that names in order are files in order.

const DIGITS = 16;

export const logName = (revision: number): string => `log-${String(revision).padStart(DIGITS, '0')}.muster`;
export const snapshotName = (revision: number): string => `snapshot-${String(revision).padStart(DIGITS, '0')}.muster`;

export interface Inventory {
  /** Revisions, rising. */
  readonly logs: readonly number[];
  readonly snapshots: readonly number[];
  /** Left behind by a process that was interrupted. */
  readonly drafts: readonly string[];
}

export function takeInventory(names: readonly string[]): Inventory {
  const revisionsOf = (pattern: RegExp) =>
    names
      .flatMap((name) => pattern.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  return {
    logs: revisionsOf(/^log-(\d{16})\.muster$/),
    snapshots: revisionsOf(/^snapshot-(\d{16})\.muster$/),
    drafts: names.filter((name) => /^(log|snapshot)-\d{16}\.muster\.tmp$/.test(name)),
  };
}
