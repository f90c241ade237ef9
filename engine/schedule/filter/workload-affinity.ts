// Workloads of one affinity group stay together, those of one anti-affinity group apart; a workload that is already on
// a cluster passes. Groups count within a namespace. Both filters are behind Karmada's gate WorkloadAffinity.

import type { FleetView } from '../fleet-view.ts';
import { isSameWorkload, type Peer } from '../peers.ts';
import type { FilterPlugin } from '../plugin.ts';
import type { ScheduleRequest } from '../request.ts';

export const workloadAffinity: FilterPlugin = {
  name: 'WorkloadAffinity',
  reject(cluster, request, fleet) {
    const { name } = cluster.metadata;
    const group = request.spec.workloadAffinityGroups?.affinityGroup;
    if (!group || request.previous.has(name)) return null;
    const elsewhere = neighbours(request, fleet).find(
      ({ groups, clusters }) => groups.affinityGroup === group && clusters.length > 0 && !clusters.includes(name),
    );
    return elsewhere === undefined
      ? null
      : `${describe(elsewhere)} of the affinity group ${group} is not on this cluster`;
  },
};

export const workloadAntiAffinity: FilterPlugin = {
  name: 'WorkloadAntiAffinity',
  reject(cluster, request, fleet) {
    const { name } = cluster.metadata;
    const group = request.spec.workloadAffinityGroups?.antiAffinityGroup;
    if (!group || request.previous.has(name)) return null;
    const here = neighbours(request, fleet).find(
      ({ groups, clusters }) => groups.antiAffinityGroup === group && clusters.includes(name),
    );
    return here === undefined ? null : `${describe(here)} of the anti-affinity group ${group} is on this cluster`;
  },
};

const neighbours = ({ spec }: ScheduleRequest, { peers = [] }: FleetView): readonly Peer[] =>
  peers.filter((peer) => peer.namespace === (spec.resource.namespace ?? '') && !isSameWorkload(peer, spec));

const describe = ({ kind, name }: Peer): string => `${kind} ${name}`;
