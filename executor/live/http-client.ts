// One API as the live driver knows it, over HTTP: a hub elsewhere, or any member.
import { type CommandResult, isObject, type JsonValue, type MemberState, type Question } from '../../engine/index.ts';
import { requestFor, resultFor } from './command-request.ts';
import { Directory } from './directory.ts';
import type { HttpApi } from './http-api.ts';
import { Informer, type InformerPorts } from './informer.ts';
import { MemberRoom } from './member-room.ts';
import { type Following, type FollowListener, type ObjectCommand, type PlaceClient, refusal } from './place-client.ts';
import { workloadLoad } from './workload-load.ts';

/** How often it is looked whether new kinds are served. */
const DISCOVERY_MS = 30_000;
const FIRST_LISTS_MS = 10_000;
/** Who cannot say within this that it is well is not well: a cluster without power does not even refuse. */
const PROBE_MS = 5_000;
const LAST_GOOD_STATUS = 206;

export class HttpClient implements PlaceClient {
  readonly api: HttpApi;
  readonly #directory: Directory;
  readonly #ports: InformerPorts;
  readonly #followed = new Set<Informer>();
  #room: MemberRoom | null = null;
  #isClosed = false;

  constructor(api: HttpApi, time: Pick<InformerPorts, 'now' | 'chance' | 'namespaceOf'>) {
    this.api = api;
    this.#directory = new Directory(api, time.now);
    this.#ports = { ...time, api, directory: this.#directory };
  }

  follow(collection: string, listener: FollowListener): Following {
    const informer = new Informer(collection, listener, this.#ports);
    this.#followed.add(informer);
    return {
      close: () => {
        informer.close();
        this.#followed.delete(informer);
      },
    };
  }

  async carryOut(command: ObjectCommand): Promise<CommandResult> {
    const served = await this.#directory.find(command.key.collection);
    if (served === null) return refusal('NotFound', `${command.key.collection} is not served here`);
    if ('ok' in served) return served;
    const answer = await this.api.send(requestFor(command, served));
    return answer.ok ? resultFor(command, answer.status, answer.text) : answer;
  }

  async ask(question: Question): Promise<CommandResult> {
    switch (question.about) {
      case 'state':
        return this.#state(question);
      case 'load':
        return workloadLoad(this.api, this.#directory, question);
      default: {
        const room = await this.#roomOnceListed();
        if (room === null) return refusal('Timeout', 'nodes and pods are not listed yet');
        return { ok: true, object: null, answer: room.answer(question) };
      }
    }
  }

  onCollection(listener: (collection: string) => void): () => void {
    const told = new Set<string>();
    let timer: NodeJS.Timeout | null = null;
    let isOver = false;
    const look = async () => {
      await this.#directory.read();
      if (isOver) return;
      for (const { collection, isWatchable } of this.#directory.all()) {
        if (!isWatchable || told.has(collection)) continue;
        told.add(collection);
        listener(collection);
      }
      timer = setTimeout(() => void look(), told.size === 0 ? 1_000 : DISCOVERY_MS);
    };
    void look();
    return () => {
      isOver = true;
      if (timer !== null) clearTimeout(timer);
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#room?.close();
    for (const informer of this.#followed) informer.close();
    this.#followed.clear();
    this.api.close();
  }

  async #roomOnceListed(): Promise<MemberRoom | null> {
    // A question may outlast the way to the member: nobody would end what is followed from then on.
    if (this.#isClosed) return null;
    this.#room ??= new MemberRoom(this, this.#ports.now);
    return (await this.#room.ready(FIRST_LISTS_MS)) ? this.#room : null;
  }

  /** What it cannot say just now is left out; only one that does not answer at all fails. */
  async #state({ models = [], withApis }: StateQuestion): Promise<CommandResult> {
    let answer = await this.api.send({ method: 'GET', path: '/readyz', timeoutMs: PROBE_MS });
    if (answer.ok && answer.status === 404) {
      answer = await this.api.send({ method: 'GET', path: '/healthz', timeoutMs: PROBE_MS });
    }
    if (!answer.ok) return answer;
    const problem = this.api.problemWith(answer);
    // As for every client of Kubernetes, an answer that tells of an error is none.
    if (answer.status < 200 || answer.status > LAST_GOOD_STATUS) {
      const refused = refusal('ServerError', `it answers with status ${answer.status} when it is asked how it is`);
      return problem === null ? refused : { ...refused, problem };
    }
    if (answer.status !== 200) return { ok: true, object: null, answer: { healthy: false } };
    const told = await this.api.send({ method: 'GET', path: '/version' });
    const version = told.ok && told.status === 200 ? versionIn(told.text) : null;
    const hasApis = withApis && (await this.#directory.read()) === null;
    const room = await this.#roomOnceListed();
    const state: MemberState = {
      healthy: true,
      ...(version !== null && { version }),
      ...room?.summary(models),
      ...(hasApis && { apis: this.#directory.enablements(), areApisPartial: this.#directory.isPartial }),
    };
    return { ok: true, object: null, answer: state as unknown as JsonValue };
  }
}

type StateQuestion = Extract<Question, { about: 'state' }>;

function versionIn(text: string): string | null {
  try {
    const told: unknown = JSON.parse(text);
    return isObject(told) && typeof told.gitVersion === 'string' ? told.gitVersion : null;
  } catch {
    return null;
  }
}
