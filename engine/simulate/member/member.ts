// A simulated member cluster: its own API, nodes with room, and controllers that keep as many pods as its workloads want and
// write the status that the real ones would write. Kinds that make no pods are stored, and that is all.
import type { ApiEnablement, ResourceModel } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { Amounts } from '../../autoscale/load.ts';
import type { Random } from '../../base/random.ts';
import type { MemberState, Question } from '../../control/command.ts';
import { memberPlace, type Place } from '../../control/place.ts';
import type { JsonValue } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Taint } from '../../kube/taint.ts';
import type { IndexDefinition } from '../../store/indexes.ts';
import type { ObjectKey } from '../../store/key.ts';
import { SimulatedApi } from '../api.ts';
import type { Clock } from '../clock.ts';
import { ServedApis } from './apis.ts';
import { AUTOSCALERS, Autoscalers } from './autoscalers.ts';
import type { BehaviorRule } from './behavior.ts';
import { EndpointSlices } from './endpoint-slices.ts';
import { loadOf } from './load.ts';
import { type Mutation, mutated } from './mutation.ts';
import { Nodes } from './nodes.ts';
import { Pods } from './pods.ts';
import { Provider } from './provider.ts';
import { MemberQuotas, QUOTAS } from './quotas.ts';
import { shapeOfRequirements } from './shape.ts';
import type { Inside, Showing } from './showing.ts';
import { exaggerated, type Summary, summaryOf } from './summary.ts';
import { unreadable } from './unreadable.ts';
import { WORKLOAD_COLLECTIONS } from './workload.ts';
import { WorkloadControllers } from './workloads.ts';

export const NODES = '/nodes';

export interface NodePool {
  /** Nodes are called by it and a number, counted from 0. */
  readonly name: string;
  readonly count: number;
  readonly allocatable: Readonly<Record<string, string | number>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
}

export interface MemberOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly nodes?: readonly NodePool[];
  /** In place of what Kubernetes serves by itself. */
  readonly apis?: readonly ApiEnablement[];
  readonly version?: string;
  readonly behaviors?: readonly BehaviorRule[];
  /** Shows people what goes on in it; nobody does where it is left out. */
  readonly showing?: (inside: Inside) => Showing;
  readonly indexes?: readonly IndexDefinition[];
  readonly historyMax?: number;
  /** Hears how many pods of a workload serve, whenever that changes. */
  readonly onServing?: (key: ObjectKey, serving: number) => void;
  /** What each pod of a workload uses that serves; not measured where it is left out. */
  readonly usageOf?: (key: ObjectKey) => Amounts;
}

const NAMESPACES = ['default', 'kube-system'];

export class Member {
  readonly name: string;
  readonly place: Place;
  readonly api: SimulatedApi;
  readonly apis: ServedApis;
  readonly nodes = new Nodes();
  readonly pods: Pods;
  readonly version: string;
  /** Of the room that there is, what its summary tells: a thousand thousandths in truth. */
  tellsPerMille = 1000;
  /** What something in it adds to workloads. */
  mutation: Mutation | null = null;
  readonly #workloads: WorkloadControllers;
  readonly #quotas: MemberQuotas;
  readonly #clock: Clock;
  readonly #usageOf: (key: ObjectKey) => Amounts;
  readonly #shown: Showing | null;
  /** Null where somebody else shows them. */
  readonly #slices: EndpointSlices | null;
  #outages = 0;
  readonly #silent = new Map<string, number>();
  #summary: { readonly version: number; readonly models: readonly ResourceModel[]; readonly value: Summary } | null =
    null;

