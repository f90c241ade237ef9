// Which workloads of a group run where: what workload affinity and anti-affinity look at.
import type { ResourceBindingSpec, WorkloadAffinityGroups } from '../api/binding.ts';

export interface Peer {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly groups: WorkloadAffinityGroups;
  readonly clusters: readonly string[];
}

export function isSameWorkload(peer: Peer, { resource }: ResourceBindingSpec): boolean {
  return peer.namespace === (resource.namespace ?? '') && peer.kind === resource.kind && peer.name === resource.name;
}

/** Null for a workload that belongs to no group. */
export function peerOf(spec: ResourceBindingSpec, clusters: readonly string[]): Peer | null {
  const { resource, workloadAffinityGroups: groups } = spec;
  if (!groups?.affinityGroup && !groups?.antiAffinityGroup) return null;
  return { namespace: resource.namespace ?? '', kind: resource.kind, name: resource.name, groups, clusters };
}

/** The peers of a fleet, one entry a workload. */
export class PeerIndex {
  readonly #peers = new Map<string, Peer>();

  get peers(): readonly Peer[] {
    return [...this.#peers.values()];
  }

  /** Notes where a workload is now; forgets it where it belongs to no group. */
  note(spec: ResourceBindingSpec, clusters: readonly string[]): void {
    const { namespace = '', kind, name } = spec.resource;
    const key = JSON.stringify([namespace, kind, name]);
    const peer = peerOf(spec, clusters);
    if (peer === null) this.#peers.delete(key);
    else this.#peers.set(key, peer);
  }
}
