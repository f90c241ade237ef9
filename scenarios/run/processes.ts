// The processes of the control plane in a simulation: those beside the hub, and an agent in each cluster that pulls.
import {
  type Controller,
  type ControlPorts,
  controllersOf,
  HUB,
  type IndexDefinition,
  Interpreter,
  nativeLayer,
  type Simulation,
  type TraceLine,
} from '../../engine/index.ts';
import { yamlCodec } from '../../executor/script/yaml-codec.ts';
import type { Scenario } from '../format/scenario.ts';

export const portsOf = ({ profile, scores }: Pick<Scenario, 'profile' | 'scores'>): ControlPorts => ({
  profile,
  interpreter: new Interpreter([nativeLayer]),
  yaml: yamlCodec,
  scores,
});

export interface Listening {
  readonly trace: (line: TraceLine) => void;
}

/** What runs beside the hub, and in clusters that pull. */
export interface ControlPlane {
  /** What its controllers' views are asked by. */
  readonly indexes: readonly IndexDefinition[];
  start(simulation: Simulation, ports: ControlPorts, listening: Listening): void;
  /** The agent of one cluster; it runs in the cluster. */
  startAgent(simulation: Simulation, ports: ControlPorts, cluster: string, listening: Listening): void;
  /** What a process of that name runs. */
  controllersOf(process: string, ports: ControlPorts): readonly Controller[];
}

export const agentName = (cluster: string): string => `agent/${cluster}`;

export const CONTROL_PLANE: ControlPlane = {
  indexes: [],
  start(simulation, ports, listening) {
    simulation.addProcess({ name: 'controller-manager', at: HUB, controllers: controllersOf(ports), ...listening });
  },
  startAgent() {},
  controllersOf: (_process, ports) => controllersOf(ports),
};
