// What a line of the timeline does: its fields, how they are read, and the deed itself.
import type { BehaviorRule, KubeObject, Millis, ObjectKey, Random } from '../../engine/index.ts';
import type { Form } from '../format/form.ts';
import type { ClusterSelector } from '../format/selector.ts';
import type { Timed } from '../format/timing.ts';
import type { Scene } from '../run/scene.ts';

export interface Action {
  /** Does it, now; tells in words what that was. */
  perform(scene: Scene, random: Random): string;
}

export interface ActionKind {
  /** The field that names it, and that no other kind has. */
  readonly key: string;
  /** It is a fault, or takes clusters away as one does: there are metrics of it. */
  readonly strikes?: true;
  readonly value: Form;
  readonly required?: Readonly<Record<string, Form>>;
  readonly optional?: Readonly<Record<string, Form>>;
  readonly read: (entry: Timed, reader: EntryReader) => Action;
}

/** An object of the scenario that a line names. */
export interface ObjectRef {
  readonly key: ObjectKey;
  readonly apiVersion: string;
  readonly kind: string;
  /** "web", or "shop/web" where it is not in the namespace "default". */
  readonly text: string;
}

/** What a kind may ask while it reads a line; whatever is wrong is noted with its place. */
export interface EntryReader {
  refuse(field: string, message: string): void;
  /** Notes a problem where no cluster of the scenario can ever match. */
  selector(field: string): ClusterSelector;
  /** Of the scenario. */
  readonly durationMs: Millis;
  /** Names of those that can be there at any time. */
  readonly processes: readonly string[];
  /** Or may have. */
  hasProcess(name: string): boolean;
  /** Names of those that can be there at any time. */
  readonly clusters: readonly string[];
  /** Or may have. */
  hasCluster(name: string): boolean;
  /** An object that the scenario applies somewhere, by "[kind/][namespace/]name". */
  object(field: string): ObjectRef;
  /** How pods are to behave; a problem is noted where no workload can be meant. */
  behavior(): BehaviorRule;
  /** Whether the fleet has it from the start, and no line removes it. */
  isThereAlways(cluster: string): boolean;
  /** As the scenario applies it, once or again; null where it patches it too, into what nobody has written down. */
  versions(ref: ObjectRef): readonly KubeObject[] | null;
  /** Those of files and those written in place. */
  manifests(field: string): readonly KubeObject[];
}
