// Custom resource definitions: what each one serves, the conditions that tell so, and the cleaning up when it goes.
import {
  applyDefaults,
  type Change,
  formatTime,
  isObject,
  type KubeObject,
  merged,
  rememberedOf,
  type StructuralSchema,
  type TypeShape,
} from '../../engine/index.ts';
import { attempt, type Keeper, SYSTEM_USER, writeStatus } from './housekeeping.ts';
import type { Hub } from './hub.ts';
import { removeObject } from './objects/remove.ts';
import { updateObject } from './objects/write.ts';
import type { Resource, Subresource } from './resource.ts';
import { items, read } from './resources/cells.ts';
import { customColumns } from './resources/custom-columns.ts';
import { readTypes } from './resources/type-notation.ts';
import { metaTypes } from './resources/types/meta.ts';

const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions';
/** Definitions are the API server's own business. */
const WRITER = 'kube-apiserver';
const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

const EVERYTHING = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
const fieldsOf = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});

export class DefinitionKeeper implements Keeper {
  private readonly hub: Hub;
  private isDue = true;
  private served = '';

  constructor(hub: Hub) {
    this.hub = hub;
  }

  notice({ collection, type }: Change): void {
    const isCustom = this.hub.registry.all().some((one) => one.custom !== null && one.collection === collection);
    if (collection === DEFINITIONS || (isCustom && type === 'DELETED')) this.isDue = true;
  }

  work(): boolean {
    if (!this.isDue) return false;
    this.isDue = false;
    let worked = false;
    for (const definition of this.hub.store.list(DEFINITIONS, null)) {
      worked = attempt(() => this.tend(definition)) || worked;
    }
    return this.serve() || worked;
  }

  /** Puts every established definition's versions on the air. */
  private serve(): boolean {
    const definitions = this.hub.store.list(DEFINITIONS, null).filter(isEstablished);
    const state = JSON.stringify(definitions.map(({ metadata }) => [metadata.uid, metadata.generation]));
    if (state === this.served) return false;
    this.served = state;
    this.hub.registry.setCustom(definitions.flatMap((definition) => resourcesOf(this.hub, definition)));
    return true;
  }

  private tend(definition: KubeObject): boolean {
    if (definition.metadata.deletionTimestamp !== undefined) return this.end(definition);
    const spec = fieldsOf(definition.spec);
    const status = fieldsOf(definition.status);
    const now = formatTime(this.hub.now());
    const { accepted, conflict } = acceptNames(this.hub, definition);
    const old = items(status.conditions);
    const wasEstablished = old.some(({ type, status: state }) => type === 'Established' && state === 'True');
    const wanted = [
      conflict === null
        ? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
        : { type: 'NamesAccepted', status: 'False', ...conflict },
      wasEstablished || conflict === null
        ? {
            type: 'Established',
            status: 'True',
            reason: 'InitialNamesAccepted',
            message: 'the initial names have been accepted',
          }
        : {
            type: 'Established',
            status: 'False',
            reason: 'NotAccepted',
            message: 'not all names are accepted',
          },
    ];
    const conditions = wanted.map((condition) => {
      const before = old.find(({ type }) => type === condition.type);
      const since = before !== undefined && before.status === condition.status ? before.lastTransitionTime : now;
      return {
        lastTransitionTime: since,
        message: condition.message,
        reason: condition.reason,
        status: condition.status,
        type: condition.type,
      };
    });
    const storage = items(spec.versions).find((version) => version.storage === true);
    const storedVersions = [
      ...new Set([...texts(status.storedVersions), ...(storage === undefined ? [] : [String(storage.name)])]),
    ];
    const next = { ...status, conditions, acceptedNames: accepted, storedVersions };
    if (JSON.stringify(next) === JSON.stringify(status)) return false;
    this.write(definition, next);
    return true;
  }

  private write(definition: KubeObject, status: unknown): KubeObject {
    const resource = this.hub.registry.find('apiextensions.k8s.io', 'v1', 'customresourcedefinitions')!;
    return writeStatus(this.hub, resource, definition, status, WRITER);
  }

