// All controllers of the control plane, in the order in which equals are worked on, and the processes in which they run.
import type { Controller } from '../control/controller.ts';
import type { IndexDefinition } from '../store/indexes.ts';
import { applicationFailover } from './application-failover.ts';
import { binding } from './binding.ts';
import { bindingStatus } from './binding-status.ts';
import { cluster } from './cluster.ts';
import { clusterLease, clusterMonitor } from './cluster-lease.ts';
import { clusterProfiles } from './cluster-profiles.ts';
import { clusterStatus } from './cluster-status.ts';
import { clusterTaints } from './cluster-taints.ts';
import { cronFederatedHpa } from './cron-federated-hpa.ts';
import { dependencies, dependencyNotes } from './dependencies.ts';
import { detector } from './detector.ts';
import { execution } from './execution.ts';
import { federatedHpa } from './federated-hpa.ts';
import { gracefulEviction } from './graceful-eviction.ts';
import { customizationsOf, interpreting } from './interpreting.ts';
import { namespaceSync } from './namespace.ts';
import { placementDecisions } from './placement-decisions.ts';
import { policyRelease } from './policy-release.ts';
import type { ControlPorts } from './ports.ts';
import { quotaStatus } from './quota-status.ts';
import { quotaSync } from './quota-sync.ts';
import { rebalancer } from './rebalancer.ts';
import { remedies } from './remedies.ts';
import { replicasSyncer } from './replicas-syncer.ts';
import { scaleTargetMarker } from './scale-target-marker.ts';
import { fleetStateOf } from './scheduler/fleet-state.ts';
import { follower } from './scheduler/follow.ts';
import { SCHEDULER_NAME } from './scheduler/mine.ts';
import { type ShadowFinding, shadowScheduler } from './scheduler/shadow.ts';
import { scheduler } from './scheduler.ts';
import { endpointSlice } from './services/endpoint-slice.ts';
import { endpointSliceCollect } from './services/endpoint-slice-collect.ts';
import { endpointSliceDispatch } from './services/endpoint-slice-dispatch.ts';
import { multiClusterService } from './services/multi-cluster-service.ts';
import { serviceExport } from './services/service-export.ts';
import { serviceImport } from './services/service-import.ts';
import { sheltered } from './shelter.ts';
import { stagedRollout } from './staged-rollout.ts';
import { strays } from './strays.ts';
import { taintManager } from './taint-manager.ts';
import { taintPolicy } from './taint-policy.ts';
import { unifiedAuth } from './unified-auth.ts';
import { workStatus } from './work-status.ts';

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
  return inShelter([scheduler(ports, fleet, schedulerName), follower(ports, fleet, schedulerName)]);
}

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
