// Loads a scenario: the file, its parameters, the objects and clusters it names, its timeline and its expectations. Whatever
// is wrong is told at once, each with file, line and column.
import { dirname, isAbsolute, join } from 'node:path';
import { isObject, NETWORK, parseTime } from '../engine/index.ts';
import { loadProfile, loadScores } from '../executor/commands/load-profile.ts';
import { FileProblems } from '../executor/files/file-problem.ts';
import { readText } from '../executor/files/read-text.ts';
import { problemAt, readDocuments, type SourceDocument } from '../executor/files/yaml.ts';
import type { Value } from '../executor/script/expression.ts';
import { CommandError } from '../executor/terminal/command.ts';
import { parseDuration } from '../executor/terminal/duration.ts';
import { readBehavior } from './format/behavior.ts';
import { readLatency } from './format/distribution.ts';
import { type FleetCluster, generateClusters } from './format/fleet.ts';
import type { Params } from './format/params.ts';
import type { Scenario, Swarm } from './format/scenario.ts';
import type { Timed } from './format/timing.ts';
import { whyNoMatch } from './load/behaviors.ts';
import { checked, inOrder } from './load/checked.ts';
import { readExpectations } from './load/expectations.ts';
import { refuseClusters, refuseFleet } from './load/fleet.ts';
import { loadFleetFiles } from './load/fleet-files.ts';
import { refuseMatrix, sortText } from './load/matrix.ts';
import { ObjectLoader } from './load/objects.ts';
import { AFTER_THE_END, faultIds, readTimeline } from './load/timeline.ts';

export interface LoadOptions {
  /** Values in place of the file's, as texts of the command line. */
  readonly set?: Readonly<Record<string, string>>;
  readonly seed?: string;
  readonly profile?: string;
  /** Hears of every file and folder that the scenario names. */
  readonly onNamed?: (path: string) => void;
}

const START = '2026-01-01T00:00:00Z';
const WARMUP_MS = 120_000;
const SWARM_LONGEST_MS = 60_000;

export const loadScenario = async (file: string, options: LoadOptions = {}): Promise<Scenario> =>
  readScenario(await readText(file), file, options);

/** A scenario whose text is at hand; files that it names are looked for beside `file`. */
export async function readScenario(text: string, file: string, options: LoadOptions = {}): Promise<Scenario> {
  const document = onlyDocument(text, file);
  const folder = dirname(file);
  const params = paramsOf(document, options.set ?? {});
  const { spec, metadata, applied, problems, isFleetWhole } = await checked(document, params);

  const refuse = (path: string, message: string) => void problems.push(problemAt(document, path, message));
  const resolve = (name: string) => {
    const path = isAbsolute(name) ? name : join(folder, name);
    options.onNamed?.(path);
    return path;
  };
  refuseMatrix(spec.matrix, params, refuse);
  const objects = new ObjectLoader({ resolve, document, problems });
  await objects.load(spec.objects, 'spec.objects');
  const timeline = (spec.timeline ?? []) as readonly (Timed | null)[];
  for (const [path, value] of applied) await objects.load(value, path);

  const fleet = spec.fleet as Readonly<Record<string, unknown>>;
  const fromFiles = await loadFleetFiles(fleet, resolve, { document, problems });
  const clusters: FleetCluster[] = [
    ...fromFiles.clusters,
    ...((fleet.clusters ?? []) as Record<string, unknown>[]).flatMap(generateClusters),
  ];
  const knowsFleet = isFleetWhole && fromFiles.areWhole;
  if (knowsFleet) refuseFleet(clusters, refuse);
  const added = timeline.flatMap((entry, at) => {
    const joining = isObject(entry?.add) ? generateClusters(entry.add as Record<string, unknown>) : [];
    refuseClusters(joining, `spec.timeline[${at}].add`, refuse);
    return joining;
  });
  const durationMs = parseDuration(spec.duration) ?? Number.POSITIVE_INFINITY;
  refuseSwarm(spec.swarm, durationMs, refuse);
  const start = parseTime(String(spec.start ?? START));
  if (start === null) refuse('spec.start', `is ${JSON.stringify(spec.start)}, and should be a time such as ${START}`);

  const context = {
    document,
    problems,
    objects,
    fleet: clusters,
    clusters: [...clusters, ...added],
    knowsFleet,
    params,
    durationMs,
  };
  const behaviors = ((spec.behaviors ?? []) as readonly Timed[]).map(readBehavior);
  for (const [at, { match }] of behaviors.entries()) {
    const why = whyNoMatch(match, objects);
    if (why !== null) refuse(`spec.behaviors[${at}].match`, why);
  }
  const steps = readTimeline(timeline, context);
  // Lines that are left out keep their ids, so that nobody misses those.
  const written = timelineOf(document);
  const expectations = await readExpectations((spec.expect ?? []) as readonly (Timed | null)[], {
    ...context,
    ids: new Set(written.flatMap(({ id }) => (typeof id === 'string' ? [id] : []))),
    faults: faultIds(written),
  });
  const profileName = options.profile ?? String(spec.profile ?? 'muster');
  const isNamedHere = options.profile === undefined && !isBuiltIn(profileName);
  const loading = scoredProfile(isNamedHere ? resolve(profileName) : profileName);
  const scored = await (isNamedHere ? orNull(loading, (message) => refuse('spec.profile', message)) : loading);
  if (problems.length > 0 || scored === null) throw new FileProblems(inOrder(problems));
  const { profile, scores } = scored;

  const judged = expectations.filter((one) => one.profile === null || one.profile === profile.name);
  const network = (spec.network ?? {}) as Readonly<Record<string, unknown>>;
  return {
    file,
    name: String(metadata.name),
    title: String(spec.title ?? metadata.name),
    seed: options.seed ?? String(spec.seed ?? metadata.name),
    profile,
    scores,
    start: start!,
    durationMs,
    warmupMs: parseDuration(spec.warmup) ?? WARMUP_MS,
    params,
    matrix: (spec.matrix ?? {}) as Scenario['matrix'],
    network: {
      local: network.local == null ? NETWORK.local : readLatency(network.local),
      wide: network.wide == null ? NETWORK.wide : readLatency(network.wide),
    },
    behaviors,
    clusters,
    objects: objects.at('spec.objects'),
    keyOf: (object) => objects.known.keyOf(object),
    steps,
    swarm: swarmOf(spec.swarm, durationMs),
    expectations: judged,
    expectedOfOthers: expectations.length - judged.length,
  };
}

