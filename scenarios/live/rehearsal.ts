// What each line of a timeline would do, found out by letting it do so where nothing happens.
import { type Fault, type KubeObject, type Millis, type ObjectKey, processesOf, Random } from '../../engine/index.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { Scenario, TimelineEntry } from '../format/scenario.ts';
import { portsOf } from '../run/processes.ts';
import type { Scene } from '../run/scene.ts';

/** All that runs beside the hub is one process, live. */
export const LIVE_PROCESS = 'control-plane';

export interface Wishes {
  readonly entry: TimelineEntry;
  /** In some cluster. */
  readonly faults: readonly Fault[];
  /** Elsewhere. */
  readonly faultsAnywhere: readonly Fault[];
  readonly resizes: boolean;
  readonly demands: boolean;
  readonly joins: readonly FleetCluster[];
  readonly applies: readonly KubeObject[];
}

export function rehearse(scenario: Scenario): readonly Wishes[] {
  const random = new Random(scenario.seed).stream('rehearsal');
  const processes = [LIVE_PROCESS, ...processesOf(portsOf(scenario)).map(({ name }) => name)];
  const clusters = [...scenario.clusters];
  return scenario.steps.flatMap(({ entries }) =>
    entries.map((entry): Wishes => {
      const faults: Fault[] = [];
      const faultsAnywhere: Fault[] = [];
      const joins: FleetCluster[] = [];
      const applies: KubeObject[] = [];
      let resizes = false;
      let demands = false;
      const scene: Scene = {
        ...EMPTY,
        now: scenario.start,
        clusters,
        processes,
        readyNodes: (name) =>
          (clusters.find((one) => one.name === name)?.nodes ?? []).flatMap((pool) =>
            Array.from({ length: pool.count }, (_, at) => `${pool.name}-${at}`),
          ),
        inject: (_cluster, fault) => void faults.push(fault),
        injectAnywhere: (fault) => void faultsAnywhere.push(fault),
        resize: () => {
          resizes = true;
        },
        demand: () => {
          demands = true;
        },
        join: (cluster) => void joins.push(cluster),
        apply: (object): ObjectKey | null => {
          applies.push(object);
          return scenario.keyOf(object);
        },
      };
      entry.action.perform(scene, random);
      clusters.push(...joins);
      return { entry, faults, faultsAnywhere, resizes, demands, joins, applies };
    }),
  );
}

const nothing = (): void => {};

const EMPTY = {
  after: (_ms: Millis, _run: () => void): void => {},
  countUp: () => 1,
  hold: nothing,
  release: () => 0,
  vacate: nothing,
  reopen: nothing,
  leave: nothing,
  changeCluster: nothing,
  change: nothing,
  delete: nothing,
  scale: nothing,
  refuse: nothing,
} satisfies Partial<Scene>;
