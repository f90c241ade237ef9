// Works out a move, a copy, or the way back, before anything is written: what each policy and each binding is to say, and whether
// the scheduler would agree.
import {
  type Cluster,
  canonicalJson,
  clonedPlacement,
  hasConditionStatus,
  type Interpreter,
  type KubeObject,
  movedPlacement,
  type Placement,
  type Profile,
  type PropagationPolicy,
  type ResourceBinding,
  type TargetCluster,
} from '../../../engine/index.ts';
import { type ApiObjects, type Reference, referenceTo } from '../api-objects.ts';
import { type Application, CLUSTER_POLICY, type Part, POLICY, policyOf, RelocationProblem } from './application.ts';
import { pastWaves } from './past-waves.ts';
import { preflight } from './preflight.ts';
import { isHeld, type RelocationRecord, recordOf, type Situation } from './record.ts';

export interface Move {
  readonly part: Part;
  /** As it is now, should it have to be put back. */
  readonly before: Situation;
  readonly goal: Situation;
  /** Kept until all that arrives is well. */
  readonly leaves: readonly string[];
  readonly arrives: readonly string[];
  /** Noted on the binding; null takes the note away in the end. */
  readonly record: RelocationRecord | null;
}

export interface PolicyEdit {
  readonly policy: Reference;
  readonly before: Pick<Situation, 'placement' | 'propagateDeps'>;
  readonly after: Pick<Situation, 'placement' | 'propagateDeps'>;
  /** A policy for these parts alone, where the one that they have places others, too. */
  readonly making: (PropagationPolicy & KubeObject) | null;
  readonly parts: readonly Part[];
  /** It was made for the move that is undone. */
  readonly goesInTheEnd: boolean;
}

export interface Moves {
  readonly moves: readonly Move[];
  readonly edits: readonly PolicyEdit[];
  /** What is to be known before it is done. */
  readonly notes: readonly string[];
}

export interface RelocationPorts {
  readonly hub: ApiObjects;
  readonly interpreter: Interpreter;
  readonly profile: Profile;
}

export interface RelocationWish {
  readonly verb: 'migrate' | 'clone';
  readonly from: string | null;
  readonly to: string;
  readonly withDependencies: boolean;
  /** Past the waves of a staged rollout, too. */
  readonly force: boolean;
}

export async function planMoves(app: Application, wish: RelocationWish, ports: RelocationPorts): Promise<Moves> {
  const { from, to } = wish;
  if (from === to) throw new RelocationProblem(`it is to leave ${to} and to come to ${to}`);
  const clusters = await clustersOf(ports.hub);
  const concerned = app.parts.filter((part) => isConcerned(part, wish));
  if (concerned.length === 0) {
    const what = app.parts.map(({ title }) => title).join(', ');
    throw new RelocationProblem(from === null ? `${what} is in ${to} already` : `nothing of ${what} is in ${from}`);
  }
  const target = clusterNamed(clusters, to);
  if (from !== null) clusterNamed(clusters, from);
  if (!hasConditionStatus(target.status?.conditions, 'Ready', 'True'))
    throw new RelocationProblem(`${to} is not ready`);
  const edits: PolicyEdit[] = [];
  const moves: Move[] = [];
  for (const parts of byPolicy(concerned)) {
    const edit = await editFor(parts, app, wish, clusters, ports);
    edits.push(edit);
    moves.push(...parts.map((part) => moveFor(part, edit, wish)));
  }
  const passed = await pastWaves(moves, ports.hub);
  if (passed.length > 0 && !wish.force) {
    const why = 'change the policy itself, and the waves take it there; or say --force';
    throw new RelocationProblem(`${passed.join('; ')}: ${why}`);
  }
  return { moves, edits, notes: [...passed, ...preflight(moves, clusters, ports.profile)] };
}

function isConcerned(part: Part, wish: RelocationWish): boolean {
  const names = (part.binding.spec.clusters ?? []).map(({ name }) => name);
  const isStillToDo = wish.from === null ? !names.includes(wish.to) : names.includes(wish.from);
  return isStillToDo || isUnderWay(part, wish);
}

