// A simulated Kubernetes API: objects in a store, written by the API's rules, with namespaces and garbage collection. It knows
// nothing of networks: whoever calls it has arrived.
import type { Random } from '../base/random.ts';
import type { CommandResult, CreateCommand, DeleteCommand, PatchCommand, UpdateCommand } from '../control/command.ts';
import type { Place } from '../control/place.ts';
import { applyMergePatch } from '../kube/merge-patch.ts';
import type { KubeObject } from '../kube/meta.ts';
import type { Millis } from '../kube/time.ts';
import { type Failure, refused } from '../store/failure.ts';
import type { IndexDefinition } from '../store/indexes.ts';
import { formatKey, keyOf, type ObjectKey } from '../store/key.ts';
import { ObjectStore } from '../store/store.ts';
import { type Admission, type DeletionAdmission, ObjectWriter, type WriteResult } from '../store/writer.ts';
import { rulesOf } from './api-rules.ts';
import type { Clock } from './clock.ts';
import { emptyWithDefinitions } from './definitions.ts';
import { GarbageCollector } from './garbage.ts';
import { NAMESPACES, NamespaceKeeper, namespaceRules } from './namespaces.ts';
import { Recently } from './recently.ts';
import { WallClock } from './wall-clock.ts';

export type ObjectCommand = CreateCommand | UpdateCommand | PatchCommand | DeleteCommand;

export interface ApiOptions {
  readonly place: Place;
  readonly clock: Clock;
  readonly random: Random;
  readonly indexes?: readonly IndexDefinition[];
  readonly historyMax?: number;
  readonly admit?: Admission;
  readonly admitDeletion?: DeletionAdmission;
  /** Whether a collection exists at all; every one does where it is left out. */
  readonly isServed?: (collection: string) => boolean;
}

const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;

/** Watches and old lists reach back this far: enough for a slow watcher, and little to keep for a thousand members. */
const HISTORY_MAX = 100;

export class SimulatedApi {
  readonly place: Place;
  readonly store: ObjectStore;
  readonly writer: ObjectWriter;
  readonly wallClock: WallClock;
  /** How far behind a replica of it may be. */
  readonly recently: Recently;
  readonly #isServed: (collection: string) => boolean;
  /** How many objects of a name have been there before: each has a uid of its own, whatever else was made meanwhile. */
  readonly #ended = new Map<string, number>();
  readonly #collectionListeners = new Set<(collection: string) => void>();
  readonly #askedListeners = new Set<(collection: string) => void>();

  constructor(options: ApiOptions) {
    const { place, clock, random, admit, admitDeletion } = options;
    this.place = place;
    this.wallClock = new WallClock(clock);
    this.#isServed = options.isServed ?? (() => true);
    const uids = random.stream('uid');
    const suffixes = random.stream('suffix');
    this.store = new ObjectStore({
      indexes: options.indexes ?? [],
      historyMax: options.historyMax ?? HISTORY_MAX,
    });
    this.writer = new ObjectWriter(this.store, {
      rulesOf: (collection) => (collection === NAMESPACES ? namespaceRules : rulesOf(collection)),
      uid: (key) => this.#uidFor(formatKey(key), uids),
      suffix: () => Array.from({ length: SUFFIX_LENGTH }, () => suffixes.pick([...SUFFIX_LETTERS])).join(''),
      ...(admit === undefined ? {} : { admit }),
      ...(admitDeletion === undefined ? {} : { admitDeletion }),
    });
    this.recently = new Recently(this.store, clock);
    new NamespaceKeeper(this, clock);
    new GarbageCollector(this, clock);
    emptyWithDefinitions(this, clock);
    this.#noticeChanges();
  }

  /** As this place's clock has it. */
  get now(): Millis {
    return this.wallClock.now;
  }

