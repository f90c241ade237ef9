// Decides many bindings one after the other, so that capacity promised to one is gone for the next.
//
// A binding whose strategy asks for room never gets more than is free. What does not ask (Duplicated copies, resources
// without replicas, Karmada's static weights) is placed as told, and what it takes is promised all the same.
import type { ResourceBindingSpec, TargetCluster } from '../api/binding.ts';
import type { Promised } from '../fleet/ledger.ts';
import { addPromises } from '../fleet/ledger.ts';
import { asManyAsFit, type Part } from './as-many-as-fit.ts';
import { promiseOf } from './estimate/promises.ts';
import type { Scheduler } from './fast/scheduler.ts';
import type { Refused, Verdict } from './fast/verdict.ts';
import type { BindingInput } from './request.ts';

/** What a decision took from a cluster, on top of what the workload ran there before. */
export interface Reservation {
  readonly cluster: string;
  readonly promised: Promised;
}

export interface BatchDecision {
  readonly verdict: Verdict;
  /** Of what was refused for want of room, as much as has some; null where the profile places all or nothing. */
  readonly part: Part | null;
  /** Why what was decided is not to be, where somebody says so: then nothing is promised for it. */
  readonly refusal: string | null;
  readonly reservations: readonly Reservation[];
}

/** Looks at what was decided, and says why it is not to be, or null. */
export type Objection<T extends BindingInput> = (binding: T, clusters: readonly TargetCluster[]) => string | null;

export function scheduleAll<T extends BindingInput>(
  bindings: Iterable<T>,
  scheduler: Scheduler,
  objection: Objection<T> = () => null,
): BatchDecision[] {
  const decisions: BatchDecision[] = [];
  for (const binding of bindings) {
    const verdict = scheduler.decide(binding);
    const part = verdict.ok ? null : partOf(binding, verdict, scheduler);
    const clusters = verdict.ok ? verdict.clusters : (part?.clusters ?? null);
    const refusal = clusters === null ? null : objection(binding, clusters);
    const made = refusal === null ? clusters : null;
    const reservations = made === null ? [] : reservationsOf(binding.spec, made);
    for (const { cluster, promised } of reservations) scheduler.fleet.promise(cluster, promised);
    if (made !== null) {
      scheduler.peers.note(
        binding.spec,
        made.map(({ name }) => name),
      );
    }
    decisions.push({ verdict, part, refusal, reservations });
  }
  return decisions;
}

const partOf = (input: BindingInput, refused: Refused, scheduler: Scheduler): Part | null =>
  scheduler.profile.switches.placesWhatFits ? asManyAsFit(input, refused, (one) => scheduler.decide(one)) : null;

/** Gives back what a decision took: its replicas show in the status by now, or it is not carried out. */
export function releaseReservations(reservations: readonly Reservation[], scheduler: Scheduler): void {
  for (const { cluster, promised } of reservations) scheduler.fleet.release(cluster, promised);
}

export function reservationsOf(spec: ResourceBindingSpec, clusters: readonly TargetCluster[]): Reservation[] {
  const before = new Map((spec.clusters ?? []).map((target) => [target.name, target]));
  return clusters.flatMap((target) => {
    const promised = addedBy(spec, target, before.get(target.name));
    return promised === null ? [] : [{ cluster: target.name, promised }];
  });
}

function addedBy(spec: ResourceBindingSpec, target: TargetCluster, before: TargetCluster | undefined): Promised | null {
  if (target.components === undefined) {
    // Whatever somebody has damaged it to be.
    const added = Math.ceil((target.replicas ?? 0) - (before?.replicas ?? 0));
    return added > 0 ? promiseOf(added, spec.replicaRequirements) : null;
  }
  let sum: Promised | undefined;
  for (const { name, replicas } of target.components) {
    const ran = before?.components?.find((component) => component.name === name)?.replicas ?? 0;
    if (replicas <= ran) continue;
    const requirements = spec.components?.find((component) => component.name === name)?.replicaRequirements;
    sum = addPromises(sum, promiseOf(replicas - ran, requirements));
  }
  return sum ?? null;
}
