// The objects that a scenario applies at any time: in which collection each is kept, and which one a short name means.
import {
  bindingNameOf,
  builtInCollectionCalled,
  builtInCollectionOf,
  COLLECTIONS,
  isObject,
  type KubeObject,
  type ObjectKey,
  parseApiVersion,
} from '../../engine/index.ts';
import { isCalled, isNamespaced } from '../../executor/files/kind-names.ts';
import type { ObjectRef } from '../actions/action.ts';

const NAMESPACE = 'default';
const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod']);

const BINDING = { apiVersion: 'work.karmada.io/v1alpha2', kind: 'ResourceBinding' };

export class KnownObjects {
  readonly #refs = new Map<string, ObjectRef>();
  /** Collections of kinds that the scenario defines itself, by "group/Kind". */
  readonly #defined = new Map<string, string>();

  /** Objects without a namespace get one. */
  add(object: KubeObject): KubeObject {
    if (object.kind === 'CustomResourceDefinition') this.#define(object);
    const namespaced = isNamespaced(object) && !object.metadata.namespace;
    const complete = namespaced ? { ...object, metadata: { ...object.metadata, namespace: NAMESPACE } } : object;
    const key = this.keyOf(complete);
    if (key !== null) {
      const text = key.namespace === NAMESPACE || key.namespace === '' ? key.name : `${key.namespace}/${key.name}`;
      const { apiVersion, kind } = complete;
      this.#refs.set(`${key.collection} ${key.namespace}/${key.name}`, { key, apiVersion, kind, text });
    }
    return complete;
  }

  /** Null where nobody serves the kind. */
  keyOf({ apiVersion, kind, metadata }: KubeObject): ObjectKey | null {
    const { group } = parseApiVersion(apiVersion);
    const collection = builtInCollectionOf(apiVersion, kind) ?? this.#defined.get(`${group}/${kind}`) ?? null;
    return collection === null ? null : { collection, namespace: metadata.namespace ?? '', name: metadata.name };
  }

  /** Of a kind by its name alone, built in or applied by the scenario. */
  collectionCalled(word: string): string | null {
    const builtIn = builtInCollectionCalled(word);
    if (builtIn !== null) return builtIn;
    const found = [...this.#refs.values()].find(({ kind }) => kind === word);
    return found?.key.collection ?? null;
  }

  /** The object that "[kind/][namespace/]name" means: a workload before anything else of that name; a text says why there is none. */
  find(text: string): ObjectRef | string {
    const parts = text.split('/');
    const name = parts.at(-1)!;
    const named = [...this.#refs.values()].filter(({ key }) => key.name === name);
    const isMeant = (ref: ObjectRef): boolean => {
      if (parts.length === 1) return true;
      const isKind = (word: string) => isCalled({ apiVersion: groupOf(ref.key), kind: ref.kind }, word);
      if (parts.length === 2) return ref.key.namespace === parts[0] || isKind(parts[0]!);
      return parts.length === 3 && isKind(parts[0]!) && ref.key.namespace === parts[1];
    };
    const meant = named.filter(isMeant);
    const workloads = meant.filter(({ kind }) => WORKLOADS.has(kind));
    const found = workloads.length > 0 ? workloads : meant;
    if (found.length === 1) return found[0]!;
    if (found.length > 1) return `"${text}" may be ${shown(found)}: say kind/namespace/name`;
    return this.#bindingCalled(parts) ?? `there is no "${text}": ${this.workloadsText}`;
  }

  /** No scenario applies one: each is of an object that is applied. */
  #bindingCalled(parts: readonly string[]): ObjectRef | null {
    const [name, namespace = NAMESPACE] = [parts.at(-1)!, parts.length === 3 ? parts[1] : undefined];
    if (parts.length < 2 || !isCalled(BINDING, parts[0]!)) return null;
    const owner = this.all.find(
      ({ kind, key }) => key.namespace === namespace && bindingNameOf(kind, key.name) === name,
    );
    const text = namespace === NAMESPACE ? name : `${namespace}/${name}`;
    return owner === undefined
      ? null
      : { ...BINDING, key: { collection: COLLECTIONS.bindings, namespace, name }, text };
  }

  get all(): readonly ObjectRef[] {
    return [...this.#refs.values()];
  }

  /** "there are Deployment web, Job shop/load". */
  get workloadsText(): string {
    return `there are ${shown(this.all.filter(({ kind }) => WORKLOADS.has(kind))) || 'no workloads'}`;
  }

  #define({ spec, metadata }: KubeObject): void {
    if (!isObject(spec) || !isObject(spec.names)) return;
    const [plural] = metadata.name.split('.');
    this.#defined.set(`${String(spec.group)}/${String(spec.names.kind)}`, `${String(spec.group)}/${plural}`);
  }
}

const shown = (refs: readonly ObjectRef[]): string => refs.map(({ kind, text }) => `${kind} ${text}`).join(', ');

const groupOf = ({ collection }: ObjectKey): string => {
  const group = collection.slice(0, collection.indexOf('/'));
  return group === '' ? 'v1' : `${group}/v1`;
};
