// Waits for what moves: until it is well where it comes to, and gone from where it leaves.
import {
  type Cluster,
  canonicalJson,
  hasConditionStatus,
  type ResourceBinding,
  targetsOf,
} from '../../../engine/index.ts';
import { type ApiObjects, isSilence } from '../api-objects.ts';
import { whyNotWell, workReference } from '../wellness.ts';
import { allBindings, followersOf, RelocationProblem, titleOf } from './application.ts';
import type { Move, Moves } from './plan-moves.ts';

export interface CarryOutPorts {
  readonly hub: ApiObjects;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  readonly show: (text: string) => void;
  readonly note: (text: string) => void;
}

const LOOK_MS = 300;
export const pause = () => new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS));

/** Bindings of what the moved need and that no policy places. */
export const followers = async (moves: readonly Move[], hub: ApiObjects): Promise<readonly ResourceBinding[]> =>
  followersOf(
    moves.map(({ part }) => part),
    await allBindings(hub),
  ).filter(({ spec }) => spec.placement === undefined);

export async function untilArrived(
  { moves, edits }: Pick<Moves, 'moves' | 'edits'>,
  { hub, waitMs, signal, show }: CarryOutPorts,
): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    signal.throwIfAborted();
    const why = await unlessSilent(
      async () => (await firstLate(moves, hub)) ?? (await firstFollowerLate({ moves, edits }, hub)),
    );
    if (why === null) return;
    show(why);
    if (performance.now() > deadline) throw new RelocationProblem(`not within ${Math.round(waitMs / 1000)} s: ${why}`);
    await pause();
  }
}

/** A hub that does not answer for a while is asked again until the time is up. */
async function unlessSilent(look: () => Promise<string | null>): Promise<string | null> {
  try {
    return await look();
  } catch (error) {
    if (isSilence(error)) return error.message;
    throw error;
  }
}

async function firstLate(moves: readonly Move[], hub: ApiObjects): Promise<string | null> {
  for (const { part, goal, leaves, arrives } of moves) {
    const binding = (await hub.get(part.reference)) as unknown as ResourceBinding | null;
    if (binding === null) throw new RelocationProblem(`${part.title} was deleted meanwhile`);
    const { spec, status } = binding;
    const say = (text: string) => `${part.title}: ${text}`;
    if (canonicalJson(spec.placement ?? {}) !== canonicalJson(goal.placement)) return say('its policy is not seen yet');
    if (status?.schedulerObservedGeneration !== binding.metadata.generation) return say('it is not scheduled yet');
    const names = (spec.clusters ?? []).map(({ name }) => name);
    const absent = arrives.find((name) => !names.includes(name));
    if (absent !== undefined) return say(`it is not placed in ${absent}`);
    const back = leaves.find((name) => names.includes(name));
    if (back !== undefined) return say(`it is placed in ${back} again`);
    for (const target of spec.clusters ?? []) {
      const why = arrives.includes(target.name) ? await whyNotWell(hub, binding, target) : null;
      if (why !== null) return say(why);
    }
  }
  return null;
}

/** Where the policy takes along what is needed, that has arrived, too. */
async function firstFollowerLate(
  { moves, edits }: Pick<Moves, 'moves' | 'edits'>,
  hub: ApiObjects,
): Promise<string | null> {
  if (!edits.some(({ after }) => after.propagateDeps)) return null;
  const arriving = [...new Set(moves.flatMap(({ arrives }) => arrives))];
  for (const follower of await followers(moves, hub)) {
    const targets = targetsOf(follower.spec).map(({ name }) => name);
    for (const name of arriving.filter((one) => targets.includes(one))) {
      const why = await whyNotWell(hub, follower, { name });
      if (why !== null) return `${titleOf(follower)}: ${why}`;
    }
  }
  return null;
}

/** The Work goes when what it brought has gone. */
export async function untilGone(
  binding: ResourceBinding,
  cluster: string,
  { hub, waitMs, signal, show, note }: CarryOutPorts,
): Promise<void> {
  const work = workReference(binding, cluster);
  const deadline = performance.now() + waitMs;
  const isThere = async () => ((await hub.get(work)) === null ? null : `${titleOf(binding)} leaves ${cluster}`);
  for (;;) {
    signal.throwIfAborted();
    const why = await unlessSilent(isThere);
    if (why === null) return;
    if (await isDead(cluster, hub)) {
      note(`${cluster} does not answer: ${titleOf(binding)} leaves it when it is back`);
      return;
    }
    show(why);
    if (performance.now() > deadline) {
      throw new RelocationProblem(
        `${titleOf(binding)} runs where it should, and does not leave ${cluster}: does that answer?`,
      );
    }
    await pause();
  }
}

/** As far as the hub knows, and tells. */
async function isDead(name: string, hub: ApiObjects): Promise<boolean> {
  try {
    const cluster = await hub.get({ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', name });
    const { status } = (cluster ?? {}) as unknown as Partial<Cluster>;
    return !hasConditionStatus(status?.conditions, 'Ready', 'True');
  } catch (error) {
    if (isSilence(error)) return false;
    throw error;
  }
}
