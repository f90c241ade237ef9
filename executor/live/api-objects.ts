// Objects of one Kubernetes API for commands: read, listed, made, applied, changed and taken away, with an error that says what
// the API said. Kinds are found by what the API itself serves.
import { isObject, type KubeObject, parseApiVersion } from '../../engine/index.ts';
import { isCalled } from '../files/kind-names.ts';
import { Directory, pathFor, type Served, type ServedKind } from './directory.ts';
import type { AskableApi, Send } from './http-api.ts';

export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  /** Null where there was no answer. */
  readonly status: number | null;

  constructor(message: string, status: number | null) {
    super(message);
    this.status = status;
  }
}

/** Whether it may go better in a moment: nobody answered. */
export const isSilence = (error: unknown): error is ApiProblem => error instanceof ApiProblem && error.status === null;

export type Kind = Pick<KubeObject, 'apiVersion' | 'kind'>;

export interface Reference extends Kind {
  readonly namespace?: string | undefined;
  readonly name: string;
}

export const referenceTo = ({ apiVersion, kind, metadata }: KubeObject): Reference => ({
  apiVersion,
  kind,
  namespace: metadata.namespace,
  name: metadata.name,
});

export interface ListChoice {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
}

export interface WriteChoice {
  /** Asks whether it would do. */
  readonly dryRun?: boolean;
}

export interface ApplyChoice extends WriteChoice {
  readonly manager: string;
  /** Takes fields over that others have set. */
  readonly force?: boolean;
}

const MERGE_PATCH = 'application/merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';
const NOT_FOUND = 404;
const CONFLICT = 409;
const TOO_MANY = 429;
const BUSY_MS = 200;
/** What is not served is not looked for more often. */
const AGAIN_MS = 2_000;

