// Taints that people put on clusters and take away again: how they are written, and the write that loses nobody else's change.
import {
  type Cluster,
  findCondition,
  formatTaint,
  type KubeObject,
  objectKey,
  type ResourceBinding,
  type Taint,
  type TaintEffect,
} from '../../engine/index.ts';
import type { HttpApi } from './http-api.ts';

export type TaintChange =
  | { readonly verb: 'add'; readonly taint: Taint }
  /** Null takes away every effect of the key. */
  | { readonly verb: 'remove'; readonly key: string; readonly effect: TaintEffect | null };

export class TaintError extends Error {
  override readonly name = 'TaintError';
}

const UNSCHEDULABLE = 'cluster.karmada.io/unschedulable';

export const CORDON: readonly TaintChange[] = [{ verb: 'add', taint: { key: UNSCHEDULABLE, effect: 'NoSchedule' } }];
/** What drained is let in again by whoever uncordons: so it has the same key. */
export const DRAIN: readonly TaintChange[] = [
  ...CORDON,
  { verb: 'add', taint: { key: UNSCHEDULABLE, effect: 'NoExecute' } },
];
export const UNCORDON: readonly TaintChange[] = [{ verb: 'remove', key: UNSCHEDULABLE, effect: null }];

const EFFECTS: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] satisfies TaintEffect[];
const KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/;

/** "key=value:Effect" and "key:Effect" add; "key:Effect-" and "key-" remove. */
export function readTaintChange(text: string): TaintChange {
  const isRemoval = text.endsWith('-');
  const [, key = '', value, effect] =
    /^([^=:]*)(?:=([^:]*))?(?::(.*))?$/.exec(isRemoval ? text.slice(0, -1) : text) ?? [];
  const refuse = (why: string) => new TaintError(`taint ${text}: ${why}`);
  if (!KEY.test(key)) throw refuse('its key is no valid name');
  if (effect !== undefined && !EFFECTS.includes(effect)) throw refuse(`its effect is none of ${EFFECTS.join(', ')}`);
  const known = (effect ?? null) as TaintEffect | null;
  if (isRemoval) return { verb: 'remove', key, effect: known };
  if (known === null) throw refuse('it has no effect: write key=value:Effect, or key- to remove it');
  if (value !== undefined && !VALUE.test(value)) throw refuse('its value is not valid');
  return { verb: 'add', taint: { key, ...(value ? { value } : {}), effect: known } };
}

/** A taint is known by its key and its effect. Null where all is as wanted already. */
export function taintsAfter(
  taints: readonly Taint[],
  changes: readonly TaintChange[],
  overwrite: boolean,
): readonly Taint[] | null {
  let after = [...taints];
  let hasChanged = false;
  for (const change of changes) {
    if (change.verb === 'remove') {
      const { key, effect } = change;
      const kept = after.filter((one) => one.key !== key || (effect !== null && one.effect !== effect));
      hasChanged ||= kept.length < after.length;
      after = kept;
      continue;
    }
    const { taint } = change;
    const index = after.findIndex(({ key, effect }) => key === taint.key && effect === taint.effect);
    const there = after[index];
    if (there === undefined) after.push(taint);
    else if ((there.value ?? '') === (taint.value ?? '')) continue;
    else if (overwrite) after[index] = taint;
    else throw new TaintError(`the cluster has the taint ${formatTaint(there)} already: --overwrite changes it`);
    hasChanged = true;
  }
  return hasChanged ? after : null;
}

export interface ChangeTaints {
  readonly cluster: string;
  readonly changes: readonly TaintChange[];
  readonly overwrite: boolean;
  readonly dryRun: boolean;
}

const CONFLICT = 409;
/** Others write clusters every few seconds at most. */
const ATTEMPTS = 10;

/** False where there was nothing to change. */
export async function changeTaints(
  hub: HttpApi,
  { cluster, changes, overwrite, dryRun }: ChangeTaints,
): Promise<boolean> {
  const path = `/apis/cluster.karmada.io/v1alpha1/clusters/${encodeURIComponent(cluster)}`;
  for (let attempt = 1; ; attempt += 1) {
    const { metadata, spec } = (await ask(hub, { method: 'GET', path })) as unknown as Cluster & KubeObject;
    const taints = taintsAfter(spec.taints ?? [], changes, overwrite);
    if (taints === null) return false;
    const body = JSON.stringify({ metadata: { resourceVersion: metadata.resourceVersion }, spec: { taints } });
    const answer = await hub.send({
      method: 'PATCH',
      path: dryRun ? `${path}?dryRun=All` : path,
      body,
      contentType: 'application/merge-patch+json',
    });
    if (answer.ok && answer.status < 300) return true;
    if (answer.ok && answer.status === CONFLICT && attempt < ATTEMPTS) continue;
    throw new TaintError(problemOf(answer, path));
  }
}

const BINDING_COLLECTIONS = ['resourcebindings', 'clusterresourcebindings'];

export interface BindingThere {
  readonly name: string;
  /** Why it has nowhere else to go; null where that is not what keeps it. */
  readonly why: string | null;
}

/** Those that target a cluster, or are on their way out of it. */
export async function bindingsOn(hub: HttpApi, cluster: string): Promise<readonly BindingThere[]> {
  const found: BindingThere[] = [];
  for (const plural of BINDING_COLLECTIONS) {
    const list = await ask(hub, { method: 'GET', path: `/apis/work.karmada.io/v1alpha2/${plural}` });
    for (const { metadata, spec, status } of (list.items ?? []) as unknown as ResourceBinding[]) {
      const isTarget = (spec.clusters ?? []).some(({ name }) => name === cluster);
      const isLeaving = (spec.gracefulEvictionTasks ?? []).some(({ fromCluster }) => fromCluster === cluster);
      if (!isTarget && !isLeaving) continue;
      const scheduled = findCondition(status?.conditions, 'Scheduled');
      const why = scheduled?.status === 'False' ? scheduled.message : null;
      found.push({ name: objectKey(metadata.namespace ?? '', metadata.name), why });
    }
  }
  return found;
}

async function ask(hub: HttpApi, asked: Parameters<HttpApi['send']>[0]): Promise<Record<string, unknown>> {
  const answer = await hub.send(asked);
  if (!answer.ok || answer.status >= 300) throw new TaintError(problemOf(answer, asked.path));
  return JSON.parse(answer.text) as Record<string, unknown>;
}

function problemOf(answer: Awaited<ReturnType<HttpApi['send']>>, path: string): string {
  if (!answer.ok) return `the hub does not answer: ${answer.message}`;
  try {
    return String((JSON.parse(answer.text) as { message?: unknown }).message);
  } catch {
    return `the hub answers ${path} with status ${answer.status}`;
  }
}
