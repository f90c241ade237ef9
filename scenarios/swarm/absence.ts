// Deployments that served and then served nowhere, though they were wanted all the time: in truth, and not by any status.
import { formatKey, isObject, type KubeObject, type PropagationPolicy, type Simulation } from '../../engine/index.ts';
import type { SwarmDocument } from './draw-scenario.ts';
import { mayChangeDecisions } from './twin.ts';

const DEPLOYMENTS = 'apps/deployments';

/** Listens from now on; answers which they were. */
export function watchAbsence(simulation: Simulation): () => readonly string[] {
  const counts = new Map<string, Map<string, number>>();
  const absent = new Set<string>();
  simulation.onServing((cluster, key, serving) => {
    if (key.collection !== DEPLOYMENTS) return;
    const name = formatKey(key);
    const own = counts.get(name) ?? new Map<string, number>();
    const before = sumOf(own);
    counts.set(name, own.set(cluster, serving));
    if (before === 0 || sumOf(own) > 0) return;
    const template = simulation.world.hub.store.get(key.collection, key.namespace, key.name);
    const isWanted = isObject(template?.spec) && Number(template.spec.replicas) > 0;
    if (isWanted && template?.metadata.deletionTimestamp === undefined) absent.add(name);
  });
  return () => [...absent];
}

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

const ANYBODYS = ['cluster.karmada.io/', 'policy.karmada.io/clusterpropagationpolicies'];

/** Something was damaged on which it rests: a cluster, a policy for all, or what bears its name. */
export function isTouched(deployment: string, damaged: readonly string[]): boolean {
  const name = deployment.slice(deployment.lastIndexOf('/') + 1);
  return damaged.some(
    (key) => ANYBODYS.some((start) => key.startsWith(start)) || key.slice(key.lastIndexOf('/') + 1).includes(name),
  );
}

/** Where nobody takes anything away or holds anything up, and no cluster goes or drives anything out. */
export const shouldServeAllTheTime = (document: SwarmDocument): boolean =>
  document.spec.profile === 'muster' &&
  !mayChangeDecisions(document) &&
  !policiesIn(document).some(leavesAtOnce) &&
  !document.spec.timeline.some((entry) => ['delete', 'remove', 'taint'].some((key) => entry[key] !== undefined));

const policiesIn = ({ spec: { objects, timeline } }: SwarmDocument): readonly KubeObject[] => {
  const applied = timeline.flatMap(({ apply }) => (isObject(apply) ? [apply as unknown as KubeObject] : []));
  return [...objects, ...applied].filter(({ kind }) => kind.endsWith('PropagationPolicy'));
};

/** It asks that what is unwell ends before its successor begins, be it that a rollout takes long. */
const leavesAtOnce = (policy: KubeObject): boolean =>
  (policy as unknown as PropagationPolicy).spec.failover?.application?.purgeMode === 'Directly';
