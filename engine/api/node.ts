// Nodes and pods of a member cluster, cut to what an estimate of its room reads.
import type { Taint, Toleration } from '../kube/taint.ts';
import type { ResourceList } from './cluster.ts';

export interface MemberNode {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly unschedulable?: boolean; readonly taints?: readonly Taint[] };
  readonly status?: { readonly allocatable?: ResourceList };
}

export interface MemberContainer {
  readonly resources?: { readonly requests?: ResourceList };
  readonly restartPolicy?: string;
}

export interface MemberPod {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: {
    readonly nodeName?: string;
    readonly priority?: number;
    readonly containers?: readonly MemberContainer[];
    readonly initContainers?: readonly MemberContainer[];
    readonly overhead?: ResourceList;
    readonly tolerations?: readonly Toleration[];
  };
  readonly status?: { readonly phase?: string };
}

/** What is known of a cluster's inside. */
export interface ClusterInside {
  readonly nodes: readonly MemberNode[];
  readonly pods: readonly MemberPod[];
}
