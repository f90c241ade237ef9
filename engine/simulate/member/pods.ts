// The life of pods: they wait for room, start, get ready, crash, finish, are stopped, and lose their nodes.
import type { Random } from '../../base/random.ts';
import type { Millis } from '../../kube/time.ts';
import { type Clock, cancel } from '../clock.ts';
import { drawLatency } from '../latency.ts';
import type { Node, Nodes } from './nodes.ts';
import { isActive, type Pod, type PodPhase } from './pod.ts';
import type { NewPod } from './rollout.ts';
import { fitsNode, type Shape } from './shape.ts';
import type { Workload } from './workload.ts';

/** After the first crash a pod starts again at once; then the wait doubles, up to the maximum. */
const CRASH_WAIT_MS = 10_000;
const CRASH_WAIT_MAX_MS = 300_000;
/** A node that is quiet for this long is not ready any more, and its pods are not either. */
const NODE_GRACE_MS = 40_000;
/** Pods stay on a node that is not ready for this long. */
const EVICTION_WAIT_MS = 300_000;
const FOR_EVER_MS = 1_000_000_000_000;

export interface PodsOptions {
  readonly clock: Clock;
  readonly nodes: Nodes;
  readonly random: Random;
  /** Something about a pod of this workload is different. */
  readonly onChange: (pod: Pod, before: PodPhase | null) => void;
  /** The number of a workload's pods that serve is another. */
  readonly onServing: (workload: Workload) => void;
}

export class Pods {
  readonly #clock: Clock;
  readonly #nodes: Nodes;
  readonly #random: Random;
  readonly #onChange: PodsOptions['onChange'];
  readonly #onServing: PodsOptions['onServing'];
  /** Pods without a node, by shape, each in the order in which they came. */
  readonly #waiting = new Map<string, Set<Pod>>();
  /** Sums of what waiting pods ask for, by column. */
  readonly waitingFor: number[] = [];
  readonly #byNode = new Map<Node, Set<Pod>>();
  #lastNumber = 0;
  #isRetrying = false;
  #isOff = false;

  constructor({ clock, nodes, random, onChange, onServing }: PodsOptions) {
    this.#clock = clock;
    this.#nodes = nodes;
    this.#random = random;
    this.#onChange = onChange;
    this.#onServing = onServing;
  }

  get isOff(): boolean {
    return this.#isOff;
  }

  create(workload: Workload, { revision, ordinal, bound }: NewPod): void {
    this.#lastNumber += 1;
    const { now } = this.#clock;
    const pod: Pod = {
      number: this.#lastNumber,
      workload,
      revision,
      shape: workload.shape,
      ordinal,
      createdAt: now,
      bound,
      node: null,
      phase: 'waiting',
      since: now,
      restarts: 0,
      isServing: false,
      timer: null,
    };
    workload.pods.add(pod);
    const node = this.#isOff ? null : this.#nodeFor(pod);
    if (node !== null) this.#put(pod, node);
    else this.#wait(pod);
  }

