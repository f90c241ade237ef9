// Sends objects through a live fleet and watches what becomes of them: how soon they are in every member, at what cost, what it
// takes to do nothing, to move some of them, and to lose a member.
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../engine/index.ts';
import type { HttpApi } from '../../executor/live/http-api.ts';
import type { LiveCase } from './cases.ts';
import { bindingsIn, create, deploymentsIn, inParallel, mapsIn, must, policiesIn } from './hub-calls.ts';
import { LiveFleet, type LiveFleetOptions, type Usage, usageOf } from './live-fleet.ts';
import {
  configMap,
  deployment,
  dividing,
  duplicating,
  MOVING,
  nameOf,
  namespace,
  ORPHANS,
  REPLICAS,
  SINGLE,
  SPREAD,
} from './objects.ts';
import { Sightings } from './sightings.ts';

export interface LiveFigures {
  /** From each create's answer until every member has the object, in ms, when nothing else is going on. */
  readonly single: readonly number[];
  readonly spread: SpreadFigures;
  readonly idle: IdleFigures | null;
  readonly move: MoveFigures | null;
  readonly death: DeathFigures | null;
}

export interface SpreadFigures {
  /** From the first create until every member has everything. */
  readonly seconds: number;
  /** Until every binding says that all is applied, too. */
  readonly settledSeconds: number;
  /** From each create's answer until each member has the object, in ms. */
  readonly latencies: readonly number[];
  readonly hubWritesAnObject: number;
  readonly memberCallsAnObject: number;
  readonly hubCpuSeconds: number;
  readonly memberCpuSeconds: number;
  readonly hubMiB: number;
}

export interface IdleFigures {
  readonly hubCpuAMinute: number;
  readonly memberCpuAMinute: number;
}

export interface MoveFigures {
  readonly seconds: number;
  readonly hubCpuSeconds: number;
  /** The longest that anything was in neither cluster. */
  readonly absentMs: number;
}

export interface DeathFigures {
  readonly noticedSeconds: number;
  readonly recoveredSeconds: number;
}

const SETTLE_MS = 15_000;
const SINGLES = 50;

export interface Watching {
  readonly signal: AbortSignal;
  readonly onProgress: (what: string) => void;
}

export async function measureLive(
  one: LiveCase,
  { signal, onProgress }: Watching,
  options?: LiveFleetOptions,
): Promise<LiveFigures> {
  onProgress(`starts ${one.members} members`);
  const fleet = await LiveFleet.start(one.members, options);
  try {
    onProgress('one by one');
    const single = await oneByOne(fleet, signal);
    onProgress(`${one.objects} objects`);
    const spread = await spreadOut(fleet, one.objects, signal);
    if (one.idleSeconds > 0) onProgress('idle');
    const idle = one.idleSeconds > 0 ? await doNothing(fleet, one.idleSeconds, signal) : null;
    if (one.moved > 0) onProgress(`moves ${one.moved}`);
    const move = one.moved > 0 ? await moveSome(fleet, one.moved, signal) : null;
    if (one.orphans > 0) onProgress('loses a member');
    const death = one.orphans > 0 ? await loseMember(fleet, one.orphans, signal) : null;
    return { single, spread, idle, move, death };
  } finally {
    await fleet.stop();
  }
}

async function oneByOne(fleet: LiveFleet, signal: AbortSignal): Promise<readonly number[]> {
  await prepare(fleet, SINGLE, duplicating(SINGLE, [...fleet.members.keys()]), signal);
  const seen = [...fleet.members.values()].map((api) => Sightings.watch(api, mapsIn(SINGLE)));
  const times: number[] = [];
  try {
    for (let at = 0; at < SINGLES; at += 1) {
      await create(fleet.hub, mapsIn(SINGLE), configMap(SINGLE, at));
      const answered = performance.now();
      await Promise.all(seen.map((one) => one.until(() => one.came.has(nameOf(at)), signal)));
      times.push(performance.now() - answered);
    }
    return times;
  } finally {
    for (const one of seen) one.close();
  }
}

