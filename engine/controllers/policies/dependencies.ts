// What a workload needs goes along: its binding notes what it refers to, and each of those has a binding that follows all who need it.
import type { ResourceBinding } from '../../api/binding.ts';
import { ANNOTATIONS, FINALIZERS } from '../../api/names.ts';
import { resourceSelectorSchema } from '../../api/policy.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { deepEqual, isObject, type JsonObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { listOf } from '../../kube/schema/typed-schema.ts';
import type { Millis } from '../../kube/time.ts';
import type { Switches } from '../../profile/switches.ts';
import { attachedBinding, conflictingWishes, dependencyRecord, isDependency } from '../../propagate/dependencies.ts';
import { isSameEdition, withEdition } from '../../propagate/edition.ts';
import { PropagationError } from '../../propagate/errors.ts';
import type { DependentReference, Interpreter } from '../../propagate/interpret/interpreter.ts';
import type { Change } from '../../store/change.ts';
import type { IndexDefinition } from '../../store/indexes.ts';
import { keyOf } from '../../store/key.ts';
import { noteReader } from '../annotations.ts';
import {
  BINDINGS,
  type BindingKey,
  bindingAt,
  bindingKeyFor,
  keyOfBinding,
  objectKeyOf,
  templateOf,
} from '../bindings.ts';
import { isWish } from '../changes.ts';
import { collectionOf, DEFINED_KIND_INDEX } from '../kinds.ts';
import { AT_ONCE, onceMore } from '../once-more.ts';
import type { ControlPorts } from '../ports.ts';
import { asSeen, createIn, event, eventsAbout, isHeldBy, patch, release, remove, updateWish } from '../writes.ts';
import { isTemplateCollection } from './templates.ts';

const NEEDS = 'needs';
const ANY = '*';

const needKey = (apiVersion: string, kind: string, namespace: string, name: string): string =>
  `${apiVersion} ${kind} ${namespace} ${name}`;

/** What is needed is named as a policy names what it selects. */
const notedReferences = noteReader<readonly DependentReference[]>(
  ANNOTATIONS.bindingDependencies,
  listOf('What is needed.', resourceSelectorSchema),
);

const NOTHING_NEEDED: readonly DependentReference[] = [];

const referencesIn = ({ metadata }: Pick<ResourceBinding, 'metadata'>): readonly DependentReference[] =>
  notedReferences(metadata) ?? NOTHING_NEEDED;

/** Bindings by what their objects need. */
const BINDINGS_BY_NEED: readonly IndexDefinition[] = BINDINGS.map((collection) => ({
  name: NEEDS,
  collection,
  valuesOf: (object) => [
    ...new Set(
      referencesIn(object as unknown as ResourceBinding).map(({ apiVersion, kind, namespace = '', name }) =>
        needKey(apiVersion, kind, namespace, name || ANY),
      ),
    ),
  ],
}));

/** Notes on a binding what its object refers to. */
export function dependencyNotes({ interpreter, profile }: ControlPorts): Controller {
  const isOn = profile.gates.PropagateDeps;
  return {
    name: 'dependency-notes',
    indexes: [DEFINED_KIND_INDEX],
    ignoresEchoes: true,
    watches: [
      ...BINDINGS.map((collection) => ({
        on: 'hub' as const,
        collection,
        keysOf: (change: Change) =>
          change.type !== 'DELETED' && isWish(change) && hasNotes(change.object as unknown as ResourceBinding)
            ? [keyOfBinding(change.object)]
            : [],
      })),
      {
        on: 'hub',
        collection: isTemplateCollection,
        keysOf: (change, view) => (change.type !== 'DELETED' && isWish(change) ? notedFor(change.object, view) : []),
      },
    ],
    reconcile: (key, view) => {
      const binding = isOn ? bindingAt(view, key) : null;
      if (binding === null || !hasNotes(binding)) return NOTHING_TO_DO;
      if (binding.metadata.deletionTimestamp !== undefined) return letGo(key, binding);
      const template = templateOf(binding, view);
      return template === null ? NOTHING_TO_DO : note(key, binding, template, view, interpreter);
    },
  };
}

