// Carries a plan out on a hub: what others build on first, each binding before its template, and what is no longer asked for last.
import { randomUUID } from 'node:crypto';
import type {
  Interpreter,
  KubeObject,
  Plan,
  PlannedWorkload,
  PropagationPolicy,
  ResourceBinding,
} from '../../../engine/index.ts';
import { type ApiObjects, ApiProblem, isSilence, type Reference } from '../api-objects.ts';
import { severalAtOnce } from '../several-at-once.ts';
import { whyNotWell } from '../wellness.ts';
import {
  bindingReference,
  isSamePlacement,
  MANAGER,
  type ObjectChange,
  type PlacementChange,
  plannedTargets,
} from './changes.ts';
import type { Inventory, Made } from './inventory.ts';
import { identify, idLabelOf, type Pin, pinAfter, pinBefore, pinFinder, pinsFor } from './pins.ts';
import { type Ends, isPlacedInWaves, isRollout, untilLookedAfter, whyInWaves } from './rollouts.ts';

export interface ApplyWork {
  readonly plan: Plan;
  readonly objects: readonly ObjectChange[];
  readonly placements: readonly PlacementChange[];
  readonly removals: readonly { readonly made: Made }[];
}

export interface ApplyPorts {
  readonly hub: ApiObjects;
  readonly interpreter: Interpreter;
  readonly inventory: Inventory;
  readonly force: boolean;
}

const POLICY = { apiVersion: 'policy.karmada.io/v1alpha1', kind: 'PropagationPolicy' };
const CLUSTER_POLICY = { ...POLICY, kind: 'ClusterPropagationPolicy' };

const isPolicy = ({ kind }: KubeObject): boolean => kind === POLICY.kind || kind === CLUSTER_POLICY.kind;

/** A policy is known by an id that the hub gives it; one that is still to come gets its own here, so that bindings can name it. */
export const withPolicyIds = (objects: readonly ObjectChange[]): readonly ObjectChange[] =>
  objects.map((change) => {
    if (!isPolicy(change.object)) return change;
    const label = idLabelOf(change.object as unknown as PropagationPolicy);
    const { metadata } = change.object;
    const id = change.there?.metadata.labels?.[label] ?? metadata.labels?.[label] ?? randomUUID();
    return {
      ...change,
      object: { ...change.object, metadata: { ...metadata, labels: { ...metadata.labels, [label]: id } } },
    };
  });

export async function carryOut(work: ApplyWork, ports: ApplyPorts): Promise<readonly Pin[]> {
  const { hub, inventory } = ports;
  const objects = withPolicyIds(work.objects);
  const changing = objects.filter(({ action }) => action !== 'keep');
  const ground = changing.filter(({ object }) => isGround(object));
  const rest = changing.filter(({ object }) => !isGround(object));
  // Whoever may not note what is made makes nothing.
  if (changing.some(({ action }) => action === 'create')) await inventory.write();
  try {
    for (const change of ground) {
      const made = await write(change, ports);
      if (isRollout(made)) await untilLookedAfter(made, work.plan, hub);
    }
    if (ground.some(({ object }) => object.kind === 'CustomResourceDefinition')) await served(rest, hub);
    const pins = await pinsOf(work, objects, ports);
    const pinOf = pinFinder(pins);
    await severalAtOnce(pins, (pin) => pinBefore(hub, pin));
    for (const change of rest.filter(({ object }) => isPolicy(object))) await write(change, ports);
    await severalAtOnce(
      rest.filter(({ object }) => !isPolicy(object)),
      async (change) => {
        const made = await write(change, ports);
        const pin = pinOf(made);
        if (pin !== null) await identify(hub, pin, made);
      },
    );
    for (const { made } of [...work.removals].reverse()) {
      await hub.remove(made, { uid: made.uid });
      inventory.forget(made);
    }
    return pins;
  } finally {
    // Whatever came in between: what was made is known to be ours.
    await inventory.write();
  }
}

const GROUND = new Set([
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'StagedRollout',
  'ClusterOverridePolicy',
  'OverridePolicy',
]);
const isGround = ({ kind }: KubeObject): boolean => GROUND.has(kind);

async function write({ action, object }: ObjectChange, { hub, inventory, force }: ApplyPorts): Promise<KubeObject> {
  const { apiVersion, kind } = object;
  const made = { ...(await hub.apply(object, { manager: MANAGER, force })), apiVersion, kind };
  if (action === 'create') inventory.note(made);
  return made;
}

const SERVED_MS = 15_000;
const LOOK_MS = 250;

/** A definition is served a moment after it is stored. */
async function served(rest: readonly ObjectChange[], hub: ApiObjects): Promise<void> {
  const deadline = performance.now() + SERVED_MS;
  for (;;) {
    await hub.forget();
    const found = await Promise.all(rest.map(({ object }) => hub.find(object)));
    const missing = rest[found.indexOf(null)];
    if (missing === undefined) return;
    if (performance.now() > deadline) throw new ApiProblem(`the hub does not serve ${missing.object.kind} yet`, null);
    await pause();
  }
}

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS));

