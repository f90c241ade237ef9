// What the keepers of an API (garbage, namespaces) need of it.
import type { Millis } from '../kube/time.ts';
import type { ObjectStore } from '../store/store.ts';
import type { ObjectWriter } from '../store/writer.ts';

export interface KeptApi {
  readonly store: ObjectStore;
  readonly writer: ObjectWriter;
  /** As this place's clock has it. */
  readonly now: Millis;
}
