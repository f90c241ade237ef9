// Which APIs a member serves, as a Cluster's status lists them; custom resource definitions add to them.
import type { ApiEnablement } from '../../api/cluster.ts';
import { builtInApis } from '../../api/kinds.ts';
import { isObject } from '../../kube/json.ts';
import { formatApiVersion, type KubeObject, parseApiVersion } from '../../kube/meta.ts';
import { collectionName } from '../../store/key.ts';

export class ServedApis {
  #base: readonly ApiEnablement[];
  readonly #definitions = new Map<string, readonly ApiEnablement[]>();
  readonly #hidden = new Set<string>();
  /** Null when it has to be put together again. */
  #collections: ReadonlySet<string> | null = null;
  #list: readonly ApiEnablement[] | null = null;

  constructor(base: readonly ApiEnablement[] = builtInApis()) {
    this.#base = base;
  }

  /** In place of what was built in. */
  replace(base: readonly ApiEnablement[]): void {
    this.#base = base;
    this.#forget();
  }

  define({ metadata, spec }: KubeObject): void {
    this.#definitions.set(metadata.name, enablementsOf(isObject(spec) ? spec : {}));
    this.#forget();
  }

  undefine(name: string): void {
    if (this.#definitions.delete(name)) this.#forget();
  }

  /** Neither listed nor served until it is shown again. */
  hide(collection: string): void {
    this.#hidden.add(collection);
    this.#forget();
  }

  show(collection: string): void {
    this.#hidden.delete(collection);
    this.#forget();
  }

  /** The same list until something changes. */
  list(): readonly ApiEnablement[] {
    this.#list ??= without(merged([...this.#base, ...[...this.#definitions.values()].flat()]), this.#hidden);
    return this.#list;
  }

  serves(collection: string): boolean {
    this.#collections ??= new Set(
      this.list().flatMap(({ groupVersion, resources = [] }) =>
        resources.map(({ name = '' }) => collectionName(parseApiVersion(groupVersion).group, name)),
      ),
    );
    return this.#collections.has(collection);
  }

  #forget(): void {
    this.#list = null;
    this.#collections = null;
  }
}

/** None of a definition that does not say what it defines. */
function enablementsOf(spec: Readonly<Record<string, unknown>>): readonly ApiEnablement[] {
  const { group, names, versions } = spec;
  if (typeof group !== 'string' || !isObject(names) || !Array.isArray(versions)) return [];
  const { plural, kind } = names;
  if (typeof plural !== 'string' || typeof kind !== 'string') return [];
  const resource = { name: plural, kind };
  return versions.flatMap((version: unknown): readonly ApiEnablement[] =>
    isObject(version) && version.served !== false && typeof version.name === 'string'
      ? [{ groupVersion: formatApiVersion(group, version.name), resources: [resource] }]
      : [],
  );
}

/** One entry a group and version. */
function merged(all: readonly ApiEnablement[]): readonly ApiEnablement[] {
  const byVersion = new Map<string, { name?: string; kind: string }[]>();
  for (const { groupVersion, resources = [] } of all) {
    byVersion.set(groupVersion, [...(byVersion.get(groupVersion) ?? []), ...resources]);
  }
  return [...byVersion].map(([groupVersion, resources]) => ({ groupVersion, resources }));
}

function without(all: readonly ApiEnablement[], hidden: ReadonlySet<string>): readonly ApiEnablement[] {
  if (hidden.size === 0) return all;
  return all
    .map(({ groupVersion, resources = [] }) => ({
      groupVersion,
      resources: resources.filter(
        ({ name = '' }) => !hidden.has(collectionName(parseApiVersion(groupVersion).group, name)),
      ),
    }))
    .filter(({ resources }) => resources.length > 0);
}