export async function clustersOf(hub: ApiObjects): Promise<readonly Cluster[]> {
  return (await hub.list({ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster' })) as unknown as Cluster[];
}

function clusterNamed(clusters: readonly Cluster[], name: string): Cluster {
  const found = clusters.find(({ metadata }) => metadata.name === name);
  if (found !== undefined) return found;
  const known = clusters.map(({ metadata }) => metadata.name).join(', ');
  throw new RelocationProblem(`the hub knows no cluster ${name}: it knows ${known || 'none'}`);
}

/** It was begun before, and did not come to its end. */
function isUnderWay({ binding, policy }: Part, { verb, from, to }: RelocationWish): boolean {
  const record = recordOf(binding);
  if (record === null || record.verb !== verb || record.from !== from || record.to !== to) return false;
  if (from !== null) return isHeld(binding, from);
  return canonicalJson(policy.spec.placement ?? {}) !== canonicalJson(record.placement);
}

export function byPolicy(parts: readonly Part[]): readonly (readonly Part[])[] {
  const groups = new Map<string, Part[]>();
  for (const part of parts) {
    const key = JSON.stringify(referenceTo(part.policy));
    groups.set(key, [...(groups.get(key) ?? []), part]);
  }
  return [...groups.values()];
}

async function editFor(
  parts: readonly Part[],
  { others }: Application,
  { verb, from, to, withDependencies }: RelocationWish,
  clusters: readonly Cluster[],
  { hub, interpreter }: RelocationPorts,
): Promise<PolicyEdit> {
  const { policy } = parts[0]!;
  const reference = referenceTo(policy);
  const before = { placement: policy.spec.placement ?? {}, propagateDeps: policy.spec.propagateDeps === true };
  const begun = parts.map(({ binding }) => recordOf(binding)).find((one) => one?.verb === verb && one.to === to);
  if (begun !== undefined && begun !== null && canonicalJson(begun.placement) === canonicalJson(before.placement)) {
    return { policy: reference, before: begun.before, after: before, making: null, parts, goesInTheEnd: false };
  }
  const targets = [...new Set(parts.flatMap(({ binding }) => (binding.spec.clusters ?? []).map(({ name }) => name)))];
  const needs = withDependencies && (await needsOthers(parts, hub, interpreter));
  const after = {
    placement: placementAfter(before.placement, from, to, targets, clusters),
    propagateDeps: before.propagateDeps || needs,
  };
  const isShared = others.some((one) => JSON.stringify(policyOf(one)) === JSON.stringify(reference));
  const making = isShared ? await ownPolicy(parts, to, after, begun?.made ?? null, hub) : null;
  return {
    policy: making === null ? reference : referenceTo(making),
    before,
    after,
    making,
    parts,
    goesInTheEnd: false,
  };
}

function placementAfter(
  placement: Placement,
  from: string | null,
  to: string,
  targets: readonly string[],
  clusters: readonly Cluster[],
): Placement {
  const target = clusterNamed(clusters, to);
  if (from !== null)
    return movedPlacement(placement, {
      from: clusterNamed(clusters, from),
      to: target,
      targets: targets.filter((name) => name !== from),
    });
  const cloned = clonedPlacement(placement, target, targets);
  if (!cloned.ok) throw new RelocationProblem(cloned.problem);
  return cloned.placement;
}

/** Whether the hub has something that the parts refer to. */
async function needsOthers(parts: readonly Part[], hub: ApiObjects, interpreter: Interpreter): Promise<boolean> {
  for (const { template } of parts) {
    for (const { name, ...rest } of interpreter.dependencies(template)) {
      if (name !== undefined && (await hub.get({ ...rest, name })) !== null) return true;
    }
  }
  return false;
}

/** It selects the parts by name, and wins over whatever placed them until now. */
async function ownPolicy(
  parts: readonly Part[],
  to: string,
  after: PolicyEdit['after'],
  begun: Reference | null,
  hub: ApiObjects,
): Promise<PropagationPolicy & KubeObject> {
  const { policy, template } = parts[0]!;
  const { namespace } = template.metadata;
  const kind = namespace === undefined ? CLUSTER_POLICY : POLICY;
  const spaces = new Set(parts.map(({ template }) => template.metadata.namespace ?? ''));
  if (spaces.size > 1)
    throw new RelocationProblem(
      `policy ${policy.metadata.name} places other things, too: move one namespace at a time`,
    );
  const { preemption: _preemption, ...spec } = policy.spec;
  const metadata = { name: `${policy.metadata.name}-in-${to}`, ...(namespace !== undefined && { namespace }) };
  if (begun?.name !== metadata.name && (await hub.get({ ...kind, ...metadata })) !== null) {
    throw new RelocationProblem(
      `the hub has a policy ${metadata.name} already, and it does not place what is to be moved`,
    );
  }
  const resourceSelectors = parts.map(({ template }) => ({
    apiVersion: template.apiVersion,
    kind: template.kind,
    ...(namespace !== undefined && { namespace }),
    name: template.metadata.name,
  }));
  const priority = (policy.spec.priority ?? 0) + 1;
  return { ...kind, metadata, spec: { ...spec, resourceSelectors, priority, ...after } };
}

function moveFor(part: Part, edit: PolicyEdit, { verb, from, to }: RelocationWish): Move {
  const { binding } = part;
  const begun = recordOf(binding);
  const now: Situation = {
    placement: binding.spec.placement ?? {},
    propagateDeps: binding.spec.propagateDeps === true,
    clusters: binding.spec.clusters ?? [],
  };
  const isBegun = begun !== null && begun.verb === verb && begun.from === from && begun.to === to;
  const before = isBegun ? begun.before : now;
  const clusters = from === null ? withCopy(now, to, binding) : renamed(now.clusters, from, to);
  const made = edit.making === null ? (isBegun ? begun.made : null) : referenceTo(edit.making);
  const origin = isBegun ? begun.policy : referenceTo(part.policy);
  const record = { verb, from, to, before, placement: edit.after.placement, policy: origin, made };
  return {
    part,
    before,
    goal: { ...edit.after, clusters },
    leaves: from === null ? [] : [from],
    arrives: [to],
    record,
  };
}

function renamed(clusters: readonly TargetCluster[], from: string, to: string): readonly TargetCluster[] {
  const moving = clusters.find(({ name }) => name === from);
  if (moving === undefined) return clusters;
  const there = clusters.find(({ name }) => name === to);
  if (there === undefined) return clusters.map((one) => (one.name === from ? { ...one, name: to } : one));
  const replicas = (there.replicas ?? 0) + (moving.replicas ?? 0);
  return clusters
    .filter(({ name }) => name !== from)
    .map((one) => (one === there && one.replicas !== undefined ? { ...one, replicas } : one));
}

function withCopy({ clusters }: Situation, to: string, { spec }: ResourceBinding): readonly TargetCluster[] {
  if (clusters.some(({ name }) => name === to)) return clusters;
  return [...clusters, { name: to, ...(spec.replicas !== undefined && { replicas: spec.replicas }) }];
}
