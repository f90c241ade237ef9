// One run of a scenario: builds its world, lets the fleet settle, plays the timeline, judges and tells. It goes on as far as it
// is asked to, so that whoever drives it can show how far it is, stop it, or look at it in between.
import {
  type Cluster,
  COLLECTIONS,
  formatTraceLine,
  HUB,
  type Millis,
  Random,
  type Simulation,
  type TraceLine,
} from '../../engine/index.ts';
import { formatDuration } from '../../executor/terminal/duration.ts';
import { type Finding, Judge, valueText } from '../expect/judge.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { Rest, Scenario } from '../format/scenario.ts';
import { CallCounts } from '../metrics/calls.ts';
import { MetricKeeper } from '../metrics/keeper.ts';
import type { RunFigures } from '../metrics/names.ts';
import { decidedIn, standingOf } from '../metrics/notice.ts';
import { RunMetrics } from '../metrics/read.ts';
import { AroundFailures, type Surroundings } from './around.ts';
import { Deeds } from './deeds.ts';
import './inlining.ts';
import { LiveFacts } from './live-facts.ts';
import { Narrator } from './narrator.ts';
import { agentName, CONTROL_PLANE, type ControlPlane, portsOf } from './processes.ts';
import { Stage } from './stage.ts';
import { Timeline } from './timeline.ts';
import { addMember, createWorld } from './world.ts';

export type StorySort = 'event' | 'news' | 'refusal' | 'finding';

/** Something that a reader of the run should know. */
export interface StoryLine {
  /** After the start. */
  readonly at: Millis;
  readonly sort: StorySort;
  readonly id: string | null;
  readonly text: string;
  readonly ok: boolean;
}

export interface RunSinks {
  /** Every line of the trace, without a line end. */
  readonly onTrace?: (line: string) => void;
  /** What is in a trace: the controllers' steps and their results, or also everything they saw. */
  readonly traceDetail?: 'steps' | 'full';
  readonly onStory?: (line: StoryLine) => void;
  /** Every line as it is, at the moment at which it happens. */
  readonly onLine?: (line: TraceLine) => void;
}

export interface RunOutcome {
  readonly findings: readonly Finding[];
  readonly figures: RunFigures;
  /** What the controllers did around each failure. */
  readonly around: ReadonlyMap<Finding, Surroundings>;
  readonly story: readonly StoryLine[];
  /** Steps that did not come to rest. */
  readonly unrest: readonly Rest[];
  readonly ok: boolean;
  readonly endedAt: Millis;
  /** Events that were simulated. */
  readonly events: number;
  readonly calls: number;
}

export class Run {
  readonly scenario: Scenario;
  readonly simulation: Simulation;
  readonly stage: Stage;
  readonly facts: LiveFacts;
  readonly #sinks: RunSinks;
  readonly #judge: Judge;
  readonly #narrator: Narrator;
  readonly #metrics: MetricKeeper;
  readonly #calls: CallCounts;
  readonly #timeline: Timeline;
  readonly #story: StoryLine[] = [];
  readonly #unrest: Rest[] = [];
  readonly #failures = new AroundFailures();
  readonly #around = new Map<Finding, Surroundings>();
  readonly #deeds = new Deeds();
  readonly #endAt: Millis;

