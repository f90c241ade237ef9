// The timeline of a scenario, read into steps: lines with their times and deeds, and what waits between them.
import { type BehaviorRule, formatKey, isObject, type KubeObject, type Millis } from '../../engine/index.ts';
import type { FileProblem } from '../../executor/files/file-problem.ts';
import { problemAt, type SourceDocument } from '../../executor/files/yaml.ts';
import { parseDuration } from '../../executor/terminal/duration.ts';
import type { EntryReader, ObjectRef } from '../actions/action.ts';
import { ACTIONS } from '../actions/index.ts';
import { readBehavior } from '../format/behavior.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { Params } from '../format/params.ts';
import type { Step, TimelineEntry, WriteTrigger } from '../format/scenario.ts';
import { readSelector } from '../format/selector.ts';
import { isEndless, type Timed, whyTooManyMoments } from '../format/timing.ts';
import { isAgentName, processNames } from '../run/processes.ts';
import { whyNoMatch } from './behaviors.ts';
import type { ObjectLoader } from './objects.ts';

export interface LoadContext {
  readonly document: SourceDocument;
  readonly problems: FileProblem[];
  readonly objects: ObjectLoader;
  /** From the start. */
  readonly fleet: readonly FleetCluster[];
  /** Of the fleet, and those that join it later. */
  readonly clusters: readonly FleetCluster[];
  /** Whether there are no others: where something of the fleet is wrong, nothing is said of clusters that may be. */
  readonly knowsFleet: boolean;
  readonly params: Params;
  readonly durationMs: Millis;
}

export const AFTER_THE_END = 'is after the end of the scenario';

const REST_FOR_MS = 30_000;
const REST_WITHIN_MS = 1_800_000;

/** Of lines that have their form; null stands for those that have not. */
export function readTimeline(timeline: readonly (Timed | null)[], context: LoadContext): readonly Step[] {
  const steps: Step[] = [];
  let entries: TimelineEntry[] = [];
  const patched = new Set(timeline.flatMap((entry) => (entry?.patch == null ? [] : [patchedBy(entry, context)])));
  const removed = timeline.flatMap((entry) => (entry?.remove == null ? [] : [readSelector(entry.remove)]));
  const staying = context.fleet.filter((cluster) => !removed.some(({ matches }) => matches(cluster)));
  const lines = { ...context, patched, staying: new Set(staying.map(({ name }) => name)) };
  const lastRest = timeline.findLastIndex((entry) => entry?.until != null);
  for (const [at, entry] of timeline.entries()) {
    if (entry === null) continue;
    const path = `spec.timeline[${at}]`;
    if (entry.until == null) {
      const read = readEntry(entry, at, path, lines);
      if (isEndless(entry) && at < lastRest) {
        const message = 'goes on for ever, and a step waits for its end: say "times" or "to"';
        context.problems.push(problemAt(context.document, path, message));
      }
      entries.push(read);
      continue;
    }
    const rest = {
      id: (entry.id as string | undefined) ?? null,
      forMs: parseDuration(entry.for) ?? REST_FOR_MS,
      withinMs: parseDuration(entry.within) ?? REST_WITHIN_MS,
      place: context.document.place(path),
    };
    steps.push({ entries, rest });
    entries = [];
  }
  steps.push({ entries, rest: null });
  return steps;
}

/** The ids of lines by which something goes wrong. */
export const faultIds = (timeline: readonly Timed[]): readonly string[] => [
  ...new Set(
    timeline.flatMap((entry) => {
      const kind = Object.keys(entry).find((key) => ACTIONS.get(key)?.strikes === true);
      return kind === undefined || typeof entry.id !== 'string' ? [] : [entry.id];
    }),
  ),
];

/** A key as a text; of what is not known, the word for it. */
function patchedBy(entry: Timed, { objects }: LoadContext): string {
  const found = objects.known.find(String(entry.patch));
  return typeof found === 'string' ? found : formatKey(found.key);
}

interface EntryContext extends LoadContext {
  /** Keys of objects that some line patches. */
  readonly patched: ReadonlySet<string>;
  /** Clusters that are there from the start and that no line removes. */
  readonly staying: ReadonlySet<string>;
}

function readEntry(entry: Timed, number: number, path: string, context: EntryContext): TimelineEntry {
  const kind = ACTIONS.get(Object.keys(entry).find((key) => ACTIONS.has(key))!)!;
  const reader = new Reader(entry, path, context);
  refuseTimes(entry, context.durationMs, reader);
  return {
    id: (entry.id as string | undefined) ?? null,
    number,
    timed: entry,
    trigger: isObject(entry.when) ? readTrigger(entry.when, reader) : null,
    action: kind.read(entry, reader),
    place: context.document.place(path),
  };
}

