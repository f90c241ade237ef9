// What the live driver needs of one API, whatever stands behind it: follow a collection, carry out a write, answer a question.
import type { ChangeType, Command, CommandResult, KubeObject, Question } from '../../engine/index.ts';

export type ObjectCommand = Exclude<Command, { readonly verb: 'watch' | 'ask' }>;

export type Refusal = Extract<CommandResult, { readonly ok: false }>;

export interface FollowListener {
  /** The whole collection, at the beginning and whenever changes may have been missed. */
  readonly listed: (objects: Iterable<KubeObject>, revision: number) => void;
  readonly changed: (type: ChangeType, object: KubeObject, revision: number) => void;
  /** Nothing else happened up to this revision. */
  readonly caughtUp: (revision: number) => void;
  /** Nothing of it is served, or nobody lets us see it, for now. */
  readonly absent?: () => void;
}

export interface Following {
  close(): void;
}

export interface PlaceClient {
  /** Goes on through every failure until it is closed. Nothing is told before this returns. */
  follow(collection: string, listener: FollowListener): Following;
  /** Never rejects: what went wrong is a result. */
  carryOut(command: ObjectCommand): Promise<CommandResult>;
  ask(question: Question): Promise<CommandResult>;
  /** Tells every collection that exists and that comes to exist, until the answer is called. */
  onCollection(listener: (collection: string) => void): () => void;
  close(): void;
}

export const refusal = (code: Refusal['code'], message: string): Refusal => ({ ok: false, code, message });
