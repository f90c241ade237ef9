// Works -> binding -> template: what the clusters tell is gathered in the binding's status, and summed up in the template's own.
import type { AggregatedStatusItem, ObjectReference, ResourceBinding } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { BINDING_CONDITIONS, type Work } from '../../api/work.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { findCondition, withCondition } from '../../kube/conditions.ts';
import { deepEqual, isObject, type JsonObject } from '../../kube/json.ts';
import { mergePatchBetween } from '../../kube/merge-patch.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { PropagationError } from '../../propagate/errors.ts';
import type { Interpreter } from '../../propagate/interpret/interpreter.ts';
import { aggregatedStatusOf, fullyAppliedCondition, tellsOfOthers } from '../../propagate/status.ts';
import { clustersWithWork } from '../../propagate/targets.ts';
import type { Change } from '../../store/change.ts';
import { keyOf } from '../../store/key.ts';
import {
  BINDINGS,
  type BindingKey,
  bindingAt,
  bindingKeyIn,
  bindingKeysFor,
  keyOfBinding,
  objectKeyOf,
  templateOf,
  WORKS_BY_BINDING,
  worksOf,
} from '../bindings.ts';
import { isOther, isReport, isWish } from '../changes.ts';
import { joined, type News } from '../joining.ts';
import { collectionOf, DEFINED_KIND_INDEX } from '../kinds.ts';
import { isTemplateCollection } from '../policies/templates.ts';
import type { ControlPorts } from '../ports.ts';
import { eventsAbout, patchStatus } from '../writes.ts';

const BACK_OFF = { baseMs: 50, maxMs: 10_000 };

/** What has just been placed is applied soon, and tells soon how it is. */
const BEGINNING_MS: Millis = 1_500;

/** What has just been changed is changed in every cluster at about the same time, and each tells of it before long. */
const CHANGING_MS: Millis = 1_500;

export function bindingStatus(ports: ControlPorts): Controller {
  return {
    name: 'binding-status',
    indexes: [WORKS_BY_BINDING, DEFINED_KIND_INDEX],
    backOff: BACK_OFF,
    ignoresEchoes: true,
    watches: [
      { on: 'hub', collection: COLLECTIONS.works, keysOf: ofWork },
      ...BINDINGS.map((collection) => ({ on: 'hub' as const, collection, keysOf: ofBinding })),
      // A template that nobody has yet still tells that its newest generation has been seen.
      { on: 'hub', collection: isTemplateCollection, keysOf: ofTemplate },
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, ports),
  };
}

function ofWork(change: Change): readonly BindingKey[] {
  const { object, previous } = change;
  const key = bindingKeyIn(object.metadata);
  const before = previous === null ? key : bindingKeyIn(previous.metadata);
  const isMoved = key !== before;
  if (!isMoved && !isNews(change)) return [];
  return [key, isMoved ? before : null].filter((one) => one !== null);
}

/**
 * Differs from Karmada: a Work that begins to go, or a binding that is asked for elsewhere, is news at once. There what the Work told
 * last stays until it has gone, however long that takes.
 */
function isNews(change: Change): boolean {
  const { object, previous } = change;
  if (previous === null || isReport(change)) return true;
  if (object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp) return true;
  return tellsOfOthers(object as unknown as Work, previous as unknown as Work);
}

/** What it tells itself is looked at, too: it may have been told by a view that was behind. */
const ofTemplate = (change: Change, view: View): readonly BindingKey[] =>
  change.type !== 'DELETED' && (isWish(change) || isReport(change)) ? bindingKeysFor(change.object, view) : [];

function ofBinding({ type, object, previous }: Change): readonly BindingKey[] {
  if (type === 'DELETED') return [];
  const [now, before] = [object, previous] as unknown as [ResourceBinding, ResourceBinding | null];
  return before === null || isElsewhere(now, before) || isToldOtherwise(now, before) ? [keyOfBinding(object)] : [];
}

/** Others are asked for it, or it is another; how many replicas each has is told by themselves. */
function isElsewhere({ metadata, spec }: ResourceBinding, before: ResourceBinding): boolean {
  if (metadata.uid !== before.metadata.uid || isOther(metadata.labels, before.metadata.labels)) return true;
  if (metadata.deletionTimestamp !== before.metadata.deletionTimestamp) return true;
  if (spec === before.spec) return false;
  const [clusters, known] = [clustersWithWork(spec), clustersWithWork(before.spec)];
  return isOther([...clusters], [...known]) || !isSameResource(spec.resource, before.spec.resource);
}