function refuseTimes(entry: Timed, durationMs: Millis, reader: Reader): void {
  const { between, every } = entry;
  const isLate = (value: unknown) => (parseDuration(value) ?? 0) > durationMs;
  for (const field of ['at', 'from']) if (isLate(entry[field])) reader.refuse(field, AFTER_THE_END);
  if (Array.isArray(between) && between.some(isLate)) {
    reader.refuse(`between[${between.findIndex(isLate)}]`, AFTER_THE_END);
  }
  // Without a beginning it happens first when that much time has passed.
  if (entry.from == null && isLate(every)) reader.refuse('every', `is longer than the scenario, and so never happens`);
  const why = whyTooManyMoments(entry, durationMs);
  if (why !== null) reader.refuse(entry.every == null ? 'rate' : 'every', why);
  const [from, to] = [parseDuration(entry.from), parseDuration(entry.to)];
  if (from !== null && to !== null && from > to) {
    reader.refuse('from', `is ${String(entry.from)}, and should not be after to, which is ${String(entry.to)}`);
  }
}

function readTrigger(when: Readonly<Record<string, unknown>>, reader: Reader): WriteTrigger {
  const word = String(when.write);
  const collection = reader.collection(word);
  if (collection === null) reader.refuse('when.write', `is "${word}", and should be a kind such as Work or Deployment`);
  const cluster = when.cluster == null ? null : String(when.cluster);
  if (cluster !== null && !reader.hasCluster(cluster))
    reader.refuse('when.cluster', `there is no cluster "${cluster}"`);
  return {
    collection: collection ?? '',
    occurrence: Number(when.occurrence ?? 1),
    moment: (when.moment ?? 'after') as WriteTrigger['moment'],
    verb: (when.verb as string | undefined) ?? null,
    cluster,
  };
}

const NOTHING: ObjectRef = { key: { collection: '', namespace: '', name: '' }, apiVersion: '', kind: '', text: '' };

class Reader implements EntryReader {
  readonly #entry: Timed;
  readonly #path: string;
  readonly #context: EntryContext;

  constructor(entry: Timed, path: string, context: EntryContext) {
    this.#entry = entry;
    this.#path = path;
    this.#context = context;
  }

  refuse(field: string, message: string): void {
    const { problems, document } = this.#context;
    problems.push(problemAt(document, `${this.#path}.${field}`, message));
  }

  get durationMs(): Millis {
    return this.#context.durationMs;
  }

  get processes(): readonly string[] {
    return processNames(this.#context.clusters);
  }

  hasProcess(name: string): boolean {
    const { knowsFleet } = this.#context;
    return this.processes.includes(name) || (!knowsFleet && isAgentName(name));
  }

  selector(field: string) {
    const selector = readSelector(this.#entry[field]);
    const { clusters, knowsFleet } = this.#context;
    if (knowsFleet && !clusters.some(selector.matches)) {
      const known = (values: readonly string[]) => [...new Set(values)].sort().slice(0, 12).join(', ') || 'none';
      this.refuse(
        field,
        `matches no cluster: there are the zones ${known(clusters.flatMap(({ zones }) => zones))}; ` +
          `regions ${known(clusters.map(({ region }) => region))}; ` +
          `providers ${known(clusters.map(({ provider }) => provider))}; ` +
          `labels ${known(clusters.flatMap(({ labels }) => Object.entries(labels).map(([key, label]) => `${key}=${label}`)))}; ` +
          `clusters ${known(clusters.map(({ name }) => name))}`,
      );
    }
    return selector;
  }

  object(field: string): ObjectRef {
    const found = this.#context.objects.known.find(String(this.#entry[field]));
    if (typeof found !== 'string') return found;
    this.refuse(field, found);
    return NOTHING;
  }

  behavior(): BehaviorRule {
    const rule = readBehavior(this.#entry);
    const why = whyNoMatch(rule.match, this.#context.objects);
    if (why !== null) this.refuse('match', why);
    return rule;
  }

  isThereAlways(cluster: string): boolean {
    return this.#context.staying.has(cluster);
  }

  versions({ key }: ObjectRef): readonly KubeObject[] | null {
    return this.#context.patched.has(formatKey(key)) ? null : this.#context.objects.versions(key);
  }

  manifests(field: string): readonly KubeObject[] {
    return this.#context.objects.at(`${this.#path}.${field}`).map(({ object }) => object);
  }

  get clusters(): readonly string[] {
    return this.#context.clusters.map(({ name }) => name);
  }

  /** Or may have. */
  hasCluster(name: string): boolean {
    const { clusters, knowsFleet } = this.#context;
    return !knowsFleet || clusters.some((cluster) => cluster.name === name);
  }

  collection(kind: string): string | null {
    return this.#context.objects.known.collectionCalled(kind);
  }
}
