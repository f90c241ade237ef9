// How a member looks to people: what it shows of its workloads besides their statuses. It works the same whether anybody
// shows anything or not, and the members of simulations show nothing.
import type { KubeObject } from '../../kube/meta.ts';
import type { SimulatedApi } from '../api.ts';
import type { Clock } from '../clock.ts';
import type { Nodes } from './nodes.ts';
import type { Pod, PodPhase } from './pod.ts';
import type { Pods } from './pods.ts';
import type { Fields, Workload } from './workload.ts';

/** What there is to show. */
export interface Inside {
  readonly api: SimulatedApi;
  readonly clock: Clock;
  readonly nodes: Nodes;
  readonly pods: Pods;
}

export interface Showing {
  /** Something about a pod is different; `before` is null for one that is new. */
  showPod(pod: Pod, before: PodPhase | null): void;
  /** Whether an object only stands for what another workload has, and makes no pods itself. */
  standsForOthers(collection: string, object: KubeObject): boolean;
  /** The number of a template that a workload has got: one that it did not have, unless it has had this very template before. */
  revisionOf(workload: Workload, template: unknown): number;
  /** Writes what a workload's status is to be, and what is to be shown with it. */
  writeStatus(workload: Workload, status: Fields): void;
  /** Completes an object that the member itself writes. */
  complete(collection: string, object: KubeObject): KubeObject;
}
