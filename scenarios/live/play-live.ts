// Plays a scenario on real clusters, in real time: a hub and the control plane's own controllers in this process, and members of
// whatever sort, made or borrowed for it, and gone or left with it.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, COLLECTIONS, findCondition, type Millis, Random } from '../../engine/index.ts';
import { type LocalHub, startLocalHub } from '../../executor/commands/up/local-hub.ts';
import { type ControlPlane, pickControllers, startControlPlane } from '../../executor/live/control-plane.ts';
import { MemberError } from '../../executor/members/member.ts';
import { formatDuration } from '../../executor/terminal/duration.ts';
import { type Finding, Judge } from '../expect/judge.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { Scenario } from '../format/scenario.ts';
import { LiveFacts } from '../run/live-facts.ts';
import { portsOf } from '../run/processes.ts';
import { findingText } from '../run/run.ts';
import { Timeline } from '../run/timeline.ts';
import { whyNotJudged } from './expectations.ts';
import { textOf } from './hub-writes.ts';
import { allOf, LiveFleet } from './live-fleet.ts';
import type { LiveMembers } from './live-members.ts';
import { LiveStage } from './live-stage.ts';
import { type Recording, RecordingKeeper } from './recording.ts';

export interface LiveOptions {
  readonly members: LiveMembers;
  readonly untilMs: Millis;
  /** How often it is looked. */
  readonly everyMs: Millis;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  /** What the timeline does, as it does it. */
  readonly onEvent: (at: Millis, text: string) => void;
}

export interface LivePlay {
  readonly recording: Recording;
  /** Of the expectations that can be judged live. */
  readonly findings: readonly Finding[];
  /** What its clusters really were, by name. */
  readonly found: ReadonlyMap<string, FleetCluster>;
}

type End = () => Promise<unknown>;

/** Until all clusters are found ready with their room. */
const READY_MS = 120_000;

export async function playLive(scenario: Scenario, options: LiveOptions): Promise<LivePlay> {
  const ends: End[] = [];
  const left: string[] = [];
  let played: LivePlay;
  try {
    played = await play(scenario, options, ends);
  } finally {
    for (const end of ends.toReversed()) await end().catch((error: unknown) => left.push(textOf(error)));
    for (const one of left) options.say(`not in good order: ${one}`);
  }
  if (left.length > 0) throw new MemberError(`it did not end in good order: ${left.join('; ')}`);
  return played;
}

async function play(scenario: Scenario, options: LiveOptions, ends: End[]): Promise<LivePlay> {
  const { members, untilMs, everyMs, signal, say, onEvent } = options;
  const ports = portsOf(scenario);
  const hub = await startLocalHub({ storage: 'memory', port: 0, profile: ports.profile, say });
  ends.push(() => hub.close());
  let plane: ControlPlane | null = null;
  const begin = (): void => {
    plane ??= startControlPlane({ hub: hub.client, controllers: pickControllers(ports, null) });
  };
  const fleet = new LiveFleet({ hub, ports, members });
  ends.push(() => fleet.close());
  begin();
  ends.push(async () => plane?.stop());
  ends.push(() => {
    begin();
    return fleet.leave();
  });
  let begun: number | null = null;
  const elapsed = (): Millis => (begun === null ? 0 : Math.round(performance.now() - begun));
  const stage = new LiveStage({
    hub,
    fleet,
    sort: members.sort,
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
  await allOf(scenario.clusters.map((cluster) => stage.admit(cluster)));
  await untilReady(hub, scenario.clusters.length, signal);

  const facts: LiveFacts = new LiveFacts(stage, {
    touch: (topic) => judge.touch(topic),
    touchWorkload: () => {},
    hold: () => {},
    calls: () => 0,
  });
  const judge = new Judge(
    scenario.expectations.filter((one) => whyNotJudged(one) === null),
    {
      facts,
      now: elapsed,
      after: (ms, run) => stage.after(ms, run),
      onFinding: (finding) => {
        if (!finding.ok) onEvent(elapsed(), `not as expected: ${findingText(finding)}`);
      },
    },
  );
  const keeper = new RecordingKeeper({
    hub: hub.store,
    keyOf: ({ apiVersion, kind, namespace, name }) =>
      scenario.keyOf({ apiVersion, kind, metadata: { ...(namespace !== '' && { namespace }), name } }),
    servingOf: (key) => facts.workload(key)?.serving ?? new Map(),
  });
  const timeline = new Timeline(scenario, {
    scene: stage,
    calls: null,
    random: new Random(scenario.seed).stream('timeline'),
    changedAt: () => facts.changedAt,
    during: (_, perform) => perform(),
    onEvent: (id, text) => {
      keeper.event({ at: elapsed(), id, text });
      onEvent(elapsed(), text);
      if (id !== null) judge.happened(id);
    },
    onUnrest: () => {},
  });
  say(`plays ${formatDuration(untilMs)} in real time`);
  begun = performance.now();
  stage.begin(scenario.objects);
  judge.begin();
  timeline.begin();
  for (let at = 0; at <= untilMs && !signal.aborted; at += everyMs) {
    await sleep(Math.max(0, at - elapsed()), undefined, { signal }).catch(() => {});
    keeper.look(elapsed());
    judge.settle();
  }
  const findings = judge.end(untilMs < scenario.durationMs || signal.aborted);
  return { recording: keeper.finish(elapsed()), findings, found: stage.found };
}

async function untilReady({ store }: LocalHub, count: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + READY_MS;
  for (;;) {
    const clusters = store.list(COLLECTIONS.clusters) as unknown as readonly Cluster[];
    const ready = clusters.filter(
      ({ status }) =>
        findCondition(status?.conditions, 'Ready')?.status === 'True' && status?.resourceSummary !== undefined,
    );
    if (ready.length === count || signal.aborted) return;
    if (performance.now() > deadline) {
      throw new MemberError(`only ${ready.length} of ${count} clusters are ready after ${formatDuration(READY_MS)}`);
    }
    await sleep(200, undefined, { signal }).catch(() => {});
  }
}
