// One run of the swarm and its verdict: faults and users first, with checks at every moment; then everything is healed, and it
// has to come to rest, to be as it was asked to be, and to stay so when every process starts again.
import {
  apportion,
  type Change,
  type Millis,
  type Place,
  SafetyWatch,
  type SettledPorts,
  type Simulation,
  settledViolations,
  type Violation,
} from '../../engine/index.ts';
import type { Scenario } from '../format/scenario.ts';
import { isNoise } from '../run/noise.ts';
import { portsOf } from '../run/processes.ts';
import { Run } from '../run/run.ts';

export interface SwarmVerdict {
  readonly ok: boolean;
  readonly violations: readonly Violation[];
  /** From the end of the faults to the last change. */
  readonly settledAfterMs: Millis | null;
  readonly events: number;
}

/** Longer than anything that the control plane waits for by itself. */
const QUIET_MS: Millis = 1_260_000;
const BUDGET_MS: Millis = 4 * 3_600_000;
/** After a restart everything is looked at again, and nothing may come of it. */
const RESTART_MS: Millis = 120_000;
/** Decisions that one workload may still see after the last input. */
const DECISIONS_MAX = 12;

export function judgeRun(scenario: Scenario): SwarmVerdict {
  const run = new Run(scenario);
  const { simulation } = run;
  const watch = new SafetyWatch(simulation, scenario.profile);
  run.advance(scenario.durationMs);
  simulation.heal();
  const healedAt = simulation.now;
  watch.beginCounting();
  const lastChange = lastChangeOf(simulation);
  const isQuiet = simulation.runUntilQuiet({ forMs: QUIET_MS, until: healedAt + BUDGET_MS, isNoise });
  const violations: Violation[] = [...watch.sightings, ...watch.restless(DECISIONS_MAX)];
  const settledAfterMs = lastChange() === null ? 0 : lastChange()! - healedAt;
  if (!isQuiet) violations.push({ rule: 'comes-to-rest', about: 'the control plane', message: whatMoves(simulation) });
  violations.push(...settledViolations(simulation.world, settledPortsOf(scenario)));
  if (isQuiet && violations.length === 0) violations.push(...afterRestart(simulation));
  return {
    ok: violations.length === 0,
    violations,
    settledAfterMs: isQuiet ? settledAfterMs : null,
    events: simulation.world.clock.eventsRun,
  };
}

function lastChangeOf(simulation: Simulation): () => Millis | null {
  let last: Millis | null = null;
  simulation.onChange((change) => {
    if (!isNoise(change)) last = simulation.now;
  });
  return () => last;
}

function settledPortsOf(scenario: Scenario): SettledPorts {
  const { interpreter, yaml } = portsOf(scenario);
  return {
    interpreter,
    yaml,
    apportion: (seats, parties, ties) => apportion(seats, parties, ties),
    collectionOf: ({ apiVersion, kind }) =>
      scenario.keyOf({ apiVersion, kind, metadata: { name: 'x' } })?.collection ?? null,
  };
}

/** The names of what changes while nothing should. */
function whatMoves(simulation: Simulation): string {
  const seen = new Map<string, number>();
  const stop = simulation.onChange((change, place) => {
    if (!isNoise(change)) seen.set(nameOf(change, place), (seen.get(nameOf(change, place)) ?? 0) + 1);
  });
  simulation.runFor(QUIET_MS);
  stop();
  const most = [...seen].sort((a, b) => b[1] - a[1]).slice(0, 5);
  return `still changing: ${most.map(([name, count]) => `${name} (${count} times)`).join(', ') || 'nothing now'}`;
}

const nameOf = ({ collection, object }: Change, place: Place): string =>
  `${place} ${collection} ${object.metadata.namespace ?? ''}/${object.metadata.name}`;

function afterRestart(simulation: Simulation): readonly Violation[] {
  const changed = new Set<string>();
  const stop = simulation.onChange((change, place) => {
    if (!isNoise(change)) changed.add(nameOf(change, place));
  });
  for (const { name } of simulation.processes) simulation.inject({ fault: 'restart', name });
  simulation.runFor(RESTART_MS);
  stop();
  return [...changed].map((about) => ({
    rule: 'restart-changes-nothing',
    about,
    message: 'it was changed after every process had started again, and nothing else had happened',
  }));
}