function note(
  key: BindingKey,
  binding: ResourceBinding,
  template: KubeObject,
  { attempt }: View,
  interpreter: Interpreter,
): Outcome {
  const known = binding.metadata.annotations?.[ANNOTATIONS.bindingDependencies];
  try {
    const wanted = binding.spec.propagateDeps === true ? dependencyRecord(interpreter.dependencies(template)) : {};
    const text = wanted[ANNOTATIONS.bindingDependencies] ?? null;
    if (text === (known ?? null)) return NOTHING_TO_DO;
    const change: JsonObject = { metadata: { annotations: { [ANNOTATIONS.bindingDependencies]: text } } };
    return { commands: [patch(objectKeyOf(key), binding, change)], requeue: 'await-change', events: [] };
  } catch (error) {
    if (!(error instanceof PropagationError)) throw error;
    const told = eventsAbout(binding, objectKeyOf(key), 'Warning', 'GetDependenciesFailed', error.message);
    return { commands: [], requeue: 'back-off', events: attempt.failures === 0 ? told : [] };
  }
}

/** What it needs is to be noted, or was. */
const hasNotes = (binding: ResourceBinding): boolean =>
  binding.spec.propagateDeps === true ||
  binding.metadata.annotations?.[ANNOTATIONS.bindingDependencies] !== undefined ||
  isHeldBy(binding, FINALIZERS.dependencies);

function notedFor(template: KubeObject, view: View): readonly BindingKey[] {
  const key = bindingKeyFor(template);
  const binding = bindingAt(view, key);
  return binding !== null && hasNotes(binding) ? [key] : [];
}

/** Karmada holds such bindings back until it has looked at what they needed; here that is looked at when they are gone. */
function letGo(key: BindingKey, binding: ResourceBinding): Outcome {
  if (!isHeldBy(binding, FINALIZERS.dependencies)) return NOTHING_TO_DO;
  const commands = [release(objectKeyOf(key), binding, FINALIZERS.dependencies)];
  return { commands, requeue: 'await-change', events: [] };
}

/** Keeps the bindings of what others need. */
export function dependencies({ profile }: ControlPorts): Controller {
  const isOn = profile.gates.PropagateDeps;
  return {
    name: 'dependencies-distributor',
    indexes: [...BINDINGS_BY_NEED, DEFINED_KIND_INDEX],
    ignoresEchoes: true,
    watches: [
      ...BINDINGS.map((collection) => ({ on: 'hub' as const, collection, keysOf: neededByBinding })),
      {
        on: 'hub',
        collection: isTemplateCollection,
        keysOf: (change, view) =>
          change.type !== 'DELETED' && isWish(change) && isNeeded(change.object, view)
            ? [textOf(change.collection, change.object)]
            : [],
      },
    ],
    reconcile: (key, view, now) => (isOn ? attach(key, view, now, profile.switches) : NOTHING_TO_DO),
  };
}

const textOf = (collection: string, { metadata }: KubeObject): string =>
  `${collection} ${metadata.namespace ?? ''} ${metadata.name}`;

/** Of what it needs, or needed before; and of its own object, where it says that it is needed, or may be when the binding has gone. */
function neededByBinding(change: Change, view: View): readonly string[] {
  if (!isWish(change)) return [];
  const binding = change.object as unknown as ResourceBinding;
  const own = change.type === 'DELETED' || isSaidToBeNeeded(binding) ? ownOf(binding, view) : [];
  const versions = [change.object, change.previous].filter((one) => one !== null) as unknown as ResourceBinding[];
  const keys = versions.flatMap(referencesIn).flatMap((reference) => {
    const collection = collectionOf(reference, view);
    if (collection === null) return [];
    const { namespace = '', name } = reference;
    if (name) return [`${collection} ${namespace} ${name}`];
    return view
      .list(collection, namespace)
      .filter((object) => isDependency(object, reference))
      .map((object) => textOf(collection, object));
  });
  return [...new Set([...keys, ...own])];
}

