// Carries a move out: the old copy is held while the new one comes up, and let go when that is well; where it does not become well,
// all is put back as it was. At no moment is it in neither place.
import {
  ANNOTATIONS,
  canonicalJson,
  LABELS,
  mergePatchBetween,
  type ResourceBinding,
  STAGED_PLACEMENT,
  targetsOf,
} from '../../../engine/index.ts';
import { type ApiObjects, ApiProblem, type Reference } from '../api-objects.ts';
import { bindingOf, type Part, RelocationProblem } from './application.ts';
import { type CarryOutPorts, followers, pause, untilArrived, untilGone } from './arrival.ts';
import type { Move, Moves, PolicyEdit } from './plan-moves.ts';
import { PRODUCER, RECORD_ANNOTATION, type Situation } from './record.ts';

export async function carryOutMoves(plan: Moves, ports: CarryOutPorts): Promise<void> {
  try {
    await holdFollowers(plan, ports.hub);
    for (const move of plan.moves) await hold(move, ports.hub);
    for (const edit of plan.edits) await editPolicy(edit, ports.hub);
    await untilArrived(plan, ports);
  } catch (error) {
    if (ports.signal.aborted) throw error;
    const why = textOf(error);
    try {
      await putBack(plan, ports.hub);
    } catch (another) {
      throw new RelocationProblem(
        `${why}; and it could not be put back (${textOf(another)}): the old copy is kept, the same command goes on, --undo goes back`,
      );
    }
    throw new RelocationProblem(`${why}; all was put back as it was`);
  }
  await letGo(plan, ports);
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

type Task = NonNullable<ResourceBinding['spec']['gracefulEvictionTasks']>[number];

const taskFor = (fromCluster: string, { spec }: ResourceBinding): Task => {
  const before = (spec.clusters ?? []).map(({ name }) => name);
  const replicas = spec.clusters?.find(({ name }) => name === fromCluster)?.replicas;
  return {
    fromCluster,
    purgeMode: 'Gracefully',
    ...(replicas !== undefined && { replicas }),
    reason: 'Relocated',
    message: 'it is kept until its successor is well',
    producer: PRODUCER,
    suppressDeletion: true,
    ...(before.length > 0 && { clustersBeforeFailover: before }),
  };
};

const tasksOf = ({ spec }: ResourceBinding): readonly Task[] => spec.gracefulEvictionTasks ?? [];

/** The binding with other placement, clusters and tasks, in one write. */
async function rewrite(
  hub: ApiObjects,
  reference: Reference,
  changed: (binding: ResourceBinding) => ResourceBinding,
): Promise<void> {
  const found = await hub.change(reference, (object) => {
    const binding = object as unknown as ResourceBinding;
    const after = changed(binding);
    const patch = {
      ...mergePatchBetween({ spec: binding.spec }, { spec: after.spec }),
      ...mergePatchBetween(
        { metadata: { annotations: binding.metadata.annotations } },
        { metadata: { annotations: after.metadata.annotations } },
      ),
    };
    return Object.keys(patch).length === 0 ? null : patch;
  });
  if (found === null) throw new ApiProblem(`the binding ${reference.name} has gone`, null);
}

function saying(binding: ResourceBinding, { placement, propagateDeps, clusters }: Situation, record: string | null) {
  const {
    [RECORD_ANNOTATION]: _record,
    [STAGED_PLACEMENT]: _waves,
    ...annotations
  } = binding.metadata.annotations ?? {};
  const { propagateDeps: _deps, ...spec } = binding.spec;
  return {
    ...binding,
    metadata: {
      ...binding.metadata,
      annotations: {
        ...annotations,
        // So that the scheduler takes it for decided.
        [ANNOTATIONS.appliedPlacement]: canonicalJson(placement),
        ...(record !== null && { [RECORD_ANNOTATION]: record }),
      },
    },
    spec: { ...spec, placement, clusters: [...clusters], ...(propagateDeps && { propagateDeps }) },
  };
}

const hold = ({ part, goal, leaves, record }: Move, hub: ApiObjects): Promise<void> =>
  rewrite(hub, part.reference, (binding) => {
    const noted =
      record === null ? (binding.metadata.annotations?.[RECORD_ANNOTATION] ?? null) : JSON.stringify(record);
    const arriving = new Set(goal.clusters.map(({ name }) => name));
    const kept = tasksOf(binding).filter(({ fromCluster }) => !arriving.has(fromCluster));
    const held = new Set(kept.map(({ fromCluster }) => fromCluster));
    const added = leaves.filter((name) => !held.has(name)).map((name) => taskFor(name, binding));
    const after = saying(binding, goal, noted);
    return { ...after, spec: { ...after.spec, gracefulEvictionTasks: [...kept, ...added] } };
  });

/** What the parts need stays with the old copies; it has no clusters of its own, and would go at once. */
async function holdFollowers({ moves }: Moves, hub: ApiObjects): Promise<void> {
  const leaving = [...new Set(moves.flatMap(({ leaves }) => leaves))];
  for (const follower of await followers(moves, hub)) {
    const there = new Set(targetsOf(follower.spec).map(({ name }) => name));
    await rewrite(hub, bindingOf(follower), (binding) => {
      const held = new Set(tasksOf(binding).map(({ fromCluster }) => fromCluster));
      const added = leaving.filter((name) => there.has(name) && !held.has(name)).map((name) => taskFor(name, binding));
      if (added.length === 0) return binding;
      return { ...binding, spec: { ...binding.spec, gracefulEvictionTasks: [...tasksOf(binding), ...added] } };
    });
  }
}

async function editPolicy({ policy, after, making, parts }: PolicyEdit, hub: ApiObjects): Promise<void> {
  if (making === null) return setPolicy(policy, after, hub);
  const made = (await hub.get(policy)) ?? (await hub.create(making));
  const label = policy.kind === 'PropagationPolicy' ? LABELS.propagationPolicyId : LABELS.clusterPropagationPolicyId;
  for (const part of parts) await claimFor(part, label, made.metadata.labels?.[label] ?? '', hub);
}

async function setPolicy(policy: Reference, said: PolicyEdit['after'], hub: ApiObjects): Promise<void> {
  const { placement, propagateDeps } = said;
  await hub.change(policy, ({ spec }) => {
    const { propagateDeps: _deps, ...rest } = spec as Record<string, unknown>;
    const wanted = { ...rest, placement, ...(propagateDeps && { propagateDeps }) };
    const patch = mergePatchBetween({ spec }, { spec: wanted });
    return Object.keys(patch).length === 0 ? null : patch;
  });
}

const CLAIMS_MAX = 100;

/** An object stays with the policy that has claimed it: it is set free, and the better one takes it, as soon as it is seen. */
async function claimFor({ template, title }: Part, label: string, id: string, hub: ApiObjects): Promise<void> {
  const { apiVersion, kind, metadata } = template;
  const reference = { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
  for (let look = 0; look < CLAIMS_MAX; look += 1) {
    const labels = (await hub.get(reference))?.metadata.labels ?? {};
    if (labels[label] === id) return;
    const isFree =
      labels[LABELS.propagationPolicyId] === undefined && labels[LABELS.clusterPropagationPolicyId] === undefined;
    if (!isFree) {
      await hub.merge(reference, {
        metadata: { labels: { [LABELS.propagationPolicyId]: null, [LABELS.clusterPropagationPolicyId]: null } },
      });
    }
    await pause();
  }
  throw new RelocationProblem(`the new policy does not take ${title}: do the controllers run?`);
}

/** The policies first, while the old copies are still held: else the scheduler would take those away that come back. */
async function putBack({ moves, edits }: Moves, hub: ApiObjects): Promise<void> {
  for (const { policy, before, making } of edits) {
    if (making === null) await setPolicy(policy, before, hub);
    else await hub.remove(policy);
  }
  for (const { part, before } of moves) {
    const known = part.binding.metadata.annotations?.[RECORD_ANNOTATION] ?? null;
    await rewrite(hub, part.reference, (binding) => {
      const after = saying(binding, before, known);
      const arrived = new Set(before.clusters.map(({ name }) => name));
      const kept = tasksOf(binding).filter(
        ({ fromCluster, producer }) => producer !== PRODUCER && !arrived.has(fromCluster),
      );
      // What an interrupted move had held before this one is held again.
      const held = tasksOf(part.binding).filter(
        ({ producer, fromCluster }) => producer === PRODUCER && !arrived.has(fromCluster),
      );
      return { ...after, spec: { ...after.spec, gracefulEvictionTasks: [...kept, ...held] } };
    });
  }
  for (const follower of await followers(moves, hub)) await free(bindingOf(follower), hub);
}

const free = (reference: Reference, hub: ApiObjects): Promise<void> =>
  rewrite(hub, reference, (binding) => {
    const kept = tasksOf(binding).filter(({ producer }) => producer !== PRODUCER);
    const { gracefulEvictionTasks: _tasks, ...spec } = binding.spec;
    return { ...binding, spec: { ...spec, ...(kept.length > 0 && { gracefulEvictionTasks: kept }) } };
  });

async function letGo({ moves, edits }: Moves, ports: CarryOutPorts): Promise<void> {
  const { hub } = ports;
  for (const { part } of moves) await free(part.reference, hub);
  for (const { part, leaves } of moves) for (const name of leaves) await untilGone(part.binding, name, ports);
  for (const follower of await followers(moves, hub)) await free(bindingOf(follower), hub);
  for (const { part, record } of moves) if (record === null) await forgetRecord(part, hub);
  for (const { policy, goesInTheEnd } of edits) if (goesInTheEnd) await hub.remove(policy);
}

const forgetRecord = ({ reference }: Part, hub: ApiObjects): Promise<void> =>
  rewrite(hub, reference, (binding) => {
    const { [RECORD_ANNOTATION]: _record, ...annotations } = binding.metadata.annotations ?? {};
    return { ...binding, metadata: { ...binding.metadata, annotations } };
  });