  /** A definition goes only after the last of its objects. */
  private end(definition: KubeObject): boolean {
    if (!definition.metadata.finalizers?.includes(CLEANUP)) return false;
    const resources = this.hub.registry.all().filter((one) => one.custom?.definition === definition.metadata.name);
    const resource = resources[0];
    let worked = false;
    if (resource !== undefined) {
      for (const object of this.hub.store.list(resource.collection, null)) {
        if (object.metadata.deletionTimestamp !== undefined) continue;
        removeObject(this.hub, resource, object, {
          dryRun: false,
          propagation: 'Background',
          uid: null,
          resourceVersion: null,
          gracePeriodSeconds: null,
        });
        worked = true;
      }
    }
    const left = resource === undefined ? 0 : this.hub.store.list(resource.collection, null).length;
    const status = fieldsOf(definition.status);
    if (left > 0) {
      const told = items(status.conditions).filter(({ type }) => type !== 'Terminating');
      const terminating = items(status.conditions).find(({ type }) => type === 'Terminating');
      if (terminating?.reason === 'InstanceDeletionInProgress') return worked;
      const condition = {
        lastTransitionTime: formatTime(this.hub.now()),
        message: 'CustomResource deletion is in progress',
        reason: 'InstanceDeletionInProgress',
        status: 'True',
        type: 'Terminating',
      };
      this.write(definition, { ...status, conditions: [...told, condition] });
      return true;
    }
    const latest = this.hub.store.get(DEFINITIONS, '', definition.metadata.name);
    if (latest === null) return worked;
    const finalizers = latest.metadata.finalizers!.filter((one) => one !== CLEANUP);
    const metadata = { ...latest.metadata, finalizers };
    if (finalizers.length === 0) delete (metadata as { finalizers?: unknown }).finalizers;
    const definitions = this.hub.registry.find('apiextensions.k8s.io', 'v1', 'customresourcedefinitions')!;
    const by = { name: WRITER, operation: 'Update' as const, apiVersion: latest.apiVersion, subresource: '' };
    const context = { hub: this.hub, resource: definitions, user: SYSTEM_USER, by, dryRun: false };
    updateObject(context, { ...latest, metadata }, latest, '');
    return true;
  }
}

const isEstablished = (definition: KubeObject): boolean =>
  items(read(definition, 'status.conditions')).some(({ type, status }) => type === 'Established' && status === 'True');

interface Names {
  /** The names that are free, and those that it has already. */
  readonly accepted: Record<string, unknown>;
  readonly conflict: { readonly reason: string; readonly message: string } | null;
}

function acceptNames(hub: Hub, definition: KubeObject): Names {
  const spec = fieldsOf(definition.spec);
  const names = fieldsOf(spec.names);
  const taken = new Set<string>();
  const kinds = new Set<string>();
  for (const other of hub.store.list(DEFINITIONS, null)) {
    if (other.metadata.uid === definition.metadata.uid || fieldsOf(other.spec).group !== spec.group) continue;
    const accepted = fieldsOf(read(other, 'status.acceptedNames'));
    for (const one of [accepted.plural, accepted.singular, ...texts(accepted.shortNames)])
      if (one) taken.add(String(one));
    for (const one of [accepted.kind, accepted.listKind]) if (one) kinds.add(String(one));
  }
  const accepted: Record<string, unknown> = { plural: '', kind: '' };
  if (texts(names.categories).length > 0) accepted.categories = names.categories;
  let conflict: Names['conflict'] = null;
  // The last conflict found is the one that is told.
  const accept = (name: string, used: ReadonlySet<string>, reason: string) => {
    const value = names[name];
    const clash = texts(Array.isArray(value) ? value : value === undefined ? [] : [value]).find((one) => used.has(one));
    if (clash !== undefined) conflict = { reason, message: `${JSON.stringify(clash)} is already in use` };
    else if (value !== undefined) accepted[name] = value;
  };
  accept('plural', taken, 'PluralConflict');
  accept('singular', taken, 'SingularConflict');
  accept('shortNames', taken, 'ShortNamesConflict');
  accept('kind', kinds, 'KindConflict');
  accept('listKind', kinds, 'ListKindConflict');
  return { accepted, conflict };
}