  /** Asks a pod to go. On a node that is quiet nobody hears it: the pod stays until the node is back or gone. */
  stop(pod: Pod): void {
    if (!isActive(pod)) return;
    const { node } = pod;
    if (node === null) {
      this.#gone(pod);
      return;
    }
    this.#enter(pod, 'stopping');
    if (node.isReady && !this.#isOff) this.#later(pod, this.#draw(pod, 'stop'), () => this.#gone(pod));
  }

  /** Takes a pod away at once, as when its object is deleted by force. */
  kill(pod: Pod): void {
    if (pod.workload.pods.has(pod)) this.#gone(pod);
  }

  on(node: Node): readonly Pod[] {
    return [...(this.#byNode.get(node) ?? [])];
  }

  /** How many pods of a workload have been without a node since before a time. */
  waitingSince(workload: Workload, before: Millis): number {
    let count = 0;
    for (const pod of workload.pods) if (pod.phase === 'waiting' && pod.since <= before) count += 1;
    return count;
  }

  /** Room may have come up: tries the waiting ones, once, after everything that happens now. */
  retry(): void {
    if (this.#isRetrying || this.#waiting.size === 0 || this.#isOff) return;
    this.#isRetrying = true;
    this.#clock.after(0, () => {
      this.#isRetrying = false;
      for (const waiting of [...this.#waiting.values()]) this.#placeAll(waiting);
    });
  }

  /** A node no longer answers. Its pods run on or not, nobody knows; after a while they count as lost, and are replaced. */
  silence(node: Node): void {
    node.isReady = false;
    this.#nodes.changed();
    for (const pod of this.on(node)) this.#silencePod(pod);
  }

  #silencePod(pod: Pod): void {
    this.#countServing(pod);
    cancel(pod.timer);
    pod.timer = null;
    if (!isActive(pod)) return;
    this.#later(pod, NODE_GRACE_MS, () => {
      this.#enter(pod, 'lost');
      this.#later(pod, evictionWaitOf(pod), () => this.stop(pod));
    });
  }

  /** A silent node is back: what was told to go goes, everything else starts again. */
  revive(node: Node): void {
    node.isReady = true;
    this.#nodes.changed();
    for (const pod of this.on(node)) this.#restart(pod);
    this.retry();
  }

  /** A node is gone for good, and its pods with it. */
  drop(node: Node): void {
    for (const pod of this.on(node)) this.#gone(pod);
    this.#byNode.delete(node);
  }

  /** The youngest pods go from a node that has become too small for what is on it. */
  relieve(node: Node): void {
    for (const pod of this.on(node).toReversed()) {
      if (!this.#nodes.isOverfull(node)) return;
      if (isActive(pod)) {
        this.#enter(pod, 'stopping');
        this.#gone(pod);
      }
    }
  }

  /** Pods that may not stay: their node has a NoExecute taint that they do not endure. */
  expel(node: Node): void {
    for (const pod of this.on(node)) {
      const isExpelled = node.taints.some(
        (taint) =>
          taint.effect === 'NoExecute' && !fitsNode(pod.shape, { ...node, taints: [taint], isCordoned: false }),
      );
      if (isExpelled) this.stop(pod);
    }
  }

  /** The whole member is without power: nothing runs, and nothing happens until it is back. */
  powerOff(): void {
    this.#isOff = true;
    for (const pods of this.#byNode.values()) {
      for (const pod of pods) {
        cancel(pod.timer);
        pod.timer = null;
        if (pod.phase === 'ready') this.#enter(pod, 'starting');
      }
    }
  }

  powerOn(): void {
    this.#isOff = false;
    for (const [node, pods] of this.#byNode) if (node.isReady) for (const pod of [...pods]) this.#restart(pod);
    this.retry();
  }

  #restart(pod: Pod): void {
    cancel(pod.timer);
    if (pod.phase === 'stopping') this.#later(pod, this.#draw(pod, 'stop'), () => this.#gone(pod));
    else if (isActive(pod)) this.#start(pod, 0);
  }

  #nodeFor({ bound, shape }: Pod): Node | null {
    if (bound === null) return this.#nodes.choose(shape);
    return bound.isReady && this.#fitsBound(bound, shape) ? bound : null;
  }

  #fitsBound(node: Node, { requests }: Shape): boolean {
    return requests.every(([column, amount]) => (node.taken[column] ?? 0) + amount <= (node.allocatable[column] ?? 0));
  }

