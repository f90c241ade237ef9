// What an API serves and where: asked of its discovery once, and again when something is not found in it.
import { type ApiEnablement, collectionName, formatApiVersion, isObject } from '../../engine/index.ts';
import type { AskableApi } from './http-api.ts';
import type { Refusal } from './place-client.ts';

export interface Served {
  readonly collection: string;
  /** That in which the API prefers to tell of it. */
  readonly apiVersion: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly hasStatus: boolean;
  readonly isWatchable: boolean;
}

/** With what people call it, as the API itself tells. */
export interface ServedKind extends Served {
  /** Singular and short names, in lower case. */
  readonly words: readonly string[];
  /** "all" of kubectl's. */
  readonly categories: readonly string[];
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
/** So a server marks what somebody else serves who does not answer: what it tells of it may be long past. */
const STALE = 'Stale';
/** What is not served is not looked for more often. */
const AGAIN_MS = 5_000;

export class Directory {
  readonly #api: AskableApi;
  readonly #now: () => number;
  #byCollection = new Map<string, ServedKind>();
  #enablements: readonly ApiEnablement[] = [];
  #isPartial = false;
  #readAt: number | null = null;
  #reading: Promise<Refusal | null> | null = null;

  constructor(api: AskableApi, now: () => number) {
    this.#api = api;
    this.#now = now;
  }

  all(): readonly ServedKind[] {
    return [...this.#byCollection.values()];
  }

  enablements(): readonly ApiEnablement[] {
    return this.#enablements;
  }

  /** There are APIs that are served by others, who did not answer when it was asked last. */
  get isPartial(): boolean {
    return this.#isPartial;
  }

  /** Null where it is not served; a refusal where nobody can say. */
  async find(collection: string): Promise<Served | Refusal | null> {
    const known = this.#byCollection.get(collection);
    if (known !== undefined) return known;
    if (this.#readAt === null || this.#now() - this.#readAt >= AGAIN_MS) {
      const problem = await this.read();
      if (problem !== null) return problem;
    }
    return this.#byCollection.get(collection) ?? null;
  }

  /** Asks anew; null when all went well. */
  read(): Promise<Refusal | null> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(): Promise<Refusal | null> {
    const found = new Map<string, ServedKind>();
    const enablements: ApiEnablement[] = [];
    let isPartial = false;
    for (const path of ['/api', '/apis']) {
      const answer = await this.#api.send({ method: 'GET', path, accept: AGGREGATED });
      if (!answer.ok) return answer;
      if (answer.status !== 200) return unreadable(path, answer.status);
      const document: unknown = parse(answer.text);
      const groups = isObject(document) && Array.isArray(document.items) ? document.items : await this.#plain(document);
      if (groups === null) return unreadable(path, answer.status);
      for (const group of groups) {
        if (!readGroup(group, found, enablements)) isPartial = true;
      }
    }
    this.#byCollection = found;
    this.#enablements = enablements.sort((a, b) => (a.groupVersion < b.groupVersion ? -1 : 1));
    this.#isPartial = isPartial;
    this.#readAt = this.#now();
    return null;
  }

  /** Older servers tell of each version by itself: the same is put together from that. */
  async #plain(document: unknown): Promise<readonly unknown[] | null> {
    if (!isObject(document)) return null;
    const groups = Array.isArray(document.groups)
      ? document.groups.filter(isObject).map(({ name, versions, preferredVersion }) => ({
          name: String(name),
          versions: preferredFirst(versions, preferredVersion),
        }))
      : [{ name: '', versions: Array.isArray(document.versions) ? document.versions.map(String) : [] }];
    return Promise.all(
      groups.map(async ({ name, versions }) => ({
        metadata: { name },
        versions: await Promise.all(
          versions.map(async (version) => {
            const path = name === '' ? `/api/${version}` : `/apis/${name}/${version}`;
            const answer = await this.#api.send({ method: 'GET', path });
            const list: unknown = answer.ok && answer.status === 200 ? parse(answer.text) : null;
            if (!isObject(list)) return { version, freshness: STALE };
            const resources = Array.isArray(list.resources) ? list.resources.filter(isObject) : [];
            return { version, resources: asAggregated(resources) };
          }),
        ),
      })),
    );
  }
}

function preferredFirst(versions: unknown, preferred: unknown): readonly string[] {
  const all = Array.isArray(versions) ? versions.filter(isObject).map(({ version }) => String(version)) : [];
  const first = isObject(preferred) ? String(preferred.version) : '';
  return [...all.filter((one) => one === first), ...all.filter((one) => one !== first)];
}

const asAggregated = (resources: readonly Record<string, unknown>[]) =>
  resources
    .filter(({ name }) => !String(name).includes('/'))
    .map(({ name, singularName, shortNames, categories, kind, namespaced, verbs }) => ({
      resource: name,
      singularResource: singularName,
      shortNames,
      categories,
      responseKind: { kind },
      scope: namespaced === true ? 'Namespaced' : 'Cluster',
      verbs,
      subresources: resources.some((other) => other.name === `${name}/status`) ? [{ subresource: 'status' }] : [],
    }));

/** False where not all of it is known just now. */
function readGroup(given: unknown, found: Map<string, ServedKind>, enablements: ApiEnablement[]): boolean {
  if (!isObject(given) || !Array.isArray(given.versions)) return true;
  const group = isObject(given.metadata) ? String(given.metadata.name ?? '') : '';
  let isWhole = true;
  for (const one of given.versions) {
    if (isObject(one) && one.freshness === STALE) isWhole = false;
    if (!isObject(one) || one.freshness === STALE || !Array.isArray(one.resources)) continue;
    const apiVersion = formatApiVersion(group, String(one.version));
    const listed: { name: string; kind: string }[] = [];
    for (const resource of one.resources.filter(isObject)) {
      const plural = String(resource.resource);
      const kind = isObject(resource.responseKind) ? String(resource.responseKind.kind) : '';
      listed.push({ name: plural, kind });
      const collection = collectionName(group, plural);
      // Versions come in order of preference.
      if (found.has(collection)) continue;
      const verbs = Array.isArray(resource.verbs) ? resource.verbs : [];
      const parts = Array.isArray(resource.subresources) ? resource.subresources.filter(isObject) : [];
      found.set(collection, {
        collection,
        apiVersion,
        plural,
        kind,
        namespaced: resource.scope === 'Namespaced',
        hasStatus: parts.some(({ subresource }) => subresource === 'status'),
        isWatchable: verbs.includes('list') && verbs.includes('watch'),
        words: [resource.singularResource, ...listOf(resource.shortNames)].map((word) => String(word).toLowerCase()),
        categories: listOf(resource.categories).map(String),
      });
    }
    listed.sort((a, b) => (a.name < b.name ? -1 : 1));
    enablements.push({ groupVersion: apiVersion, resources: listed });
  }
  return isWhole;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The path of a collection, or of one object in it. */
export function pathFor(apiVersion: string, { plural, namespaced }: Served, namespace: string, name = ''): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const space = namespaced && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${space}/${plural}${name === '' ? '' : `/${encodeURIComponent(name)}`}`;
}

const unreadable = (path: string, status: number): Refusal => ({
  ok: false,
  code: status === 401 || status === 403 ? 'Forbidden' : 'ServerError',
  message: `${path} is answered with status ${status}`,
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