/** Objects are read with the defaults of today, whenever they were written. */
function completed(schema: StructuralSchema, apiVersion: string): (object: KubeObject) => KubeObject {
  const { metadata: _metadata, ...properties } = schema.properties ?? {};
  const content = { ...schema, properties };
  return rememberedOf((object: KubeObject) => merged(applyDefaults(object, content) as KubeObject, { apiVersion }));
}

const METADATA = readTypes(metaTypes).get('ObjectMeta')!;

/** Every object has a type and metadata, whether its schema says so or not. */
function withMetadata(schema: TypeShape): TypeShape {
  const text: TypeShape = { type: 'string' };
  return { ...schema, properties: { ...schema.properties, apiVersion: text, kind: text, metadata: METADATA } };
}

/** What a definition serves, one resource a version. */
export function collectionOf({ spec }: KubeObject): string {
  const { group, names } = fieldsOf(spec);
  return `${String(group)}/${String(fieldsOf(names).plural)}`;
}

export function resourcesOf(hub: Hub, definition: KubeObject): Resource[] {
  const spec = fieldsOf(definition.spec);
  const names = fieldsOf(spec.names);
  const group = String(spec.group);
  const plural = String(names.plural);
  const collection = collectionOf(definition);
  const kind = String(names.kind);
  const storage = items(spec.versions).find((version) => version.storage === true);
  const storedVersion = `${group}/${String(storage?.name)}`;
  return items(spec.versions)
    .filter((version) => version.served === true)
    .map((version) => {
      const name = String(version.name);
      const schema = fieldsOf(fieldsOf(version.schema).openAPIV3Schema);
      const subresources = fieldsOf(version.subresources);
      const scale = isObject(subresources.scale) ? subresources.scale : null;
      const own = { group, version: name, kind, verbs: ['get', 'patch', 'update'] };
      const list: Subresource[] = [];
      if (isObject(subresources.status)) list.push({ ...own, name: 'status' });
      if (scale !== null) list.push({ ...own, name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale' });
      const deprecation =
        version.deprecated === true
          ? String(version.deprecationWarning ?? `${group}/${name} ${kind} is deprecated`)
          : null;
      return {
        group,
        version: name,
        plural,
        singular: String(names.singular ?? kind.toLowerCase()),
        kind,
        listKind: String(names.listKind ?? `${kind}List`),
        namespaced: spec.scope !== 'Cluster',
        verbs: EVERYTHING,
        shortNames: texts(names.shortNames),
        categories: texts(names.categories),
        subresources: list,
        shape: withMetadata(schema as TypeShape),
        builtin: null,
        custom: {
          definition: definition.metadata.name,
          preservesUnknown: spec.preserveUnknownFields === true,
          deprecation,
          isTerminating: () =>
            hub.store.get(DEFINITIONS, '', definition.metadata.name)?.metadata.deletionTimestamp !== undefined,
          selectable: new Map(
            items(version.selectableFields).map(({ jsonPath }) => {
              const path = String(jsonPath).replace(/^\./, '');
              return [path, path] as const;
            }),
          ),
        },
        columns: customColumns(items(version.additionalPrinterColumns)),
        collection,
        toStored: (object: KubeObject) => merged(object, { apiVersion: storedVersion }),
        fromStored: completed(withMetadata(schema as TypeShape), `${group}/${name}`),
        scale:
          scale === null
            ? null
            : {
                spec: String(scale.specReplicasPath),
                status: String(scale.statusReplicasPath),
                selector: typeof scale.labelSelectorPath === 'string' ? scale.labelSelectorPath : null,
              },
      };
    });
}
