// What a controller sees at one step: the hub itself, the members by name, and what became of the last step.
import type { JsonValue } from '../kube/json.ts';
import type { Attempt, Reader, View } from './controller.ts';

/** Of a key that is looked at for the first time, or about which there is nothing to say. */
export const NO_ATTEMPT: Attempt = { failures: 0, results: [] };

/** A class, because there is a view for every step. */
export class ProcessView implements View {
  readonly get: View['get'];
  readonly list: View['list'];
  readonly byIndex: View['byIndex'];
  readonly isSynced: View['isSynced'];
  readonly isWatched: View['isWatched'];
  readonly member: View['member'];
  readonly derived: View['derived'];
  readonly attempt: Attempt;
  readonly remembered: JsonValue | undefined;

  constructor(
    hub: Reader,
    member: View['member'],
    derived: View['derived'],
    attempt: Attempt,
    remembered: JsonValue | undefined,
  ) {
    this.get = hub.get;
    this.list = hub.list;
    this.byIndex = hub.byIndex;
    this.isSynced = hub.isSynced;
    this.isWatched = hub.isWatched;
    this.member = member;
    this.derived = derived;
    this.attempt = attempt;
    this.remembered = remembered;
  }
}