  #placeAll(waiting: Set<Pod>): void {
    for (const pod of waiting) {
      const node = this.#nodeFor(pod);
      // What does not fit now does not fit for the others of its shape either, unless each has a node of its own.
      if (node === null) {
        if (pod.bound === null) return;
        continue;
      }
      this.#leaveQueue(pod);
      this.#put(pod, node);
    }
  }

  #put(pod: Pod, node: Node): void {
    pod.node = node;
    this.#nodes.take(node, pod.shape);
    const here = this.#byNode.get(node) ?? new Set<Pod>();
    this.#byNode.set(node, here);
    here.add(pod);
    this.#start(pod, 0);
  }

  #start(pod: Pod, waitMs: Millis): void {
    this.#enter(pod, 'starting');
    this.#later(pod, waitMs + this.#draw(pod, 'start'), () => {
      if (pod.workload.behavior.isBroken) this.#crash(pod);
      else this.#becomeReady(pod);
    });
  }

  #becomeReady(pod: Pod): void {
    this.#enter(pod, 'ready');
    const { crash } = pod.workload.behavior;
    if (crash !== null) this.#later(pod, drawLatency(crash, this.#random), () => this.#crash(pod));
    else if (pod.workload.kind === 'Job')
      this.#later(pod, this.#draw(pod, 'run'), () => this.#finish(pod, 'succeeded'));
  }

  #crash(pod: Pod): void {
    if (pod.workload.kind === 'Job') {
      this.#finish(pod, 'failed');
      return;
    }
    pod.restarts += 1;
    const doublings = Math.min(pod.restarts - 2, 20);
    this.#start(pod, doublings < 0 ? 0 : Math.min(CRASH_WAIT_MAX_MS, CRASH_WAIT_MS * 2 ** doublings));
  }

  /** A job's pod is done; it needs no room any more, and only its count is kept. */
  #finish(pod: Pod, phase: 'succeeded' | 'failed'): void {
    if (phase === 'succeeded') pod.workload.succeeded += 1;
    else pod.workload.failed += 1;
    this.#leaveNode(pod);
    pod.workload.pods.delete(pod);
    this.#enter(pod, phase);
    this.retry();
  }

  #gone(pod: Pod): void {
    cancel(pod.timer);
    const before = pod.phase;
    if (pod.node === null) this.#leaveQueue(pod);
    else this.#leaveNode(pod);
    pod.phase = 'stopping';
    pod.workload.pods.delete(pod);
    this.#countServing(pod);
    // A pod that nobody owns is not made again.
    if (pod.workload.kind === 'Pod') pod.workload.failed += 1;
    this.#onChange(pod, before);
    this.retry();
  }

  #wait(pod: Pod): void {
    const waiting = this.#waiting.get(pod.shape.id) ?? new Set<Pod>();
    this.#waiting.set(pod.shape.id, waiting);
    waiting.add(pod);
    this.#countWaiting(pod, 1);
    this.#onChange(pod, null);
  }

  #leaveQueue(pod: Pod): void {
    const waiting = this.#waiting.get(pod.shape.id);
    if (waiting?.delete(pod)) this.#countWaiting(pod, -1);
    if (waiting?.size === 0) this.#waiting.delete(pod.shape.id);
  }

  #countWaiting({ shape }: Pod, sign: 1 | -1): void {
    this.#nodes.changed();
    for (const [column, amount] of shape.requests) {
      this.waitingFor[column] = (this.waitingFor[column] ?? 0) + sign * amount;
    }
  }

  #leaveNode(pod: Pod): void {
    if (pod.node === null) return;
    this.#nodes.give(pod.node, pod.shape);
    this.#byNode.get(pod.node)?.delete(pod);
    pod.node = null;
  }

  #enter(pod: Pod, phase: PodPhase): void {
    const before = pod.phase;
    pod.phase = phase;
    pod.since = this.#clock.now;
    cancel(pod.timer);
    pod.timer = null;
    this.#countServing(pod);
    this.#onChange(pod, before);
  }

  #countServing(pod: Pod): void {
    const serves = pod.phase === 'ready' && pod.node?.isReady === true && !this.#isOff;
    if (serves === pod.isServing) return;
    pod.isServing = serves;
    pod.workload.serving += serves ? 1 : -1;
    this.#onServing(pod.workload);
  }

  #later(pod: Pod, delayMs: Millis, run: () => void): void {
    pod.timer = this.#clock.after(delayMs, () => {
      pod.timer = null;
      run();
    });
  }

  #draw(pod: Pod, what: 'start' | 'stop' | 'run'): Millis {
    return drawLatency(pod.workload.behavior[what], this.#random);
  }
}

/** As long as the pod itself asks to endure an unreachable node, or as long as Kubernetes lets every pod. */
function evictionWaitOf({ shape, bound }: Pod): Millis {
  if (bound !== null) return FOR_EVER_MS;
  const own = shape.tolerations.find(({ key }) => key === 'node.kubernetes.io/unreachable');
  if (own === undefined) return EVICTION_WAIT_MS;
  return own.tolerationSeconds === undefined ? FOR_EVER_MS : own.tolerationSeconds * 1000;
}