/** Of all workloads that something changes for. */
async function pinsOf(
  { plan, placements }: ApplyWork,
  objects: readonly ObjectChange[],
  { hub, interpreter }: ApplyPorts,
): Promise<readonly Pin[]> {
  const given = objects.map(({ object, there }) => identified(object, there));
  const policies = [...given.filter(({ kind }) => kind === POLICY.kind), ...(await hub.list(POLICY))];
  const general = [...given.filter(({ kind }) => kind === CLUSTER_POLICY.kind), ...(await hub.list(CLUSTER_POLICY))];
  const isChanging = objects.some(({ action, object }) => action !== 'keep' && isPolicy(object));
  const templates: KubeObject[] = [...given];
  const wanted: PlannedWorkload[] = [];
  for (const workload of plan.workloads.filter((one) => one.outcome === 'placed' && !isPlacedInWaves(one))) {
    const own = objects.find(({ object }) => isObjectOf(workload, object));
    const moves = placements.some((one) => one.workload === workload);
    if (!moves && !isChanging && (own === undefined || own.action === 'keep')) continue;
    wanted.push(workload);
    if (own !== undefined) continue;
    const { apiVersion, kind, namespace, name } = workload;
    const reference: Reference = { apiVersion, kind, name, ...(namespace !== null && { namespace }) };
    const there = await hub.get(reference);
    if (there !== null) templates.push({ ...there, apiVersion, kind });
  }
  const sources = { templates, policies: firstOf(policies), clusterPolicies: firstOf(general) };
  return pinsFor(wanted, sources, interpreter);
}

const isObjectOf = (workload: PlannedWorkload, { apiVersion, kind, metadata }: KubeObject): boolean =>
  apiVersion === workload.apiVersion &&
  kind === workload.kind &&
  metadata.name === workload.name &&
  (metadata.namespace ?? null) === workload.namespace;

function identified(object: KubeObject, there: KubeObject | null): KubeObject {
  const uid = there?.metadata.uid;
  return uid === undefined ? object : { ...object, metadata: { ...object.metadata, uid } };
}

/** What is applied stands before what the hub has of that name. */
function firstOf(policies: readonly KubeObject[]): PropagationPolicy[] {
  const byName = new Map<string, KubeObject>();
  for (const policy of policies) {
    const key = `${policy.metadata.namespace ?? ''}/${policy.metadata.name}`;
    if (!byName.has(key)) byName.set(key, policy);
  }
  return [...byName.values()] as unknown as PropagationPolicy[];
}

/** So often somebody else may decide otherwise before that is told. */
const PINS_MAX = 5;
const NAMED = 5;

/** Until everything is placed as planned and runs; all that is not yet is told where the time is up. */
export async function untilWell(
  plan: Plan,
  hub: ApiObjects,
  waitMs: number,
  show: (text: string) => void,
  ends: Ends,
): Promise<void> {
  const waiting = new Map(plan.workloads.filter(({ outcome }) => outcome === 'placed').map((one) => [one, 0]));
  const all = waiting.size;
  const deadline = performance.now() + waitMs;
  for (;;) {
    const late: string[] = [];
    await severalAtOnce([...waiting], async ([workload, pinned]) => {
      const why = await whyNotYet(workload, hub, ends);
      if (why === null) waiting.delete(workload);
      else late.push(`${workload.kind} ${workload.name}: ${why}`);
      if (why !== OTHERWISE) return;
      if (pinned >= PINS_MAX)
        throw new ApiProblem(`${workload.kind} ${workload.name} is placed otherwise by the hub`, null);
      await pinAfter(hub, { workload });
      waiting.set(workload, pinned + 1);
    });
    if (waiting.size === 0) return;
    show(`${all - waiting.size} of ${all} run as planned`);
    if (performance.now() > deadline) {
      const more = late.length > NAMED ? `; and ${late.length - NAMED} more` : '';
      throw new ApiProblem(`applied, and not all of it runs yet: ${late.slice(0, NAMED).join('; ')}${more}`, null);
    }
    await pause();
  }
}

const OTHERWISE = 'it is placed otherwise';

/** A hub that does not answer for a while is asked again until the time is up. */
async function whyNotYet(workload: PlannedWorkload, hub: ApiObjects, ends: Ends): Promise<string | null> {
  const waiting = await unlessSilent(() => whyInWaves(workload, hub, ends));
  return waiting ?? unlessSilent(() => whyNotAsPlanned(workload, hub));
}

async function unlessSilent(why: () => Promise<string | null>): Promise<string | null> {
  try {
    return await why();
  } catch (error) {
    if (isSilence(error)) return error.message;
    throw error;
  }
}

async function whyNotAsPlanned(workload: PlannedWorkload, hub: ApiObjects): Promise<string | null> {
  const found = await hub.get(bindingReference(workload));
  if (found === null) return 'it has no binding yet';
  const binding = found as unknown as ResourceBinding;
  const { schedulerObservedGeneration: seen } = binding.status ?? {};
  if (seen !== binding.metadata.generation) return 'the scheduler has not seen it yet';
  const targets = plannedTargets(workload);
  if (!isSamePlacement(binding.spec.clusters ?? [], targets)) {
    return isPlacedInWaves(workload) ? 'it is not placed as planned' : OTHERWISE;
  }
  const { apiVersion, kind, namespace, name } = workload;
  const template = await hub.get({ apiVersion, kind, name, ...(namespace !== null && { namespace }) });
  for (const target of targets) {
    const why = await whyNotWell(hub, binding, target, template);
    if (why !== null) return why;
  }
  return null;
}