function ownOf({ spec: { resource } }: ResourceBinding, view: View): readonly string[] {
  const collection = collectionOf(resource, view);
  return collection === null ? [] : [`${collection} ${resource.namespace ?? ''} ${resource.name}`];
}

const isSaidToBeNeeded = (binding: ResourceBinding | null): boolean =>
  binding !== null && binding.spec.requiredBy !== undefined && binding.spec.requiredBy !== null;

/** Nearly nothing is: who comes to need it, or says that it is needed, is looked at as well. */
const isNeeded = (object: KubeObject, view: View): boolean =>
  bindingsNaming(object, view).length > 0 || isSaidToBeNeeded(bindingAt(view, bindingKeyFor(object)));

function attach(text: string, view: View, now: Millis, { followsTemplates }: Switches): Outcome {
  const [collection, namespace, name] = text.split(' ') as [string, string, string];
  const dependency = view.get(collection, namespace, name);
  if (dependency === null || dependency.metadata.deletionTimestamp !== undefined) return NOTHING_TO_DO;
  const key = bindingKeyFor(dependency);
  const stored = bindingAt(view, key);
  const referrers = referrersOf(dependency, key, view);
  if (referrers.length === 0 && !isSaidToBeNeeded(stored)) return NOTHING_TO_DO;
  if (stored?.metadata.deletionTimestamp !== undefined) return NOTHING_TO_DO;
  if (stored !== null && referrers.length === 0 && stored.spec.placement === undefined) {
    return { commands: [remove(objectKeyOf(key), stored)], requeue: 'await-change', events: [] };
  }
  const { waitMs, remember } = stored === null ? onceMore(view, now) : AT_ONCE;
  if (waitMs > 0) return { commands: [], requeue: { afterMs: waitMs }, events: [] };
  try {
    const attached = attachedBinding(dependency, referrers, stored);
    const wanted = followsTemplates ? attached : withEdition(attached, dependency);
    const bindings = objectKeyOf(key).collection;
    // One that was made before may have gone because what it is for has, which is heard of later.
    const before = isObject(view.remembered) ? [asSeen(collection, dependency)] : [];
    const commands: readonly Command[] =
      stored === null
        ? [...before, createIn(bindings, wanted as unknown as KubeObject)]
        : isSame(stored, wanted)
          ? []
          : [updateWish(bindings, wanted as unknown as KubeObject)];
    const fields = commands.length > 0 ? conflictingWishes(referrers) : [];
    const events = fields.map((field) =>
      event(
        'Warning',
        dependency.kind,
        keyOf(collection, dependency),
        'DependencyPolicyConflict',
        `those that need it differ in ${field}`,
      ),
    );
    return { commands, requeue: 'await-change', events, ...(remember !== undefined && { remember }) };
  } catch (error) {
    if (!(error instanceof PropagationError)) throw error;
    return { commands: [], requeue: 'back-off', events: [] };
  }
}

function referrersOf(dependency: KubeObject, own: BindingKey, view: View): readonly ResourceBinding[] {
  return [...new Set(bindingsNaming(dependency, view))].filter(
    (binding) =>
      binding.metadata.deletionTimestamp === undefined &&
      keyOfBinding(binding) !== own &&
      referencesIn(binding).some((reference) => isDependency(dependency, reference)),
  );
}

/** Those that name it, or any of its kind, as something that they need. */
function bindingsNaming({ apiVersion, kind, metadata }: KubeObject, view: View): readonly ResourceBinding[] {
  const { name, namespace = '' } = metadata;
  return BINDINGS.flatMap((collection) =>
    [name, ANY].flatMap((one) => view.byIndex(collection, NEEDS, needKey(apiVersion, kind, namespace, one))),
  ) as unknown as readonly ResourceBinding[];
}

const isSame = (stored: ResourceBinding, wanted: ResourceBinding): boolean =>
  deepEqual(stored.metadata.labels ?? {}, wanted.metadata.labels ?? {}) &&
  isSameEdition(stored, wanted) &&
  deepEqual(
    { ...stored.spec, resource: { ...stored.spec.resource, resourceVersion: '' } },
    { ...wanted.spec, resource: { ...wanted.spec.resource, resourceVersion: '' } },
  );
