// Answers that last: nobody hears of a state that could still be lost, and what another hub outran is judged again.
import {
  type Change,
  type ObjectStore,
  type Status,
  StatusError,
  serviceUnavailable,
  tooLarge,
} from '../../engine/index.ts';
import type { Settlement } from '../storage/durable-store.ts';
import type { Loss, StorageProblem } from '../storage/storage.ts';

/** What stands behind the store: executor/storage, or nothing but memory. */
export interface Durability {
  /** When what other hubs acknowledged is known here; null where that is always so. */
  caughtUp(): Promise<void> | null;
  /** When everything that the store holds now lasts, or why it was undone. */
  settled(): Settlement | Promise<Settlement>;
  /** Why writes are refused now; null while they are taken. */
  problem(): StorageProblem | null;
  onUndo(listener: (undone: readonly Change[]) => void): () => void;
  onProblem(listener: (problem: StorageProblem | null) => void): () => void;
}

/** For a store that publishes at once, with nothing behind it. */
export const MEMORY_ONLY: Durability = {
  caughtUp: () => null,
  settled: () => ({ ok: true }),
  problem: () => null,
  onUndo: () => () => {},
  onProblem: () => () => {},
};

/**
 * `ask` is sync, so that what the store committed meanwhile was its doing. A write that is stored proves by that that it was
 * judged on the newest state; all other answers have to make sure, beforehand or, where a write may come of it, afterwards.
 */
export async function answerLasting<Answer extends { readonly kind: string }>(
  store: ObjectStore,
  durability: Durability,
  ask: () => Answer,
  mayWrite: boolean,
): Promise<Answer> {
  for (let mayBeLate = mayWrite; ; ) {
    if (!mayBeLate) await durability.caughtUp();
    const before = store.revision();
    const answer = ask();
    // A watch tells only what is published.
    if (answer.kind === 'watch') return answer;
    const after = store.revision();
    const settlement = await durability.settled();
    if (settlement.ok) {
      if (after !== before || !mayBeLate) return answer;
      mayBeLate = false;
      await durability.caughtUp();
      if (store.revision() === before) return answer;
      continue;
    }
    const { loss } = settlement;
    if (after === before || loss.why === 'outrun') continue;
    if (loss.why === 'refused' && (loss.revision <= before || loss.revision > after)) continue;
    throw lossStatus(loss);
  }
}

function lossStatus(loss: Exclude<Loss, { why: 'outrun' }>): StatusError {
  const { code, message } = loss.problem;
  if (loss.why === 'unknown') {
    return timedOut(`the storage did not say whether the write was kept: ${message}; look before it is sent again`);
  }
  if (code === 'too-large') return tooLarge(`the storage does not take an object of this size: ${message}`);
  return serviceUnavailable(`the storage takes no writes: ${message}`);
}

const timedOut = (message: string): StatusError => {
  const status: Status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: 'Timeout',
    code: 504,
  };
  return new StatusError(status);
};
