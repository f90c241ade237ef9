// What a staged rollout stands between: it is not placed from here, but waited for, wave by wave.
import {
  type KubeObject,
  objectKey,
  type Plan,
  type PlannedWorkload,
  type StagedRollout,
} from '../../../engine/index.ts';
import { type ApiObjects, ApiProblem, type Reference } from '../api-objects.ts';

const KIND = { apiVersion: 'muster.dev/v1alpha1', kind: 'StagedRollout' };
const LOOK_MS = 250;
const LOOKED_AFTER_MS = 15_000;
/** It is not waited for any longer. */
const HAS_ANSWERED = 409;

export const isRollout = ({ kind }: KubeObject): boolean => kind === KIND.kind;

/** Its clusters change as its rollout lets them. */
export const isPlacedInWaves = ({ rollout }: PlannedWorkload): boolean =>
  rollout?.changes.includes('Placement') === true;

/** How each had ended when it was looked at; empty where none had. */
export type Ends = ReadonlyMap<string, string>;

export async function endsOf({ workloads }: Plan, hub: ApiObjects): Promise<Ends> {
  const ends = new Map<string, string>();
  for (const workload of workloads) {
    const reference = rolloutOf(workload);
    const found = reference === null ? null : await statusOf(reference, hub);
    if (found !== null) ends.set(keyOf(reference!), endText(found));
  }
  return ends;
}

/** Null where it has gone through; one that has failed since it was looked at is an error. */
export async function whyInWaves(workload: PlannedWorkload, hub: ApiObjects, ends: Ends): Promise<string | null> {
  const reference = rolloutOf(workload);
  const status = reference === null ? null : await statusOf(reference, hub);
  if (reference === null || status === null) return null;
  const { phase = 'Waiting', message = 'its rollout has not been looked at yet', wave = 0, waves, waveName } = status;
  const end = endText(status);
  if (end !== '' && ends.get(keyOf(reference)) !== end) {
    const name = waveName === undefined ? '' : ` (${waveName})`;
    const what = `StagedRollout ${objectKey(reference.namespace ?? '', reference.name)}`;
    throw new ApiProblem(`${what} failed in wave ${wave} of ${waves ?? wave}${name}: ${message}`, HAS_ANSWERED);
  }
  return phase === 'Stable' ? null : `it goes in waves: ${message}`;
}

/** What is to go in waves waits until somebody sees to them. */
export async function untilLookedAfter(rollout: KubeObject, { workloads }: Plan, hub: ApiObjects): Promise<void> {
  const reference = { ...KIND, namespace: rollout.metadata.namespace ?? '', name: rollout.metadata.name };
  if (!workloads.some((one) => rolloutOf(one)?.name === reference.name && one.namespace === reference.namespace))
    return;
  const deadline = performance.now() + LOOKED_AFTER_MS;
  for (;;) {
    const found = (await hub.get(reference)) as unknown as StagedRollout | null;
    if (found !== null && found.status?.observedGeneration === found.metadata.generation) return;
    if (performance.now() > deadline) {
      const what = `StagedRollout ${objectKey(reference.namespace, reference.name)}`;
      throw new ApiProblem(`nobody looks after ${what}: are controllers running on the hub?`, null);
    }
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function rolloutOf({ rollout, namespace }: PlannedWorkload): Reference | null {
  return rollout === undefined ? null : { ...KIND, namespace: namespace ?? '', name: rollout.name };
}

const keyOf = ({ namespace, name }: Reference): string => `${namespace}/${name}`;

async function statusOf(reference: Reference, hub: ApiObjects): Promise<NonNullable<StagedRollout['status']> | null> {
  const found = (await hub.get(reference)) as unknown as StagedRollout | null;
  return found === null ? null : (found.status ?? {});
}

const endText = ({ phase, updateRevision, endTime }: NonNullable<StagedRollout['status']>): string =>
  phase === 'Stopped' || phase === 'RolledBack' ? `${updateRevision} ${endTime}` : '';
