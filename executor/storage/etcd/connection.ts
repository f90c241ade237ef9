// etcd's v3 API as JSON over HTTP, by its own gateway: calls that are answered once, and streams of lines. A call goes to one
// endpoint; whoever meets a dead one moves on to the next, and the caller decides whether to ask again.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { StringDecoder } from 'node:string_decoder';
import { isObject } from '../../../engine/index.ts';

export interface EtcdAccess {
  /** Scheme, host and port; tried in turn. */
  readonly endpoints: readonly URL[];
  readonly user: string | null;
  readonly password: string | null;
  /** PEM. */
  readonly authority: string | null;
  readonly certificate: string | null;
  readonly key: string | null;
}

export type EtcdFailure =
  /** The request never left. */
  | 'unsent'
  /** It left, and no answer came. */
  | 'unanswered'
  /** etcd itself said no. */
  | 'refused';

/** gRPC's numbers, as the gateway gives them. */
export const CODE = {
  invalid: 3,
  denied: 7,
  exhausted: 8,
  outOfRange: 11,
  unavailable: 14,
  unauthenticated: 16,
} as const;

export class EtcdError extends Error {
  override readonly name = 'EtcdError';
  readonly failure: EtcdFailure;
  /** Null where nothing was answered. */
  readonly code: number | null;

  constructor(failure: EtcdFailure, message: string, code: number | null = null) {
    super(message);
    this.failure = failure;
    this.code = code;
  }
}

const SOCKETS_MAX = 64;
/** A peer that vanished without a word is noticed by the kernel. */
const KEEP_ALIVE_MS = 5000;

type Answer = Readonly<Record<string, unknown>>;

export class EtcdConnection {
  readonly #access: EtcdAccess;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #isSecure: boolean;
  #endpoint = 0;
  #token: string | null = null;

  constructor(access: EtcdAccess) {
    this.#access = access;
    this.#isSecure = access.endpoints[0]!.protocol === 'https:';
    const options = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MS, maxSockets: SOCKETS_MAX, noDelay: true };
    this.#agent = this.#isSecure
      ? new HttpsAgent({
          ...options,
          ca: access.authority ?? undefined,
          cert: access.certificate ?? undefined,
          key: access.key ?? undefined,
        })
      : new HttpAgent(options);
  }

  /** For people. */
  get endpoint(): string {
    return this.#access.endpoints[this.#endpoint]!.origin;
  }

  async call(path: string, body: unknown, timeoutMs: number): Promise<Answer> {
    try {
      return await this.#callOnce(path, body, timeoutMs);
    } catch (error) {
      if (!this.#isForWantOfToken(error)) throw error;
      // Tokens live for some minutes only.
      this.#token = null;
      return await this.#callOnce(path, body, timeoutMs);
    }
  }

  /** Every line of the answer, until it ends, breaks, or the signal says so. */
  async stream(
    path: string,
    body: unknown,
    onLine: (line: Answer) => void,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<void> {
    try {
      await this.#streamOnce(path, body, onLine, signal, timeoutMs);
    } catch (error) {
      if (!this.#isForWantOfToken(error)) throw error;
      this.#token = null;
      await this.#streamOnce(path, body, onLine, signal, timeoutMs);
    }
  }

  /** Asks another endpoint from now on. */
  moveOn(): void {
    this.#endpoint = (this.#endpoint + 1) % this.#access.endpoints.length;
  }

  close(): void {
    this.#agent.destroy();
  }

  #isForWantOfToken(error: unknown): boolean {
    if (!(error instanceof EtcdError) || error.failure !== 'refused' || this.#access.user === null) return false;
    return error.code === CODE.unauthenticated || /invalid auth token/.test(error.message);
  }

  async #callOnce(path: string, body: unknown, timeoutMs: number): Promise<Answer> {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await this.#send(path, body, signal, await this.#authorization(timeoutMs));
    return readAnswer(await readText(response), response.statusCode ?? 0, this.endpoint);
  }

  async #streamOnce(
    path: string,
    body: unknown,
    onLine: (line: Answer) => void,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<void> {
    const headers = await this.#authorization(timeoutMs);
    const opening = new AbortController();
    const tooLate = setTimeout(() => opening.abort(), timeoutMs);
    let response: IncomingMessage;
    try {
      response = await this.#send(path, body, AbortSignal.any([signal, opening.signal]), headers);
    } finally {
      clearTimeout(tooLate);
    }
    if (response.statusCode !== 200) readAnswer(await readText(response), response.statusCode ?? 0, this.endpoint);
    const decoder = new StringDecoder('utf8');
    // A line may hold a thousand revisions: it is put together once.
    let begun: string[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) {
      const [first = '', ...rest] = decoder.write(chunk).split('\n');
      begun.push(first);
      for (const next of rest) {
        const line = begun.join('');
        begun = [next];
        if (line !== '') onLine(readAnswer(line, 200, this.endpoint));
      }
    }
  }

  async #authorization(timeoutMs: number): Promise<Readonly<Record<string, string>>> {
    const { user, password } = this.#access;
    if (user === null) return {};
    if (this.#token === null) {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await this.#send('/v3/auth/authenticate', { name: user, password: password ?? '' }, signal, {});
      const answer = readAnswer(await readText(response), response.statusCode ?? 0, this.endpoint);
      this.#token = String(answer.token ?? '');
    }
    return { Authorization: this.#token };
  }

  #send(
    path: string,
    body: unknown,
    signal: AbortSignal,
    headers: Readonly<Record<string, string>>,
  ): Promise<IncomingMessage> {
    const text = JSON.stringify(body);
    const { endpoint } = this;
    const url = new URL(path, endpoint);
    return new Promise((resolve, reject) => {
      let isSent = false;
      const send = this.#isSecure ? httpsRequest : httpRequest;
      const asked = send(url, {
        method: 'POST',
        agent: this.#agent,
        signal,
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(text),
          // A member without a leader is to say so instead of keeping silent.
          'Grpc-Metadata-hasleader': 'true',
          ...headers,
        },
      });
      asked.on('socket', (socket) => {
        if (!socket.connecting) isSent = true;
        else
          socket.once(this.#isSecure ? 'secureConnect' : 'connect', () => {
            isSent = true;
          });
      });
      asked.on('response', resolve);
      asked.on('error', (error) => {
        const why = signal.aborted ? 'no answer in time' : error.message;
        reject(new EtcdError(isSent ? 'unanswered' : 'unsent', `etcd at ${endpoint}: ${why}`));
      });
      asked.end(text);
    });
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch (error) {
    throw new EtcdError('unanswered', `etcd broke off its answer: ${(error as Error).message}`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readAnswer(text: string, status: number, endpoint: string): Answer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new EtcdError('refused', `${endpoint} answers ${status} and no JSON: is it etcd's client address?`);
  }
  if (!isObject(json)) throw new EtcdError('refused', `${endpoint} answers what is no object`);
  const failure = isObject(json.error) ? json.error : json;
  if (json.error !== undefined) {
    const message = String(failure.message ?? failure.error ?? json.error);
    throw new EtcdError('refused', message, Number(failure.code ?? failure.grpc_code ?? 0));
  }
  if (status !== 200) throw new EtcdError('refused', `${endpoint} answers ${status}`);
  return json;
}