  constructor(
    scenario: Scenario,
    sinks: RunSinks = {},
    controlPlane: ControlPlane = CONTROL_PLANE,
    found: (cluster: FleetCluster) => FleetCluster = (written) => written,
  ) {
    this.scenario = scenario;
    this.#sinks = sinks;
    this.#endAt = scenario.start + scenario.durationMs;
    const ports = portsOf(scenario);
    const simulation = createWorld(scenario, controlPlane.indexesOf(ports));
    this.simulation = simulation;
    const listening = { trace: (line: TraceLine) => this.#trace(line) };
    this.stage = new Stage({
      simulation,
      admit: (cluster) => {
        this.#metrics.join(cluster);
        addMember(simulation, cluster, scenario);
        if (cluster.mode === 'Pull') controlPlane.startAgent(simulation, ports, cluster.name, listening);
      },
      dismiss: (name) => {
        simulation.removeProcess(agentName(name));
        simulation.world.removeMember(name);
      },
      found,
      keyOf: scenario.keyOf,
      onStrike: (cluster) => this.#metrics.faults.strike(cluster),
      onRefusal: (message) => this.#tell('refusal', null, message, false),
    });
    this.facts = new LiveFacts(this.stage, {
      touch: (topic) => this.#judge.touch(topic),
      touchWorkload: (key) => {
        this.#narrator.touch(key);
        this.#metrics.touch(key);
      },
      hold: (...held) => this.#metrics.hold(...held),
      calls: (...asked) => this.#calls.of(...asked),
    });
    this.#calls = new CallCounts(simulation.calls);
    this.#metrics = new MetricKeeper({
      now: () => simulation.now,
      start: scenario.start,
      workload: (key) => this.facts.workload(key),
      cluster: (name) => this.stage.cluster(name),
      calls: () => simulation.calls.count,
    });
    simulation.onChange(({ collection, type, object }, place) => {
      if (place !== HUB || collection !== COLLECTIONS.clusters) return;
      this.#metrics.faults.see(
        object.metadata.name,
        standingOf(type === 'DELETED' ? null : (object as unknown as Cluster)),
      );
    });
    this.#narrator = new Narrator({
      simulation,
      workload: (key) => this.facts.workload(key),
      tell: (text) => this.#tell('news', null, text, true),
    });
    this.#judge = new Judge(scenario.expectations, {
      facts: this.facts,
      now: () => this.elapsed,
      after: (ms, run) => this.stage.after(ms, run),
      onFinding: (finding) => {
        if (finding.ok) return;
        this.#around.set(finding, this.#failures.mark(this.simulation.now));
        this.#tell('finding', finding.expectation.name, findingText(finding), false);
      },
    });
    this.#timeline = new Timeline(scenario, {
      scene: this.stage,
      calls: simulation.calls,
      random: new Random(scenario.seed).stream('timeline'),
      changedAt: () => this.facts.changedAt,
      during: (id, perform) => this.#metrics.faults.during(id, perform),
      onEvent: (id, text) => {
        this.#tell('event', id, text, true);
        if (id !== null) this.#judge.happened(id);
      },
      onUnrest: (rest) => {
        this.#unrest.push(rest);
        this.#tell('finding', rest.id, `not at rest within ${formatDuration(rest.withinMs)}`, false);
        if (rest.id !== null) this.#judge.happened(rest.id);
      },
    });
    controlPlane.start(simulation, ports, listening);
    for (const cluster of scenario.clusters) this.stage.join(cluster);
    simulation.world.clock.at(scenario.start, () => this.#start());
  }

  /** Since the start; negative while the fleet settles. */
  get elapsed(): Millis {
    return this.simulation.now - this.scenario.start;
  }

  get isDone(): boolean {
    return this.simulation.now >= this.#endAt;
  }

  get story(): readonly StoryLine[] {
    return this.#story;
  }

  get findings(): readonly Finding[] {
    return this.#judge.findings;
  }

  /** Goes on until the time, counted from the start, or until it is told to pause; true once it is over. */
  advance(untilMs: Millis, shouldPause: () => boolean = () => false): boolean {
    const until = Math.min(this.#endAt, this.scenario.start + untilMs);
    const { clock } = this.simulation.world;
    let isOver = false;
    while (!isOver && !shouldPause()) {
      isOver = !clock.step(until);
      // Whatever happens at one moment has happened before it is told and judged.
      const isDue = this.#judge.isDue || this.#narrator.isDue;
      if (isDue && (isOver || (clock.nextAt() ?? Number.POSITIVE_INFINITY) > clock.now)) {
        this.#narrator.settle();
        this.#judge.settle();
      }
    }
    if (isOver) clock.runUntil(Math.max(clock.now, until));
    return this.isDone;
  }

  /** Ends it here, and judges what waited for the end; where that comes too early, what did not come up is left open. */
  finish(): RunOutcome {
    const figures = { ...this.#metrics.figures(), calls: this.#calls.figures() };
    this.facts.setMetrics(new RunMetrics(figures));
    const findings = this.#judge.end(!this.isDone);
    const ok = findings.every((finding) => finding.ok) && this.#unrest.length === 0;
    return {
      findings,
      figures,
      around: this.#around,
      story: this.#story,
      unrest: this.#unrest,
      ok,
      endedAt: this.elapsed,
      events: this.simulation.world.clock.eventsRun,
      calls: this.simulation.calls.count,
    };
  }

  /** Every fault that holds ends, and nothing that waits for a write comes any more. */
  heal(): void {
    this.#timeline.end();
    this.simulation.heal();
  }

  #start(): void {
    this.stage.begin(this.scenario.objects);
    this.#judge.begin();
    this.#timeline.begin();
  }

  #tell(sort: StorySort, id: string | null, text: string, ok: boolean): void {
    const line: StoryLine = { at: this.elapsed, sort, id, text, ok };
    this.#story.push(line);
    this.#sinks.onStory?.(line);
    this.#sinks.onTrace?.(JSON.stringify({ type: sort, at: this.simulation.now, by: 'scenario', id, text }));
  }

  #trace(line: TraceLine): void {
    this.#failures.notice(line);
    for (const binding of decidedIn(line)) {
      const key = this.facts.placedBy(binding);
      if (key !== null) this.#metrics.decided(key);
    }
    this.#sinks.onLine?.(line);
    if (this.#sinks.onTrace === undefined) return;
    const text = this.#sinks.traceDetail === 'full' ? formatTraceLine(line) : this.#deeds.textOf(line);
    if (text !== null) this.#sinks.onTrace(text);
  }
}

export function findingText({ expectation, why, values }: Finding): string {
  const shown = values.map(({ text, value }) => `${text} = ${valueText(value)}`).join(', ');
  return `${expectation.name}: ${why}${shown === '' ? '' : ` (${shown})`}`;
}
