// Plays a scenario in virtual time, on the clusters that it was played on live, and looks at it as often, and in the same way, as it
// was looked at there.
import type { Millis } from '../../engine/index.ts';
import type { Finding } from '../expect/judge.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { Scenario } from '../format/scenario.ts';
import { CONTROL_PLANE } from '../run/processes.ts';
import { Run } from '../run/run.ts';
import { type Recording, RecordingKeeper } from './recording.ts';

export interface SimulatedOptions {
  readonly untilMs: Millis;
  readonly everyMs: Millis;
  /** What clusters really are, by name; others are as the scenario says. */
  readonly found: ReadonlyMap<string, FleetCluster>;
}

export interface SimulatedPlay {
  readonly recording: Recording;
  readonly findings: readonly Finding[];
}

export function playSimulated(scenario: Scenario, { untilMs, everyMs, found }: SimulatedOptions): SimulatedPlay {
  const run = new Run(
    scenario,
    {
      onStory: ({ at, sort, id, text }) => {
        if (sort === 'event') keeper.event({ at, id, text });
      },
    },
    CONTROL_PLANE,
    (cluster) => found.get(cluster.name) ?? cluster,
  );
  const keeper = new RecordingKeeper({
    hub: run.simulation.world.hub.store,
    keyOf: ({ apiVersion, kind, namespace, name }) =>
      scenario.keyOf({ apiVersion, kind, metadata: { ...(namespace !== '' && { namespace }), name } }),
    servingOf: (key) => run.facts.workload(key)?.serving ?? new Map(),
  });
  for (let at = 0; at <= untilMs; at += everyMs) {
    run.advance(at);
    keeper.look(at);
  }
  run.advance(untilMs);
  return { recording: keeper.finish(untilMs), findings: run.finish().findings };
}
