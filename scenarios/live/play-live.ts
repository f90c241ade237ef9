// Plays a scenario on a fleet of real processes, in real time: a hub, the control plane's own controllers, and members, made for
// it and gone with it.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, COLLECTIONS, findCondition, type Millis, Random } from '../../engine/index.ts';
import { startLocalHub } from '../../executor/commands/up/local-hub.ts';
import { type ControlPlane, pickControllers, startControlPlane } from '../../executor/live/control-plane.ts';
import { CommandError } from '../../executor/terminal/command.ts';
import { formatDuration } from '../../executor/terminal/duration.ts';
import type { Scenario } from '../format/scenario.ts';
import { portsOf } from '../run/processes.ts';
import { Timeline } from '../run/timeline.ts';
import { LiveFleet } from './live-fleet.ts';
import { LiveStage } from './live-stage.ts';
import { type Recording, RecordingKeeper } from './recording.ts';

export interface LiveOptions {
  readonly untilMs: Millis;
  /** How often it is looked. */
  readonly everyMs: Millis;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  /** What the timeline does, as it does it. */
  readonly onEvent: (at: Millis, text: string) => void;
}

/** Until all clusters are found ready with their room. */
const READY_MS = 120_000;

export async function playLive(scenario: Scenario, options: LiveOptions): Promise<Recording> {
  const { untilMs, everyMs, signal, say, onEvent } = options;
  const ports = portsOf(scenario);
  const ends: (() => Promise<unknown>)[] = [];
  try {
    const hub = await startLocalHub('memory', 0, say);
    ends.push(() => hub.close());
    let plane: ControlPlane | null = null;
    const begin = (): void => {
      plane = startControlPlane({ hub: hub.client, controllers: pickControllers(ports, null) });
    };
    const fleet = new LiveFleet({ hub, ports, behaviors: scenario.behaviors });
    ends.push(() => fleet.close());
    begin();
    ends.push(async () => plane?.stop());
    let begun: number | null = null;
    const elapsed = (): Millis => (begun === null ? 0 : Math.round(performance.now() - begun));
    const stage = new LiveStage({
      hub,
      fleet,
      keyOf: scenario.keyOf,
      start: scenario.start,
      elapsed,
      restart: (forMs) => {
        const ending = plane?.stop() ?? Promise.resolve();
        plane = null;
        stage.after(forMs, () => void ending.then(begin));
      },
      onRefusal: (message) => say(`refused: ${message}`),
    });
    ends.push(() => stage.end());
    say(`starts ${scenario.clusters.length} clusters`);
    await Promise.all(scenario.clusters.map((cluster) => stage.admit(cluster)));
    await untilReady(hub.store, scenario.clusters.length, signal);

    const keeper = new RecordingKeeper({
      hub: hub.store,
      keyOf: ({ apiVersion, kind, namespace, name }) =>
        scenario.keyOf({ apiVersion, kind, metadata: { ...(namespace !== '' && { namespace }), name } }),
      servingOf: (key) => fleet.servingOf(key),
    });
    const timeline = new Timeline(scenario, {
      scene: stage,
      calls: null,
      random: new Random(scenario.seed).stream('timeline'),
      changedAt: () => stage.now,
      during: (_, perform) => perform(),
      onEvent: (id, text) => {
        keeper.event({ at: elapsed(), id, text });
        onEvent(elapsed(), text);
      },
      onUnrest: () => {},
    });
    say(`plays ${formatDuration(untilMs)} in real time`);
    begun = performance.now();
    stage.begin(scenario.objects);
    timeline.begin();
    for (let at = 0; at <= untilMs && !signal.aborted; at += everyMs) {
      await sleep(Math.max(0, at - elapsed()), undefined, { signal }).catch(() => {});
      keeper.look(elapsed());
    }
    return keeper.finish(elapsed());
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

type Store = Awaited<ReturnType<typeof startLocalHub>>['store'];

async function untilReady(hub: Store, count: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + READY_MS;
  for (;;) {
    const clusters = hub.list(COLLECTIONS.clusters) as unknown as readonly Cluster[];
    const ready = clusters.filter(
      ({ status }) =>
        findCondition(status?.conditions, 'Ready')?.status === 'True' && status?.resourceSummary !== undefined,
    );
    if (ready.length === count || signal.aborted) return;
    if (performance.now() > deadline) {
      throw new CommandError(`only ${ready.length} of ${count} clusters are ready after ${formatDuration(READY_MS)}`);
    }
    await sleep(200, undefined, { signal }).catch(() => {});
  }
}