  carryOut(command: ObjectCommand): CommandResult {
    return answered(this.#write(command));
  }

  create(collection: string, object: KubeObject): WriteResult {
    const { namespace = '', name } = object.metadata;
    const key = { collection, namespace, name };
    const problem = this.#unserved(key) ?? (namespace === '' ? null : this.#namespaceProblem(key));
    if (problem !== null) return problem;
    const complete = collection === NAMESPACES ? withNamespaceDefaults(object) : object;
    return this.writer.create(collection, complete, this.now);
  }

  /** Called for every collection that gets its first object, from now on. */
  onNewCollection(listener: (collection: string) => void): () => void {
    this.#collectionListeners.add(listener);
    return () => void this.#collectionListeners.delete(listener);
  }

  /** Called whenever somebody wants to know what is in a collection, before they are told. */
  onAsked(listener: (collection: string) => void): void {
    this.#askedListeners.add(listener);
  }

  /** Somebody lists it, or is about to follow it. */
  asked(collection: string): void {
    for (const listener of this.#askedListeners) listener(collection);
  }

  #write(command: ObjectCommand): WriteResult {
    const { key } = command;
    switch (command.verb) {
      case 'create':
        return this.create(key.collection, command.object);
      case 'update':
        return this.#unserved(key) ?? this.writer.update(key.collection, this.#withItsOwn(command.object, key), 'main');
      case 'update-status':
        return this.#unserved(key) ?? this.writer.update(key.collection, command.object, 'status');
      case 'patch':
      case 'patch-status': {
        const part = command.verb === 'patch' ? 'main' : 'status';
        const change = (current: KubeObject) => applyMergePatch(current, command.patch) as KubeObject;
        return this.#unserved(key) ?? this.writer.patch(key, change, part, command.precondition);
      }
      case 'delete': {
        const { precondition, propagation } = command;
        const request = { precondition, ...(propagation === undefined ? {} : { propagation }) };
        return this.#unserved(key) ?? this.writer.delete(key, this.now, request);
      }
    }
  }

  /** What holds a namespace back, and how it is, is not for its writers to change. */
  #withItsOwn(object: KubeObject, { collection, namespace, name }: ObjectKey): KubeObject {
    const there = collection === NAMESPACES ? this.store.get(collection, namespace, name) : null;
    return there === null ? object : { ...object, spec: there.spec, status: there.status };
  }

  #unserved(key: ObjectKey): Failure | null {
    return this.#isServed(key.collection) ? null : refused(key, 'NotFound', 'is of a kind that is not served here');
  }

  #namespaceProblem(key: ObjectKey): Failure | null {
    const namespace = this.store.get(NAMESPACES, '', key.namespace);
    if (namespace === null) return refused(key, 'NotFound', `has no namespace: ${key.namespace} does not exist`);
    if (namespace.metadata.deletionTimestamp === undefined) return null;
    return refused(key, 'Forbidden', `cannot be made: namespace ${key.namespace} is being deleted`);
  }

  #noticeChanges(): void {
    const known = new Set<string>();
    this.store.onChange(({ type, collection, object }) => {
      if (type === 'DELETED') this.#countEnd(formatKey(keyOf(collection, object)));
      if (known.has(collection)) return;
      known.add(collection);
      for (const listener of this.#collectionListeners) listener(collection);
    });
  }

  #uidFor(key: string, uids: Random): string {
    return uuid(uids.stream(`${key} ${this.#ended.get(key) ?? 0}`));
  }

  #countEnd(key: string): void {
    this.#ended.set(key, (this.#ended.get(key) ?? 0) + 1);
  }
}

const answered = (result: WriteResult): CommandResult =>
  result.ok ? { ok: true, object: result.object } : { ok: false, code: result.code, message: result.message };

const withNamespaceDefaults = (object: KubeObject): KubeObject => ({
  ...object,
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Active' },
});

const HYPHEN = 45;
const HEX_DIGITS = [...'0123456789abcdef'].map((digit) => digit.charCodeAt(0));
/** Digits between hyphens, and those of its version and its variant. */
const UUID_GROUPS = [8, 4, 4, 4, 12];
const [VERSION_AT, VARIANT_AT] = [12, 16];

/** Written in one go, and not pieced together: there are many of them, and flat texts are small. */
function uuid(random: Random): string {
  const codes: number[] = [];
  let [drawn, digits] = [0, 0];
  for (const length of UUID_GROUPS) {
    if (digits > 0) codes.push(HYPHEN);
    for (const end = digits + length; digits < end; digits += 1) {
      if (digits % 8 === 0) drawn = random.uint32();
      codes.push(HEX_DIGITS[digits === VERSION_AT ? 4 : digits === VARIANT_AT ? 10 : drawn >>> 28]!);
      drawn <<= 4;
    }
  }
  return String.fromCharCode(...codes);
}