export class ApiObjects {
  /** "the hub", or "cluster member1". */
  readonly title: string;
  readonly #api: AskableApi;
  readonly #directory: Directory;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(api: AskableApi, title: string) {
    this.#api = api;
    this.title = title;
    this.#directory = new Directory(api, () => performance.now());
  }

  close(): void {
    this.#api.close();
  }

  /** By a word of people's: "deploy", "deployments.apps", "Deployment". */
  async called(word: string): Promise<ServedKind> {
    await this.#read();
    const all = this.#directory.all();
    const found =
      all.find((one) => one.collection === word || one.plural === word.toLowerCase()) ??
      all.find((one) => isCalled(one, word) || isServedAs(one, word));
    if (found === undefined) throw new ApiProblem(`${this.title} has no kind "${word}"`, NOT_FOUND);
    return found;
  }

  /** Those of a category, as "all" is one; none where there is no such category. */
  async inCategory(category: string): Promise<readonly ServedKind[]> {
    await this.#read();
    return this.#directory.all().filter(({ categories }) => categories.includes(category.toLowerCase()));
  }

  /** Null where it is not served. */
  async find({ apiVersion, kind }: Kind): Promise<Served | null> {
    await this.#read();
    const { group } = parseApiVersion(apiVersion);
    const isIt = (one: Served) => one.kind === kind && parseApiVersion(one.apiVersion).group === group;
    const found = this.#directory.all().find(isIt);
    if (found !== undefined || performance.now() - this.#readAt < AGAIN_MS) return found ?? null;
    await this.forget();
    return this.#directory.all().find(isIt) ?? null;
  }

  /** What was served a moment ago may not be all any more: a definition may have come. */
  async forget(): Promise<void> {
    this.#readAt = performance.now();
    const problem = await this.#directory.read();
    if (problem !== null) throw new ApiProblem(`${this.title} does not answer: ${problem.message}`, null);
  }

  async get(reference: Reference): Promise<KubeObject | null> {
    const served = await this.find(reference);
    if (served === null) return null;
    const path = pathFor(reference.apiVersion, served, reference.namespace ?? '', reference.name);
    const answer = await this.#ask({ method: 'GET', path });
    if (answer.ok && answer.status === NOT_FOUND) return null;
    return this.#read200(answer, path);
  }

  /** Nothing where the kind is not served. */
  async list(kind: Kind, { namespace = '', labelSelector }: ListChoice = {}): Promise<readonly KubeObject[]> {
    const served = await this.find(kind);
    if (served === null) return [];
    const query = labelSelector === undefined ? '' : `?labelSelector=${encodeURIComponent(labelSelector)}`;
    const path = pathFor(kind.apiVersion, served, namespace) + query;
    const { items } = await this.#read200(await this.#ask({ method: 'GET', path }), path);
    const found = Array.isArray(items) ? items.filter(isObject) : [];
    // Items of a list do not say what they are.
    return found.map((one) => ({ ...one, apiVersion: kind.apiVersion, kind: kind.kind }) as unknown as KubeObject);
  }

  async create(object: KubeObject, { dryRun = false }: WriteChoice = {}): Promise<KubeObject> {
    const served = await this.#must(object);
    const path = pathFor(object.apiVersion, served, object.metadata.namespace ?? '') + (dryRun ? '?dryRun=All' : '');
    return this.#send({ method: 'POST', path, body: JSON.stringify(object) });
  }

  /** Server-side: what this manager had set and no longer sets goes. */
  async apply(object: KubeObject, { manager, force = false, dryRun = false }: ApplyChoice): Promise<KubeObject> {
    const query = `?fieldManager=${manager}${force ? '&force=true' : ''}${dryRun ? '&dryRun=All' : ''}`;
    const path = (await this.#pathTo(referenceTo(object))) + query;
    return this.#send({ method: 'PATCH', path, body: JSON.stringify(object), contentType: APPLY_PATCH });
  }

  async merge(reference: Reference, change: object, { dryRun = false }: WriteChoice = {}): Promise<KubeObject> {
    const path = (await this.#pathTo(reference)) + (dryRun ? '?dryRun=All' : '');
    return this.#send({ method: 'PATCH', path, body: JSON.stringify(change), contentType: MERGE_PATCH });
  }

  /**
   * Reads it, asks for the change, and writes that on the very revision that was read, as often as others come in between. Null is
   * no change.
   */
  async change(
    reference: Reference,
    changeOf: (object: KubeObject) => Record<string, unknown> | null,
  ): Promise<KubeObject | null> {
    for (let attempt = 1; ; attempt += 1) {
      const there = await this.get(reference);
      if (there === null) return null;
      const change = changeOf(there);
      if (change === null) return there;
      const metadata = {
        ...(isObject(change.metadata) && change.metadata),
        resourceVersion: there.metadata.resourceVersion,
      };
      try {
        return await this.merge(reference, { ...change, metadata });
      } catch (error) {
        const isRace = error instanceof ApiProblem && error.status === CONFLICT;
        if (!isRace || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** False where it was gone already. With a uid, only that very object. */
  async remove(reference: Reference, { uid, dryRun = false }: WriteChoice & { uid?: string } = {}): Promise<boolean> {
    const path = (await this.#pathTo(reference)) + (dryRun ? '?dryRun=All' : '');
    const body = JSON.stringify({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      ...(uid !== undefined && { preconditions: { uid } }),
    });
    const answer = await this.#ask({ method: 'DELETE', path, body });
    if (answer.ok && answer.status === NOT_FOUND) return false;
    this.#read200(answer, path);
    return true;
  }

  async #read(): Promise<void> {
    if (this.#directory.all().length === 0) await this.forget();
  }

  async #must(kind: Kind): Promise<Served> {
    const served = await this.find(kind);
    if (served !== null) return served;
    const what = `kind ${kind.kind} of ${kind.apiVersion}`;
    throw new ApiProblem(`${this.title} has no ${what}: is its CustomResourceDefinition there?`, NOT_FOUND);
  }

  async #pathTo(reference: Reference): Promise<string> {
    return pathFor(reference.apiVersion, await this.#must(reference), reference.namespace ?? '', reference.name);
  }

  async #send(asked: Send): Promise<KubeObject> {
    return this.#read200(await this.#ask(asked), asked.path);
  }

  /** What was refused because there was too much at once was not done: it is asked for again. */
  async #ask(asked: Send): Promise<Awaited<ReturnType<AskableApi['send']>>> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#api.send(asked);
      if (!answer.ok || answer.status !== TOO_MANY || attempt === ATTEMPTS) return answer;
      await new Promise((resolve) => setTimeout(resolve, BUSY_MS * attempt));
    }
  }

  #read200(answer: Awaited<ReturnType<AskableApi['send']>>, path: string): KubeObject {
    if (!answer.ok) throw new ApiProblem(`${this.title} does not answer: ${answer.message}`, null);
    let told: unknown;
    try {
      told = JSON.parse(answer.text);
    } catch {
      told = null;
    }
    if (answer.status < 300 && isObject(told)) return told as unknown as KubeObject;
    const message = isObject(told) && typeof told.message === 'string' ? told.message : null;
    throw new ApiProblem(message ?? `${this.title} answers ${path} with status ${answer.status}`, answer.status);
  }
}

/** A group may follow after a dot, and before that the version: "deployments.v1.apps". */
function isServedAs({ apiVersion, plural, words }: ServedKind, word: string): boolean {
  const [name = '', ...rest] = word.toLowerCase().split('.');
  if (name !== plural && !words.includes(name)) return false;
  const { group, version } = parseApiVersion(apiVersion);
  const wanted = rest.join('.');
  return group.startsWith(wanted) || `${version}.${group}`.startsWith(wanted);
}

/** Others write the same object a few times a second at most. */
const ATTEMPTS = 10;
