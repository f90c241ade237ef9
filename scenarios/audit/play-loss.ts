// Plays the loss of some clusters in virtual time, with the control plane's own controllers: for how long does each workload serve
// less than it should, and for how long nothing at all?
import {
  bindingNameOf,
  byText,
  type Cluster,
  COLLECTIONS,
  findCondition,
  formatKey,
  type KubeObject,
  type Millis,
  NETWORK,
  type Profile,
  parseTime,
  type ResourceBinding,
  type ScorePlugin,
} from '../../engine/index.ts';
import { recordedCluster } from '../format/fleet.ts';
import { KnownObjects } from '../format/known-objects.ts';
import type { Scenario } from '../format/scenario.ts';
import { Run } from '../run/run.ts';

export interface LossPlay {
  readonly clusters: readonly Cluster[];
  readonly objects: readonly KubeObject[];
  readonly profile: Profile;
  readonly scores: readonly ScorePlugin[];
  readonly seed: string;
  /** How long after the loss it is looked at. */
  readonly horizonMs: Millis;
}

export interface Shortage {
  /** Nothing served. */
  readonly downMs: Millis;
  /** Less served than was wanted; the horizon where that did not end. */
  readonly shortMs: Millis;
  readonly hasRecovered: boolean;
  /** What the control plane said of it in the end, where not all of it has a place. */
  readonly why: string | null;
}

const START = parseTime('2026-01-01T00:00:00Z')!;
const WARMUP_MS = 120_000;
/** Until then everything has come up: pulling an image takes minutes at worst. */
const LOSS_MS = 600_000;
/** How long the run goes on before whoever looks at it is served. */
const SLICE_MS = 100;
const SECOND_MS = 1_000;

/** Null for what does not run pods. */
export type ShortageOf = (workload: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>) => Shortage | null;

export async function playLoss(
  play: LossPlay,
  lost: readonly string[],
  signal: AbortSignal,
  show: (text: string) => void,
): Promise<ShortageOf> {
  const scenario = scenarioOf(play, lost);
  const run = new Run(scenario);
  while (!signal.aborted && !run.isDone) {
    const pauseAt = performance.now() + SLICE_MS;
    run.advance(scenario.durationMs, () => performance.now() >= pauseAt);
    show(`${Math.round((100 * Math.max(0, run.elapsed)) / scenario.durationMs)}%`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  signal.throwIfAborted();
  const { figures } = run.finish();
  return (workload) => {
    const key = scenario.keyOf(workload as KubeObject);
    const own = key === null ? undefined : figures.workloads[formatKey(key)];
    if (key === null || own === undefined) return null;
    const facts = run.facts.workload(key);
    const serving = [...(facts?.serving.values() ?? [])].reduce((sum, one) => sum + one, 0);
    const hasRecovered = facts !== null && serving >= facts.desired;
    const downMs = own.downSeconds * SECOND_MS;
    const shortMs = hasRecovered ? own.longestShortageSeconds * SECOND_MS : play.horizonMs;
    return { downMs, shortMs, hasRecovered, why: hasRecovered ? null : refusalOf(workload, run) };
  };
}

function refusalOf({ kind, metadata }: Parameters<ShortageOf>[0], run: Run): string | null {
  const { namespace = '', name } = metadata;
  const collection = namespace === '' ? COLLECTIONS.clusterBindings : COLLECTIONS.bindings;
  const binding = run.simulation.world.hub.store.get(collection, namespace, bindingNameOf(kind, name));
  const { status } = (binding ?? {}) as unknown as Partial<ResourceBinding>;
  const scheduled = findCondition(status?.conditions, 'Scheduled');
  return scheduled?.status === 'False' ? scheduled.message : null;
}

function scenarioOf(
  { clusters, objects, profile, scores, seed, horizonMs }: LossPlay,
  lost: readonly string[],
): Scenario {
  const known = new KnownObjects();
  const located = objects.flatMap((object) => {
    const added = known.add(object);
    const key = known.keyOf(added);
    return key === null ? [] : [{ key, object: added }];
  });
  const place = { file: 'audit', line: 1, column: 1 };
  return {
    file: 'audit',
    name: 'audit',
    title: `${lost.join(', ')} is lost`,
    seed,
    profile,
    scores,
    start: START,
    durationMs: LOSS_MS + horizonMs,
    warmupMs: WARMUP_MS,
    params: {},
    matrix: {},
    network: NETWORK,
    behaviors: [],
    clusters: clusters.map(recordedCluster).sort((a, b) => byText(a.name, b.name)),
    objects: located,
    keyOf: (object) => known.keyOf(object),
    steps: [
      {
        entries: [
          {
            id: 'loss',
            number: 0,
            timed: { at: `${LOSS_MS}ms` },
            trigger: null,
            place,
            action: {
              perform: (stage) => {
                for (const cluster of lost) stage.inject(cluster, { fault: 'power-off', cluster }, null);
                return `${lost.join(', ')} is lost`;
              },
            },
          },
        ],
        rest: null,
      },
    ],
    swarm: null,
    expectations: [],
    expectedOfOthers: 0,
  };
}
