// State derived from changes: made empty, fed by every change to the collections it names, and so always rebuildable.
import type { Change } from '../store/change.ts';
import type { Command, CommandResult } from './command.ts';
import type { Place } from './place.ts';

/**
 * The state may be changed in place; nobody but its projection does. Several controllers of one process share one state.
 * The object itself is the identity: two projections of one name in one process are a mistake.
 */
export interface Projection<T> {
  readonly name: string;
  readonly follows: (collection: string, place: Place) => boolean;
  begin(): T;
  change(state: T, change: Change, place: Place): void;
  /**
   * A command of this process was sent, and later its result came: what is promised counts before a change confirms it.
   * A change may come before the result.
   */
  sent?(state: T, command: Command): void;
  settled?(state: T, command: Command, result: CommandResult): void;
}