const isSameResource = (a: ObjectReference, b: ObjectReference): boolean =>
  a.uid === b.uid &&
  a.name === b.name &&
  a.namespace === b.namespace &&
  a.kind === b.kind &&
  a.apiVersion === b.apiVersion;

function isToldOtherwise({ status }: ResourceBinding, { status: before }: ResourceBinding): boolean {
  if (status === before) return false;
  const [now, then] = [status, before].map((one) => findCondition(one?.conditions, BINDING_CONDITIONS.fullyApplied));
  return isOther(status?.aggregatedStatus, before?.aggregatedStatus) || isOther(now, then);
}

function reconcile(key: BindingKey, view: View, now: Millis, { interpreter }: ControlPorts): Outcome {
  const binding = bindingAt(view, key);
  if (binding === null || binding.metadata.deletionTimestamp !== undefined) return NOTHING_TO_DO;
  return joined(view, newsOf(key, binding, view, now, interpreter), now);
}

function newsOf(
  key: BindingKey,
  binding: ResourceBinding,
  view: View,
  now: Millis,
  interpreter: Interpreter,
): News | null {
  const items = aggregatedStatusOf(worksOf(view, binding), binding.spec.resource);
  const own = ownStatus(key, binding, items, now);
  const commands: Command[] = own === null ? [] : [own];
  const template = templateOf(binding, view);
  const wait = waitFor(binding, template, items);
  try {
    const told = template === null ? null : templateStatus(template, items, view, now, interpreter);
    if (told !== null) commands.push(told);
    return commands.length === 0 ? null : { outcome: { commands, requeue: 'await-change', events: [] }, ...wait };
  } catch (error) {
    if (!(error instanceof PropagationError)) throw error;
    const told = eventsAbout(binding, objectKeyOf(key), 'Warning', 'AggregateStatusFailed', error.message);
    return { outcome: { commands, requeue: 'await-change', events: told }, ...wait };
  }
}

function waitFor(
  binding: ResourceBinding,
  template: KubeObject | null,
  items: readonly AggregatedStatusItem[],
): Pick<News, 'waitsMs' | 'listens'> {
  if (isBeginning(binding, items)) return { waitsMs: BEGINNING_MS };
  return isChanging(template, items) ? { waitsMs: CHANGING_MS, listens: true } : { waitsMs: 0 };
}

/** Some cluster has told nothing yet of what it was given. */
function isBeginning({ spec }: ResourceBinding, items: readonly AggregatedStatusItem[]): boolean {
  const heard = new Set(items.filter(({ status }) => status !== undefined).map(({ clusterName }) => clusterName));
  return [...clustersWithWork(spec)].some((name) => !heard.has(name)) || heard.size === 0;
}

/** Some cluster tells of an earlier version of what it was given, and others of the newest. */
function isChanging(template: KubeObject | null, items: readonly AggregatedStatusItem[]): boolean {
  const newest = template?.metadata.generation;
  const isOfNewest = ({ status }: AggregatedStatusItem) =>
    isObject(status) && status.resourceTemplateGeneration === newest;
  return newest !== undefined && items.some(isOfNewest) && !items.every(isOfNewest);
}

function templateStatus(
  template: KubeObject,
  items: readonly AggregatedStatusItem[],
  view: View,
  now: Millis,
  interpreter: Interpreter,
): Command | null {
  const { status } = interpreter.aggregate(template, items, now);
  const change = mergePatchBetween({ status: template.status }, { status });
  if (change.status === undefined) return null;
  const collection = collectionOf(template, view);
  return collection === null ? null : patchStatus(keyOf(collection, template), template, change.status as JsonObject);
}

function ownStatus(
  key: BindingKey,
  binding: ResourceBinding,
  items: readonly AggregatedStatusItem[],
  now: Millis,
): Command | null {
  const { status, spec } = binding;
  const applied = fullyAppliedCondition(spec, items);
  const known = findCondition(status?.conditions, BINDING_CONDITIONS.fullyApplied);
  const isApplied =
    known?.status === applied.status && known.reason === applied.reason && known.message === applied.message;
  // Before anything is placed there is nothing to tell.
  const isNew = known === undefined && items.length === 0 && (spec.clusters ?? []).length === 0;
  if ((isApplied || isNew) && deepEqual(items, status?.aggregatedStatus ?? [])) return null;
  const conditions = withCondition(status?.conditions, applied, now);
  return patchStatus(objectKeyOf(key), binding, { aggregatedStatus: items, conditions } as unknown as JsonObject);
}
