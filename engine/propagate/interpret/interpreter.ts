// What Karmada asks about an object of any kind, and who answers: for each operation, the first layer that can.
import type { AggregatedStatusItem, Component, ReplicaRequirements } from '../../api/binding.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { LabelSelector } from '../../kube/selector.ts';
import type { Millis } from '../../kube/time.ts';
import { fieldsAt } from '../fields.ts';
import { verifyReferences } from './reference-problem.ts';

export interface ReplicaAnswer {
  readonly replicas: number;
  /** What one replica asks of a cluster; null when it asks for nothing. */
  readonly requirements: ReplicaRequirements | null;
}

export interface DependentReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly labelSelector?: LabelSelector;
}

/**
 * What is known about one kind; an operation that is missing is answered by the next layer. Objects that come in are
 * not changed. An operation throws PropagationError where the object is not of the shape that its kind demands.
 */
export interface KindInterpreter {
  readonly replicas?: (object: KubeObject) => ReplicaAnswer;
  readonly components?: (object: KubeObject) => readonly Component[];
  readonly revise?: (object: KubeObject, replicas: number) => KubeObject;
  /** The desired object with what the member's own controllers decided. */
  readonly retain?: (desired: KubeObject, observed: KubeObject) => KubeObject;
  /** The status worth reporting; null when there is none yet. */
  readonly reflect?: (object: KubeObject) => unknown;
  readonly aggregate?: (object: KubeObject, items: readonly AggregatedStatusItem[], now: Millis) => KubeObject;
  readonly healthy?: (object: KubeObject) => boolean;
  readonly dependencies?: (object: KubeObject) => readonly DependentReference[];
}

export type Operation = keyof KindInterpreter;

/** One source of interpreters: customisations in Lua, or the native kinds. Null for a kind it knows nothing about. */
export type InterpreterLayer = (apiVersion: string, kind: string) => KindInterpreter | null;

/** Every operation on every kind; where nobody answers, Karmada's own fallback does. */
export class Interpreter {
  private readonly layers: readonly InterpreterLayer[];

  /** The layers in the order in which they are asked. */
  constructor(layers: readonly InterpreterLayer[]) {
    this.layers = layers;
  }

  /** The same, but for what a layer says that is asked before. */
  after(layer: InterpreterLayer): Interpreter {
    return new Interpreter([layer, ...this.layers]);
  }

  answers(object: KubeObject, operation: Operation): boolean {
    return this.find(object, operation) !== null;
  }

  /** Null for a kind without replicas. */
  replicas(object: KubeObject): ReplicaAnswer | null {
    return this.find(object, 'replicas')?.(object) ?? null;
  }

  /** Null for a kind that is not made of components. */
  components(object: KubeObject): readonly Component[] | null {
    return this.find(object, 'components')?.(object) ?? null;
  }

  revise(object: KubeObject, replicas: number): KubeObject {
    return this.find(object, 'revise')?.(object, replicas) ?? object;
  }

  retain(desired: KubeObject, observed: KubeObject): KubeObject {
    return this.find(desired, 'retain')?.(desired, observed) ?? desired;
  }

  reflect(object: KubeObject): unknown {
    const reflect = this.find(object, 'reflect');
    return reflect === null ? (fieldsAt(object, 'status') ?? null) : reflect(object);
  }

  aggregate(object: KubeObject, items: readonly AggregatedStatusItem[], now: Millis): KubeObject {
    return this.find(object, 'aggregate')?.(object, items, now) ?? object;
  }

  /** A kind of whose health nothing is known counts as healthy. */
  healthy(object: KubeObject): boolean {
    return this.find(object, 'healthy')?.(object) ?? true;
  }

  dependencies(object: KubeObject): readonly DependentReference[] {
    return verifyReferences(this.find(object, 'dependencies')?.(object) ?? []);
  }

  private find<O extends Operation>(
    { apiVersion, kind }: KubeObject,
    operation: O,
  ): NonNullable<KindInterpreter[O]> | null {
    for (const layer of this.layers) {
      const answer = layer(apiVersion, kind)?.[operation];
      if (answer) return answer as NonNullable<KindInterpreter[O]>;
    }
    return null;
  }
}
