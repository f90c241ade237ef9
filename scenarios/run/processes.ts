// The processes of the control plane in a simulation: those beside the hub, and an agent in each cluster that pulls.
import {
  agentControllersOf,
  builtInLayers,
  type Controller,
  type ControlPorts,
  HUB,
  type IndexDefinition,
  Interpreter,
  indexesOf,
  MUSTER_PROFILE,
  memberPlace,
  processesOf,
  type Simulation,
  type TraceLine,
} from '../../engine/index.ts';
import { timeZones } from '../../executor/script/time-zones.ts';
import { yamlCodec } from '../../executor/script/yaml-codec.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { Scenario } from '../format/scenario.ts';

export const portsOf = ({ profile, scores }: Pick<Scenario, 'profile' | 'scores'>): ControlPorts => ({
  profile,
  interpreter: new Interpreter(builtInLayers),
  yaml: yamlCodec,
  scores,
  zones: timeZones,
});

export interface Listening {
  readonly trace: (line: TraceLine) => void;
}

/** What runs beside the hub, and in clusters that pull. */
export interface ControlPlane {
  /** What its controllers' views are asked by. */
  indexesOf(ports: ControlPorts): readonly IndexDefinition[];
  start(simulation: Simulation, ports: ControlPorts, listening: Listening): void;
  /** The agent of one cluster; it runs in the cluster. */
  startAgent(simulation: Simulation, ports: ControlPorts, cluster: string, listening: Listening): void;
  /** What a process of that name runs. */
  controllersOf(process: string, ports: ControlPorts): readonly Controller[];
}

const AGENT = 'agent/';

export const agentName = (cluster: string): string => `${AGENT}${cluster}`;

export const isAgentName = (process: string): boolean => process.startsWith(AGENT);

/** What runs beside the hub, and in those of the clusters that pull; the same with every profile. */
export const processNames = (clusters: readonly FleetCluster[]): readonly string[] => [
  ...processesOf(portsOf({ profile: MUSTER_PROFILE, scores: [] })).map(({ name }) => name),
  ...clusters.filter(({ mode }) => mode === 'Pull').map(({ name }) => agentName(name)),
];

export const CONTROL_PLANE: ControlPlane = {
  indexesOf,
  start(simulation, ports, listening) {
    for (const process of processesOf(ports)) simulation.addProcess({ ...process, at: HUB, ...listening });
  },
  startAgent(simulation, ports, cluster, listening) {
    const controllers = agentControllersOf(ports, cluster);
    simulation.addProcess({ name: agentName(cluster), at: memberPlace(cluster), controllers, ...listening });
  },
  controllersOf(process, ports) {
    if (isAgentName(process)) return agentControllersOf(ports, process.slice(AGENT.length));
    return processesOf(ports).find(({ name }) => name === process)?.controllers ?? [];
  },
};