  constructor(options: MemberOptions) {
    const { name, clock, random, behaviors = [], indexes = [] } = options;
    this.name = name;
    this.place = memberPlace(name);
    this.version = options.version ?? 'v1.34.0';
    this.apis = new ServedApis(options.apis);
    this.#clock = clock;
    this.#usageOf = options.usageOf ?? (() => ({}));
    this.api = new SimulatedApi({
      place: this.place,
      clock,
      random,
      indexes,
      isServed: (collection) => this.apis.serves(collection),
      admit: (key, next, previous) =>
        unreadable(key, next, previous) ?? { ok: true, object: this.#admitted(key.collection, next, previous) },
      ...(options.historyMax === undefined ? {} : { historyMax: options.historyMax }),
    });
    this.pods = new Pods({
      clock,
      nodes: this.nodes,
      random: random.stream('pods'),
      onChange: (pod, before) => {
        this.#workloads.noticePod(pod);
        this.#shown?.showPod(pod, before);
        this.#quotas.noticePod(pod);
        this.#slices?.noticePod(pod);
      },
      onServing: ({ key, serving }) => options.onServing?.(key, serving),
    });
    const { api, nodes, pods } = this;
    this.#shown = options.showing?.({ api, clock, nodes, pods }) ?? null;
    this.#workloads = new WorkloadControllers({
      clock,
      api: this.api,
      nodes: this.nodes,
      pods: this.pods,
      behaviors,
      showing: this.#shown,
    });
    this.#quotas = new MemberQuotas({
      api,
      clock,
      nodes,
      podsIn: (namespace) => this.#workloads.podsIn(namespace),
      isOff: () => pods.isOff,
    });
    const isOff = () => this.pods.isOff;
    const workloads = () => this.#workloads.all();
    this.#slices = this.#shown === null ? new EndpointSlices({ clock, api, workloads, isOff }) : null;
    const providing = new Provider(this.api, clock, random.stream('provider'), isOff);
    const autoscalers = new Autoscalers(api, clock, isOff);
    this.api.store.onChange(({ type, collection, object }) => {
      if (WORKLOAD_COLLECTIONS.has(collection)) this.#workloads.notice(collection, type, object);
      else if (providing.provides(collection)) {
        providing.notice(collection, type, object);
        if (collection === COLLECTIONS.services) this.#slices?.noticeService({ type, object });
      }
      // Where it is shown to people, whoever serves its API counts by itself.
      else if (collection === QUOTAS && this.#shown === null) this.#quotas.notice(object);
      else if (collection === AUTOSCALERS) autoscalers.notice();
      else if (collection === NODES) this.#noticeNode(type === 'DELETED', object);
      else if (collection === COLLECTIONS.definitions) {
        if (type === 'DELETED') this.apis.undefine(object.metadata.name);
        else this.apis.define(object);
      }
    });
    for (const namespace of NAMESPACES) {
      this.api.create('/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    }
    for (const pool of options.nodes ?? []) this.addNodes(pool);
  }

  /** Adds nodes, or makes those of the same names like these. */
  addNodes({ name, count, allocatable, labels = {}, taints = [] }: NodePool): void {
    for (let at = 0; at < count; at += 1) {
      const node = `${name}-${at}`;
      const own = { 'kubernetes.io/hostname': node, ...labels };
      const metadata = { name: node, labels: own };
      const spec = taints.length === 0 ? {} : { taints: [...taints] };
      const status = { capacity: allocatable, allocatable, conditions: [READY] };
      const known = this.api.store.get(NODES, '', node);
      if (known === null) this.api.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata, spec });
      else
        this.api.writer.patch(nodeKey(node), (object) => ({
          ...object,
          spec,
          metadata: { ...object.metadata, labels: own },
        }));
      this.api.writer.patch(nodeKey(node), (object) => ({ ...object, status }), 'status');
    }
  }

  /** In place of the nodes of some pools those of others; what is in both stays. */
  resize(before: readonly NodePool[], after: readonly NodePool[]): void {
    for (const { name, count } of before) {
      const kept = after.find((pool) => pool.name === name)?.count ?? 0;
      for (let at = kept; at < count; at += 1) this.removeNode(`${name}-${at}`);
    }
    for (const pool of after) this.addNodes(pool);
  }

  removeNode(node: string): void {
    this.#silent.delete(node);
    this.api.writer.delete(nodeKey(node), this.api.now);
  }

  /** The node answers no more: its pods are lost after a while, and replaced where there is room. Each call is to be undone. */
  silenceNode(name: string): void {
    const node = this.nodes.get(name);
    if (node === null) return;
    const reasons = this.#silent.get(name) ?? 0;
    this.#silent.set(name, reasons + 1);
    if (reasons > 0) return;
    this.pods.silence(node);
    this.#setNodeReady(name, false);
  }

  reviveNode(name: string): void {
    const node = this.nodes.get(name);
    const reasons = this.#silent.get(name) ?? 0;
    if (reasons > 1) this.#silent.set(name, reasons - 1);
    else this.#silent.delete(name);
    if (node === null || node.isReady || reasons !== 1) return;
    this.pods.revive(node);
    this.#setNodeReady(name, true);
  }

  /** Everything stops at once; the API is the world's to take down. Each call is to be undone by one of `powerOn`. */
  powerOff(): void {
    this.#outages += 1;
    if (this.#outages === 1) this.pods.powerOff();
  }

  powerOn(): void {
    if (this.#outages > 0) this.#outages -= 1;
    if (this.#outages > 0) return;
    this.pods.powerOn();
    this.#workloads.resume();
    this.#quotas.resume();
    this.#slices?.resume();
  }

  /** From now on; earlier rules win. */
  setBehaviors(rules: readonly BehaviorRule[]): void {
    this.#workloads.setBehaviors(rules);
  }

  /** Pods that serve, in truth and not by any status: none without power, none on a node that has gone quiet. */
  servingPods(key: ObjectKey): number {
    return this.#workloads.servingPods(key);
  }

  answer(question: Question): JsonValue {
    switch (question.about) {
      case 'state':
        return {
          healthy: true,
          version: this.version,
          ...exaggerated(this.#summaryBy(question.models ?? []), this.tellsPerMille),
          ...(question.withApis && { apis: this.apis.list() }),
        } satisfies MemberState as unknown as JsonValue;
      case 'capacity':
        return { replicas: this.nodes.roomFor(shapeOfRequirements(question.requirements, this.nodes.columns)) };
      case 'unschedulable':
        return { replicas: this.#workloads.unschedulable(question.key, this.#clock.now - question.forMs) };
      case 'load': {
        const workload = this.#workloads.find(question.key);
        if (workload === null) return null;
        return loadOf(workload, question.wish, this.#usageOf(question.key), this.#clock.now) as unknown as JsonValue;
      }
    }
  }

  #summaryBy(models: readonly ResourceModel[]): Summary {
    const known = this.#summary;
    const { version } = this.nodes;
    if (known !== null && known.version === version && known.models === models) return known.value;
    const value = summaryOf(this.nodes, this.pods, models);
    this.#summary = { version, models, value };
    return value;
  }

  #admitted(collection: string, next: KubeObject, previous: KubeObject | null): KubeObject {
    const admitted = this.#withMutation(collection, next, previous);
    return this.#shown?.complete(collection, admitted) ?? admitted;
  }

  #withMutation(collection: string, next: KubeObject, previous: KubeObject | null): KubeObject {
    const isWish = next.spec !== previous?.spec || next.metadata.annotations !== previous?.metadata.annotations;
    return this.mutation !== null && isWish && WORKLOAD_COLLECTIONS.has(collection)
      ? mutated(next, this.mutation)
      : next;
  }

  #noticeNode(isGone: boolean, object: KubeObject): void {
    if (isGone) {
      const node = this.nodes.remove(object.metadata.name);
      if (node !== null) this.pods.drop(node);
    } else {
      const node = this.nodes.upsert(object);
      this.pods.relieve(node);
      this.pods.expel(node);
      this.pods.retry();
    }
    this.#workloads.noticeNodes();
  }

  #setNodeReady(name: string, isUp: boolean): void {
    const condition = isUp ? READY : { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' };
    const withCondition = (object: KubeObject): KubeObject => ({
      ...object,
      status: { ...(object.status as object), conditions: [condition] },
    });
    this.api.writer.patch(nodeKey(name), withCondition, 'status');
  }
}

const READY = { type: 'Ready', status: 'True', reason: 'KubeletReady' };

const nodeKey = (name: string): ObjectKey => ({ collection: NODES, namespace: '', name });
