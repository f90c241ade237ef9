// All controllers of the control plane, in the order in which equals are worked on, and the processes in which they run.
import type { Controller } from '../control/controller.ts';
import type { IndexDefinition } from '../store/indexes.ts';
import { cronFederatedHpa } from './autoscale/cron-federated-hpa.ts';
import { federatedHpa } from './autoscale/federated-hpa.ts';
import { replicasSyncer } from './autoscale/replicas-syncer.ts';
import { scaleTargetMarker } from './autoscale/scale-target-marker.ts';
import { cluster } from './clusters/cluster.ts';
import { clusterLease, clusterMonitor } from './clusters/cluster-lease.ts';
import { clusterStatus } from './clusters/cluster-status.ts';
import { clusterTaints } from './clusters/cluster-taints.ts';
import { remedies } from './clusters/remedies.ts';
import { taintPolicy } from './clusters/taint-policy.ts';
import { unifiedAuth } from './clusters/unified-auth.ts';
import { applicationFailover } from './evictions/application-failover.ts';
import { gracefulEviction } from './evictions/graceful-eviction.ts';
import { taintManager } from './evictions/taint-manager.ts';
import { customizationsOf, interpreting } from './interpreting.ts';
import { execution } from './members/execution.ts';
import { strays } from './members/strays.ts';
import { workStatus } from './members/work-status.ts';
import { clusterProfiles } from './neighbours/cluster-profiles.ts';
import { placementDecisions } from './neighbours/placement-decisions.ts';
import { dependencies, dependencyNotes } from './policies/dependencies.ts';
import { detector } from './policies/detector.ts';
import { policyRelease } from './policies/policy-release.ts';
import type { ControlPorts } from './ports.ts';
import { quotaStatus } from './quotas/quota-status.ts';
import { quotaSync } from './quotas/quota-sync.ts';
import { stagedRollout } from './rollout/staged-rollout.ts';
import { DESCHEDULER, descheduler } from './scheduling/descheduler.ts';
import { rebalancer } from './scheduling/rebalancer.ts';
import { fleetStateOf } from './scheduling/scheduler/fleet-state.ts';
import { follower } from './scheduling/scheduler/follow.ts';
import { SCHEDULER_NAME } from './scheduling/scheduler/mine.ts';
import { type ShadowFinding, shadowScheduler } from './scheduling/scheduler/shadow.ts';
import { scheduler } from './scheduling/scheduler.ts';
import { endpointSlice } from './services/endpoint-slice.ts';
import { endpointSliceCollect } from './services/endpoint-slice-collect.ts';
import { endpointSliceDispatch } from './services/endpoint-slice-dispatch.ts';
import { multiClusterService } from './services/multi-cluster-service.ts';
import { serviceExport } from './services/service-export.ts';
import { serviceImport } from './services/service-import.ts';
import { sheltered } from './shelter.ts';
import { binding } from './works/binding.ts';
import { bindingStatus } from './works/binding-status.ts';
import { namespaceSync } from './works/namespace.ts';

export interface ControlProcess {
  readonly name: string;
  readonly controllers: readonly Controller[];
}

const inShelter = (controllers: readonly Controller[]): readonly Controller[] => controllers.map(sheltered);

/** Those that run beside the hub: they restart one by one. */
export const processesOf = (ports: ControlPorts): readonly ControlProcess[] => [
  { name: 'controller-manager', controllers: inShelter(managersOf(ports)) },
  { name: 'scheduler', controllers: schedulersOf(ports, SCHEDULER_NAME) },
];

function managersOf(ports: ControlPorts): readonly Controller[] {
  const customizations = customizationsOf(ports);
  const asking = (make: (ports: ControlPorts) => Controller) => interpreting(make, ports, customizations);
  return [
    cluster,
    clusterStatus(ports),
    clusterMonitor(ports),
    clusterTaints(ports),
    taintPolicy(ports),
    remedies,
    taintManager(ports),
    applicationFailover(ports),
    gracefulEviction(ports),
    asking(detector),
    policyRelease,
    asking(dependencyNotes),
    dependencies(ports),
    rebalancer,
    federatedHpa(ports),
    cronFederatedHpa(ports),
    namespaceSync(ports),
    quotaSync,
    quotaStatus(ports),
    clusterProfiles(ports),
    placementDecisions(ports),
    unifiedAuth,
    scaleTargetMarker(ports),
    replicasSyncer(ports),
    asking(stagedRollout),
    multiClusterService(ports),
    serviceImport,
    asking(binding),
    asking(execution),
    asking(workStatus),
    strays(ports),
    asking(bindingStatus),
    serviceExport(),
    endpointSlice(ports),
    endpointSliceCollect(ports),
    endpointSliceDispatch(ports),
  ];
}

/** What decides and what follows the fleet share what they know of it. */
export function schedulersOf(ports: ControlPorts, schedulerName: string): readonly Controller[] {
  const fleet = fleetStateOf(ports);
  return inShelter([
    scheduler(ports, fleet, schedulerName),
    follower(ports, fleet, schedulerName),
    descheduler(ports, fleet, schedulerName),
  ]);
}

/** Those of them that ask no member anything. */
export const schedulersOnHubOf = (ports: ControlPorts, schedulerName: string): readonly Controller[] =>
  schedulersOf(ports, schedulerName).filter(({ name }) => name !== DESCHEDULER);

/** Decides as the scheduler would, and writes nothing. */
export const shadowOf = (
  ports: ControlPorts,
  schedulerName: string,
  tell: (finding: ShadowFinding) => void,
): Controller => sheltered(shadowScheduler(fleetStateOf(ports), schedulerName, tell));

/** All of them, for one process. */
export const controllersOf = (ports: ControlPorts): readonly Controller[] =>
  processesOf(ports).flatMap(({ controllers }) => controllers);

/** What runs in a member that pulls, for that member alone. */
export function agentControllersOf(ports: ControlPorts, name: string): readonly Controller[] {
  const customizations = customizationsOf(ports);
  return inShelter([
    clusterLease(ports, name),
    clusterStatus(ports, name),
    interpreting((known) => execution(known, name), ports, customizations),
    interpreting((known) => workStatus(known, name), ports, customizations),
    strays(ports),
    serviceExport(name),
    endpointSliceCollect(ports, name),
  ]);
}

/** Every index that any of them needs. */
export function indexesOf(ports: ControlPorts): readonly IndexDefinition[] {
  const all = [...controllersOf(ports), ...agentControllersOf(ports, '')].flatMap(({ indexes = [] }) => indexes);
  return all.filter(
    (one, at) => all.findIndex((other) => other.name === one.name && other.collection === one.collection) === at,
  );
}