async function spreadOut(fleet: LiveFleet, objects: number, signal: AbortSignal): Promise<SpreadFigures> {
  const names = [...fleet.members.keys()];
  await prepare(fleet, SPREAD, duplicating(SPREAD, names), signal);
  const seen = [...fleet.members.values()].map((api) => Sightings.watch(api, mapsIn(SPREAD)));
  const bindings = Sightings.watch(fleet.hub, bindingsIn(SPREAD), isFullyApplied);
  try {
    const before = await usages(fleet);
    const began = performance.now();
    const created = new Map<string, number>();
    await inParallel(objects, async (at) => {
      await create(fleet.hub, mapsIn(SPREAD), configMap(SPREAD, at));
      created.set(nameOf(at), performance.now());
    });
    await Promise.all(seen.map((one) => one.until(() => wanted(one, objects), signal)));
    const seconds = secondsSince(began);
    await bindings.until(() => bindings.came.size === objects, signal);
    const settledSeconds = secondsSince(began);
    const after = await usages(fleet);
    return {
      seconds,
      settledSeconds,
      latencies: seen.flatMap((one) => [...created].map(([name, at]) => Math.max(0, one.came.get(name)! - at))),
      hubWritesAnObject: (after.hub.writes - before.hub.writes) / objects,
      memberCallsAnObject: (after.members.requests - before.members.requests) / objects,
      hubCpuSeconds: after.hub.cpuSeconds - before.hub.cpuSeconds,
      memberCpuSeconds: after.members.cpuSeconds - before.members.cpuSeconds,
      hubMiB: after.hub.residentMiB,
    };
  } finally {
    for (const one of [...seen, bindings]) one.close();
  }
}

/** Members have ConfigMaps of their own, too. */
function wanted({ came }: Sightings, objects: number): boolean {
  return came.size >= objects && came.has(nameOf(0)) && came.has(nameOf(objects - 1)) && countThings(came) === objects;
}

function countThings(came: ReadonlyMap<string, number>): number {
  let count = 0;
  for (const name of came.keys()) if (name.startsWith('thing-')) count += 1;
  return count;
}

async function doNothing(fleet: LiveFleet, seconds: number, signal: AbortSignal): Promise<IdleFigures> {
  await sleep(Math.min(SETTLE_MS, seconds * 1000), undefined, { signal });
  const before = await usages(fleet);
  const began = performance.now();
  await sleep(seconds * 1000, undefined, { signal });
  const after = await usages(fleet);
  const minutes = secondsSince(began) / 60;
  return {
    hubCpuAMinute: (after.hub.cpuSeconds - before.hub.cpuSeconds) / minutes,
    memberCpuAMinute: (after.members.cpuSeconds - before.members.cpuSeconds) / minutes,
  };
}

async function moveSome(fleet: LiveFleet, objects: number, signal: AbortSignal): Promise<MoveFigures> {
  const [[from, old], [to, fresh]] = [...fleet.members] as [[string, HttpApi], [string, HttpApi]];
  await prepare(fleet, MOVING, duplicating(MOVING, [from]), signal);
  const [here, there] = [Sightings.watch(old, mapsIn(MOVING)), Sightings.watch(fresh, mapsIn(MOVING))];
  const bindings = Sightings.watch(fleet.hub, bindingsIn(MOVING), isFullyApplied);
  try {
    await inParallel(objects, (at) => create(fleet.hub, mapsIn(MOVING), configMap(MOVING, at)));
    await here.until(() => wanted(here, objects), signal);
    await bindings.until(() => bindings.came.size === objects, signal);
    const before = await usageOf(fleet.hub);
    const began = performance.now();
    const policy = duplicating(MOVING, [to]);
    await must(
      fleet.hub,
      'PATCH',
      `${policiesIn(MOVING)}/${MOVING}`,
      { spec: policy.spec },
      'application/merge-patch+json',
    );
    await there.until(() => wanted(there, objects), signal);
    await here.until(() => countThings(here.went) === objects, signal);
    const seconds = secondsSince(began);
    const { cpuSeconds } = await usageOf(fleet.hub);
    const gaps = [...here.went].map(([name, at]) => Math.max(0, (there.came.get(name) ?? at) - at));
    return { seconds, hubCpuSeconds: cpuSeconds - before.cpuSeconds, absentMs: Math.max(...gaps) };
  } finally {
    for (const one of [here, there, bindings]) one.close();
  }
}

