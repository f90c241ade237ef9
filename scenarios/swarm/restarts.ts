// Every point at which a process of the control plane can end: before each of its writes, which is then lost, and after it, before
// the answer. Each gives a scenario of its own.
import { COLLECTIONS, clusterOf, type Fault, HUB, type Place } from '../../engine/index.ts';
import { printYaml } from '../../executor/files/yaml.ts';
import { readScenario } from '../load.ts';
import { Run } from '../run/run.ts';
import type { SwarmDocument } from './draw-scenario.ts';
import { withoutFaults } from './twin.ts';

/** Nobody waits for it, and it comes again and again. */
const UNTOLD: readonly string[] = [COLLECTIONS.leases, '/events', 'events.k8s.io/events'];

interface Write {
  readonly by: string;
  readonly place: Place;
  readonly collection: string;
  /** Of those to the same collection of the same place, counted from 1. */
  readonly occurrence: number;
}

export async function withRestarts(document: SwarmDocument): Promise<readonly SwarmDocument[]> {
  const calm = withoutFaults(document);
  const { writes, kinds } = await writesIn(calm);
  return writes.flatMap((write) =>
    (['before', 'after'] as const).map((moment) => withRestart(calm, write, moment, kinds.get(write.collection)!)),
  );
}

async function writesIn(document: SwarmDocument): Promise<{ writes: readonly Write[]; kinds: Map<string, string> }> {
  const scenario = await readScenario(printYaml(document), `${document.metadata.name}.yaml`);
  const run = new Run(scenario);
  const { simulation } = run;
  const kinds = new Map<string, string>();
  const counts = new Map<string, number>();
  const writes: Write[] = [];
  simulation.onChange(({ collection, object }) => kinds.set(collection, object.kind));
  simulation.calls.onArrival(({ by, to, verb, collection }, moment) => {
    const isWrite = by !== undefined && collection !== null && verb !== 'list';
    if (moment === 'before' || !isWrite || simulation.now < scenario.start) return false;
    const occurrence = (counts.get(`${to} ${collection}`) ?? 0) + 1;
    counts.set(`${to} ${collection}`, occurrence);
    if (!UNTOLD.includes(collection)) writes.push({ by, place: to, collection, occurrence });
    return false;
  });
  run.advance(scenario.durationMs);
  return { writes: writes.filter(({ collection }) => kinds.has(collection)), kinds };
}

function withRestart(
  document: SwarmDocument,
  { by, place, occurrence }: Write,
  moment: 'before' | 'after',
  kind: string,
): SwarmDocument {
  const cluster = clusterOf(place);
  const fault: Fault = { fault: 'restart', name: by, forMs: 1_000 };
  const when = { write: kind, occurrence, moment, ...(place !== HUB && cluster !== null && { cluster }) };
  return {
    ...document,
    metadata: {
      name: `${document.metadata.name}-${by.replace('/', '-')}-${moment}-${kind.toLowerCase()}-${occurrence}`,
    },
    spec: { ...document.spec, timeline: [...document.spec.timeline, { when, fault }] },
  };
}
