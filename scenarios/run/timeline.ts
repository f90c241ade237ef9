// Plays the timeline: each step's lines at their moments, then, where a step ends so, waits until nothing changes any more.
import { drawFaults, HUB, type Millis, memberPlace, type Random, type Simulation } from '../../engine/index.ts';
import type { Rest, Scenario, TimelineEntry, WriteTrigger } from '../format/scenario.ts';
import { momentsOf } from '../format/timing.ts';
import type { Scene } from './scene.ts';

export interface TimelinePorts {
  readonly scene: Scene;
  /** Where lines wait for writes; null where nobody sees them coming. */
  readonly calls: Pick<Simulation['calls'], 'onArrival'> | null;
  readonly random: Random;
  /** When anything but heartbeats last changed. */
  readonly changedAt: () => Millis;
  /** Does what a line says; all that goes wrong by it is one fault. */
  readonly during: (id: string | null, perform: () => string) => string;
  /** An event happened, and what it was in words. */
  readonly onEvent: (id: string | null, text: string) => void;
  /** It did not come to rest in time. */
  readonly onUnrest: (rest: Rest) => void;
}

export class Timeline {
  readonly #scenario: Scenario;
  readonly #ports: TimelinePorts;
  /** Which step is played, and how many of its lines are still to come. */
  #step = -1;
  #left = 0;
  #triggers: { readonly entry: TimelineEntry; readonly trigger: WriteTrigger; seen: number }[] = [];
  #listens = false;

  constructor(scenario: Scenario, ports: TimelinePorts) {
    this.#scenario = scenario;
    this.#ports = ports;
  }

  /** At the start of the scenario. */
  begin(): void {
    this.#planSwarm();
    this.#next();
  }

  /** Whatever still waits for a write never comes. */
  end(): void {
    this.#triggers = [];
  }

  #next(): void {
    this.#step += 1;
    const step = this.#scenario.steps[this.#step];
    if (step === undefined) return;
    const { scene, random } = this.#ports;
    const begun = scene.now;
    const { start, durationMs } = this.#scenario;
    const leftMs = start + durationMs - begun;
    this.#left = 0;
    for (const entry of step.entries) {
      if (entry.trigger !== null) {
        this.#await(entry, entry.trigger);
        continue;
      }
      const own = random.stream(`event/${entry.number}`);
      const moments = momentsOf(entry.timed, leftMs, own.stream('moments'));
      this.#left += moments.length;
      for (const at of moments) {
        scene.after(at, () => {
          this.#perform(entry, own);
          this.#left -= 1;
          this.#restIfDone();
        });
      }
    }
    this.#restIfDone();
  }

  #perform(entry: TimelineEntry, random: Random): void {
    const { scene, during, onEvent } = this.#ports;
    onEvent(
      entry.id,
      during(entry.id, () => entry.action.perform(scene, random)),
    );
  }

  #restIfDone(): void {
    const rest = this.#scenario.steps[this.#step]?.rest ?? null;
    if (this.#left > 0 || rest === null) return;
    const { scene, changedAt, onEvent, onUnrest } = this.#ports;
    const begun = scene.now;
    const look = () => {
      const since = Math.max(changedAt(), begun);
      if (scene.now >= since + rest.forMs) {
        onEvent(rest.id, 'all is at rest');
        this.#next();
      } else if (since + rest.forMs > begun + rest.withinMs) {
        onUnrest(rest);
        this.#next();
      } else scene.after(since + rest.forMs - scene.now, look);
    };
    scene.after(rest.forMs, look);
  }

  #await(entry: TimelineEntry, trigger: WriteTrigger): void {
    this.#triggers.push({ entry, trigger, seen: 0 });
    if (this.#listens) return;
    this.#listens = true;
    const { calls, random } = this.#ports;
    calls?.onArrival(({ to, verb, collection }, moment) => {
      if (this.#triggers.length === 0 || verb === 'list' || verb === 'watch') return false;
      let isLost = false;
      for (const waiting of [...this.#triggers]) {
        const { trigger: wanted } = waiting;
        const place = wanted.cluster === null ? HUB : memberPlace(wanted.cluster);
        if (to !== place || moment !== wanted.moment || collection !== wanted.collection) continue;
        if (wanted.verb !== null && verb !== wanted.verb) continue;
        waiting.seen += 1;
        if (waiting.seen < wanted.occurrence) continue;
        this.#triggers = this.#triggers.filter((one) => one !== waiting);
        this.#perform(waiting.entry, random.stream(`event/${waiting.entry.number}`));
        isLost ||= moment === 'before';
      }
      return isLost;
    });
  }

  #planSwarm(): void {
    const { swarm, start } = this.#scenario;
    if (swarm === null) return;
    const { scene, random, during, onEvent } = this.#ports;
    const planned = drawFaults(random.stream('swarm'), {
      clusters: scene.clusters.map(({ name }) => name),
      processes: scene.processes,
      from: start + swarm.from,
      until: start + swarm.to,
      faults: swarm.faults,
      longestMs: swarm.longestMs,
    });
    for (const { at, fault } of planned) {
      scene.after(at - scene.now, () => {
        const strike = () => {
          scene.injectAnywhere(fault, null);
          return `a fault of the swarm: ${fault.fault}`;
        };
        onEvent(null, during(null, strike));
      });
    }
  }
}