async function loseMember(fleet: LiveFleet, deployments: number, signal: AbortSignal): Promise<DeathFigures> {
  const [[victim], [heir, api]] = [...fleet.members] as [[string, HttpApi], [string, HttpApi]];
  await prepare(fleet, ORPHANS, dividing(ORPHANS, [victim, heir]), signal);
  const clusters = Sightings.watch(fleet.hub, '/apis/cluster.karmada.io/v1alpha1/clusters', isDown);
  const ready = Sightings.watch(fleet.hub, deploymentsIn(ORPHANS), isReady);
  const inherited = Sightings.watch(api, deploymentsIn(ORPHANS), isReady);
  try {
    await inParallel(deployments, (at) => create(fleet.hub, deploymentsIn(ORPHANS), deployment(at)));
    await ready.until(() => ready.came.size === deployments, signal);
    const began = performance.now();
    await fleet.kill(victim);
    await clusters.until(() => clusters.came.has(victim), signal);
    const noticedSeconds = secondsSince(began);
    await inherited.until(() => inherited.came.size === deployments, signal);
    return { noticedSeconds, recoveredSeconds: secondsSince(began) };
  } finally {
    for (const one of [clusters, ready, inherited]) one.close();
  }
}

/** The namespace is made everywhere before anything is measured, as it would be in a fleet in use. */
async function prepare(fleet: LiveFleet, space: string, policy: KubeObject, signal: AbortSignal): Promise<void> {
  const seen = [...fleet.members.values()].map((api) => Sightings.watch(api, '/api/v1/namespaces'));
  try {
    await create(fleet.hub, '/api/v1/namespaces', namespace(space));
    await create(fleet.hub, policiesIn(space), policy);
    await Promise.all(seen.map((one) => one.until(() => one.came.has(space), signal)));
  } finally {
    for (const one of seen) one.close();
  }
}

interface Usages {
  readonly hub: Usage;
  readonly members: Usage;
}

async function usages(fleet: LiveFleet): Promise<Usages> {
  const each = await Promise.all([...fleet.members.values()].map(usageOf));
  const sum = (of: (usage: Usage) => number): number => each.reduce((total, usage) => total + of(usage), 0);
  const members: Usage = {
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
    residentMiB: sum(({ residentMiB }) => residentMiB),
    writes: sum(({ writes }) => writes),
    requests: sum(({ requests }) => requests),
  };
  return { hub: await usageOf(fleet.hub), members };
}

const secondsSince = (began: number): number => (performance.now() - began) / 1000;

interface Conditions {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly readyReplicas?: number;
  };
}

const conditionOf = ({ status }: KubeObject & Conditions, type: string): string | undefined =>
  status?.conditions?.find((one) => one.type === type)?.status;

const isFullyApplied = (object: KubeObject): boolean =>
  conditionOf(object as KubeObject & Conditions, 'FullyApplied') === 'True';
const isDown = (object: KubeObject): boolean => {
  const ready = conditionOf(object as KubeObject & Conditions, 'Ready');
  return ready !== undefined && ready !== 'True';
};
const isReady = (object: KubeObject): boolean => (object as KubeObject & Conditions).status?.readyReplicas === REPLICAS;
