// Plays a scenario in virtual time, and looks at it as often, and in the same way, as it is looked at live.
import type { Millis } from '../../engine/index.ts';
import type { Scenario } from '../format/scenario.ts';
import { Run } from '../run/run.ts';
import { type Recording, RecordingKeeper } from './recording.ts';

export function playSimulated(scenario: Scenario, untilMs: Millis, everyMs: Millis): Recording {
  const run = new Run(scenario, {
    onStory: ({ at, sort, id, text }) => {
      if (sort === 'event') keeper.event({ at, id, text });
    },
  });
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
  return keeper.finish(untilMs);
}
