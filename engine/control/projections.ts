// The projections of one process, each with its state: every change and command reaches all that it concerns.
import { assert } from '../base/assert.ts';
import type { Change } from '../store/change.ts';
import type { Command, CommandResult } from './command.ts';
import type { Place } from './place.ts';
import type { Projection } from './projection.ts';

export class Projections {
  readonly #owner: string;
  readonly #states = new Map<Projection<unknown>, unknown>();

  /** Several controllers may name the same one. */
  constructor(owner: string, projections: readonly Projection<unknown>[]) {
    this.#owner = owner;
    for (const projection of projections) {
      if (!this.#states.has(projection)) this.#states.set(projection, projection.begin());
    }
  }

  state<T>(projection: Projection<T>): T {
    const found = this.#states.get(projection as Projection<unknown>);
    assert(found !== undefined, `${this.#owner} keeps the projection ${projection.name}`);
    return found as T;
  }

  follow(collection: string, place: Place): boolean {
    for (const { follows } of this.#states.keys()) if (follows(collection, place)) return true;
    return false;
  }

  change(change: Change, place: Place): void {
    for (const [projection, state] of this.#states) {
      if (projection.follows(change.collection, place)) projection.change(state, change, place);
    }
  }

  sent(command: Command): void {
    for (const [projection, state] of this.#states) projection.sent?.(state, command);
  }

  settled(command: Command, result: CommandResult): void {
    for (const [projection, state] of this.#states) projection.settled?.(state, command, result);
  }
}
