// One run of the swarm and its verdict: faults and users first, with checks at every moment; then everything is healed, and it
// has to come to rest, to be as it was asked to be, and to stay so when every process starts again.
import {
  apportion,
  type KubeObject,
  type Millis,
  memberPlace,
  OwnWritesWatch,
  SafetyWatch,
  type SettledPorts,
  type Simulation,
  settledViolations,
  type TraceLine,
  type Violation,
} from '../../engine/index.ts';
import type { Scenario } from '../format/scenario.ts';
import { isNoise } from '../run/noise.ts';
import { CONTROL_PLANE, type ControlPlane, portsOf } from '../run/processes.ts';
import { Run } from '../run/run.ts';
import { watchAbsence } from './absence.ts';
import { type EndState, watchEndState } from './end-state.ts';
import { isHeldInWaves, rolloutViolations } from './held-in-waves.ts';
import { afterLookingAgain } from './looking-again.ts';
import { watchStates } from './reached.ts';
import { Trouble, whatIsStuck } from './stuck.ts';

export interface SwarmVerdict {
  readonly ok: boolean;
  readonly violations: readonly Violation[];
  /** From the end of the faults to the last change. */
  readonly settledAfterMs: Millis | null;
  readonly events: number;
  /** Interesting states, and whether the run came to them. */
  readonly reached: Readonly<Record<string, boolean>>;
  /** What it left behind when it had come to rest. */
  readonly end: EndState;
  /** Deployments that served, and for a while nowhere, though they were wanted. */
  readonly absent: readonly string[];
  /** Objects of the hub that were damaged where they are stored. */
  readonly damaged: readonly string[];
}

/** Longer than anything that the control plane waits for by itself. */
const QUIET_MS: Millis = 1_260_000;
const BUDGET_MS: Millis = 4 * 3_600_000;
/** Decisions that one workload may still see after the last input. */
const DECISIONS_MAX = 12;

export function judgeRun(scenario: Scenario, controlPlane: ControlPlane = CONTROL_PLANE): SwarmVerdict {
  const trouble = new Trouble();
  const ownWrites = new OwnWritesWatch();
  const onLine = (line: TraceLine) => {
    trouble.notice(line);
    ownWrites.notice(line);
  };
  const run = new Run(scenario, { onLine }, controlPlane);
  const { simulation } = run;
  const watch = new SafetyWatch(simulation, scenario.profile);
  const reached = watchStates(simulation);
  const endState = watchEndState(simulation);
  const absent = watchAbsence(simulation);
  run.advance(scenario.durationMs);
  run.heal();
  const healedAt = simulation.now;
  watch.beginCounting();
  const lastChange = lastChangeOf(simulation);
  const isQuiet = simulation.runUntilQuiet({ forMs: QUIET_MS, until: healedAt + BUDGET_MS, isNoise });
  const violations: Violation[] = [...watch.sightings, ...watch.restless(DECISIONS_MAX), ...ownWrites.sightings];
  const settledAfterMs = lastChange() === null ? 0 : lastChange()! - healedAt;
  if (!isQuiet)
    violations.push({ rule: 'comes-to-rest', about: 'the control plane', message: whatIsStuck(simulation, trouble) });
  violations.push(...settledViolations(simulation.world, settledPortsOf(scenario, simulation)));
  violations.push(...rolloutViolations(simulation));
  const end = endState();
  violations.push(...storms(end));
  // What was put back may be what was told long ago.
  const isTrue = simulation.damaged.length === 0;
  if (isQuiet && isTrue && violations.length === 0) violations.push(...afterLookingAgain(scenario, simulation));
  return {
    ok: violations.length === 0,
    violations,
    settledAfterMs: isQuiet ? settledAfterMs : null,
    events: simulation.world.clock.eventsRun,
    reached: reached(),
    end,
    absent: absent(),
    damaged: simulation.damaged,
  };
}

/** So often a thing may be made in a run: whoever makes it more often is not waiting for anything. */
const BIRTHS_MAX = 40;

const storms = ({ births }: EndState): readonly Violation[] =>
  [...births]
    .filter(([, count]) => count > BIRTHS_MAX)
    .map(([about, count]) => ({ rule: 'is-not-made-without-end', about, message: `it was made ${count} times` }));

function lastChangeOf(simulation: Simulation): () => Millis | null {
  let last: Millis | null = null;
  simulation.onChange((change) => {
    if (!isNoise(change)) last = simulation.now;
  });
  return () => last;
}

function settledPortsOf(scenario: Scenario, simulation: Simulation): SettledPorts {
  const { interpreter, yaml } = portsOf(scenario);
  return {
    interpreter,
    yaml,
    isFollowed: (cluster, collection) =>
      simulation.processes.some((one) => one.streams(memberPlace(cluster), collection).length > 0),
    isHeldBack: (binding) => isHeldInWaves(binding as unknown as KubeObject, simulation),
    collectsStrays: scenario.profile.switches.collectsStrays,
    staysUntilArrived: scenario.profile.switches.staysUntilArrived,
    leavesFullClusters: scenario.profile.switches.leavesFullClusters,
    placesWhatFits: scenario.profile.switches.placesWhatFits,
    gates: scenario.profile.gates,
    tellsEveryOutcome: scenario.profile.switches.tellsEveryOutcome,
    apportion: (seats, parties, ties) => apportion(seats, parties, ties),
    collectionOf: ({ apiVersion, kind }) =>
      scenario.keyOf({ apiVersion, kind, metadata: { name: 'x' } })?.collection ?? null,
  };
}
