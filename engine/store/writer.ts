// The writing face of a store: create, update, patch and delete by the rules of the Kubernetes API, each answered by a value.
// Judging (judge.ts) and numbering (store.ts) are others' work; this puts them together, and asks whoever admits writes.
import { merged } from '../base/merged.ts';
import { deepEqual } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import type { Millis } from '../kube/time.ts';
import { type Failure, notFound } from './failure.ts';
import {
  brokenPrecondition,
  type DeleteRequest,
  judgeCreate,
  judgeDelete,
  judgeUpdate,
  type Precondition,
  type Rules,
  type Verdict,
  type WritePart,
} from './judge.ts';
import type { ObjectKey } from './key.ts';
import type { ObjectStore } from './store.ts';

export interface Written {
  readonly ok: true;
  /** `stored` took a new revision, `removed` too; `unchanged` did not need one. */
  readonly outcome: 'stored' | 'unchanged' | 'removed';
  /** As it is now; a removed object as it was last, with the revision of its removal. */
  readonly object: KubeObject;
}

export type WriteResult = Written | Failure;

/** Defaults, changes or refuses a write after it was judged; `previous` is null for a creation. */
export type Admission = (
  key: ObjectKey,
  next: KubeObject,
  previous: KubeObject | null,
) => { readonly ok: true; readonly object: KubeObject } | Failure;

/** Why the object may not be deleted now; null where it may. */
export type DeletionAdmission = (key: ObjectKey, object: KubeObject) => Failure | null;

export interface WriterPorts {
  readonly rulesOf: (collection: string) => Rules;
  /** A fresh uid, for an object of that key. */
  readonly uid: (key: ObjectKey) => string;
  /** Completes a generateName. */
  readonly suffix: () => string;
  readonly admit?: Admission;
  readonly admitDeletion?: DeletionAdmission;
}

export class ObjectWriter {
  readonly store: ObjectStore;
  readonly #ports: WriterPorts;

  constructor(store: ObjectStore, ports: WriterPorts) {
    this.store = store;
    this.#ports = ports;
  }

  create(collection: string, object: KubeObject, now: Millis): WriteResult {
    const { name, namespace = '', generateName = '' } = object.metadata;
    const made = name || generateName === '' ? (name ?? '') : `${generateName}${this.#ports.suffix()}`;
    const key = { collection, namespace, name: made };
    const current = this.store.get(collection, namespace, made);
    const verdict = judgeCreate(key, current, object, this.#ports.rulesOf(collection), this.#ports.uid(key), now);
    return this.#carryOut(key, verdict, null);
  }

  /** Preconditions are the object's own uid and resourceVersion, where it has them. */
  update(collection: string, object: KubeObject, part: WritePart = 'main'): WriteResult {
    const { name, namespace = '' } = object.metadata;
    const key = { collection, namespace, name };
    const current = this.store.get(collection, namespace, name);
    return this.#carryOut(key, judgeUpdate(key, current, object, part, this.#ports.rulesOf(collection)), current);
  }

  /** Changes what is there now by a function; never conflicts unless a precondition is given. */
  patch(
    key: ObjectKey,
    change: (current: KubeObject) => KubeObject,
    part: WritePart = 'main',
    precondition: Precondition | null = null,
  ): WriteResult {
    const current = this.store.get(key.collection, key.namespace, key.name);
    if (current === null) return notFound(key);
    const broken = precondition === null ? null : brokenPrecondition(key, current, precondition);
    if (broken !== null) return broken;
    const verdict = judgeUpdate(key, current, change(current), part, this.#ports.rulesOf(key.collection));
    return this.#carryOut(key, verdict, current);
  }

  delete(key: ObjectKey, now: Millis, request: DeleteRequest = {}): WriteResult {
    const current = this.store.get(key.collection, key.namespace, key.name);
    const verdict = judgeDelete(key, current, request, this.#ports.rulesOf(key.collection), now);
    const isNews = current !== null && verdict.ok && verdict.outcome !== 'unchanged';
    const refusal = isNews ? (this.#ports.admitDeletion?.(key, current) ?? null) : null;
    if (refusal !== null) return refusal;
    // Nobody is asked whether what is stored is as it should be: it may go all the same.
    return this.#carryOut(key, verdict, current, null);
  }

  #carryOut(
    key: ObjectKey,
    verdict: Verdict | Failure,
    previous: KubeObject | null,
    admit: Admission | null = this.#ports.admit ?? null,
  ): WriteResult {
    if (!verdict.ok || verdict.outcome === 'unchanged') return verdict;
    if (verdict.outcome === 'removed') {
      const { revision } = this.store.commit([{ key, object: null }]);
      const metadata = merged(verdict.object.metadata, { resourceVersion: String(revision) });
      return merged(verdict, { object: merged(verdict.object, { metadata }) });
    }
    const admitted = admit?.(key, verdict.object, previous) ?? verdict;
    if (!admitted.ok) return admitted;
    if (previous !== null && admitted.object !== verdict.object && isUnchanged(admitted.object, previous)) {
      return { ok: true, outcome: 'unchanged', object: previous };
    }
    const { writes } = this.store.commit([{ key, object: admitted.object }]);
    return { ok: true, outcome: 'stored', object: writes[0]!.object! };
  }
}

/** Admission made of it what is there already. */
function isUnchanged({ metadata, ...content }: KubeObject, { metadata: known, ...before }: KubeObject): boolean {
  return deepEqual(content, before) && deepEqual(merged(metadata, { generation: known.generation }), known);
}