async function scoredProfile(nameOrFile: string): Promise<Pick<Scenario, 'profile' | 'scores'>> {
  const profile = await loadProfile(nameOrFile);
  return { profile, scores: await loadScores(profile) };
}

/** What is wrong with a file is told with everything else. */
async function orNull<T>(loading: Promise<T>, refuse: (message: string) => void): Promise<T | null> {
  try {
    return await loading;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    refuse(error.message);
    return null;
  }
}

const isBuiltIn = (name: string): boolean => name === 'muster' || name === 'karmada';

function onlyDocument(text: string, file: string): SourceDocument {
  const { documents, problems } = readDocuments(text, file);
  if (problems.length > 0) throw new FileProblems(problems);
  const [document, ...more] = documents;
  if (document === undefined) throw new CommandError(`${file} is empty`);
  if (more.length > 0) throw new FileProblems([problemAt(more[0]!, '', 'a second document: a scenario is one')]);
  return document;
}

/** The file's parameters with the values that were given in their place, each of the same sort. */
function paramsOf(document: SourceDocument, set: Readonly<Record<string, string>>): Params {
  const spec = isObject(document.value) && isObject(document.value.spec) ? document.value.spec : {};
  const params: Record<string, Value> = {};
  for (const [name, value] of Object.entries(isObject(spec.params) ? spec.params : {})) {
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') params[name] = value;
  }
  for (const [name, text] of Object.entries(set)) {
    const known = params[name];
    if (known === undefined) {
      throw new CommandError(
        `there is no parameter "${name}" to set: there are ${Object.keys(params).join(', ') || 'none'}`,
      );
    }
    const value = givenValue(text, known);
    if (value === null) throw new CommandError(`the parameter ${name} is ${sortText(known)}, and "${text}" is not`);
    params[name] = value;
  }
  return params;
}

/** Of the sort of another value; null for what cannot be. */
function givenValue(text: string, like: Value): Value | null {
  if (typeof like === 'string') return text;
  if (typeof like === 'boolean') return text === 'true' ? true : text === 'false' ? false : null;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/** As it stands in the file. */
function timelineOf({ value }: SourceDocument): readonly Timed[] {
  const spec = isObject(value) && isObject(value.spec) ? value.spec : {};
  return Array.isArray(spec.timeline) ? spec.timeline.filter(isObject) : [];
}

function refuseSwarm(value: unknown, durationMs: number, refuse: (path: string, message: string) => void): void {
  if (!isObject(value)) return;
  const from = parseDuration(value.from) ?? 0;
  const to = parseDuration(value.to) ?? durationMs;
  if (from > durationMs) refuse('spec.swarm.from', AFTER_THE_END);
  else if (from > to) refuse('spec.swarm.from', `is ${value.from}, and should not be after to, which is ${value.to}`);
}

function swarmOf(value: unknown, durationMs: number): Swarm | null {
  if (!isObject(value)) return null;
  return {
    faults: Number(value.faults),
    from: parseDuration(value.from) ?? 0,
    to: Math.min(durationMs, parseDuration(value.to) ?? durationMs),
    longestMs: parseDuration(value.longest) ?? SWARM_LONGEST_MS,
  };
}
