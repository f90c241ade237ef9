// One Kubernetes API over HTTP: requests that end in an answer or a refusal, and lines for as long as they come. Connections
// are kept and their number is bounded; a server that stopped answering is left alone but for a few requests that find out
// when it answers again, so that waiting for it keeps nobody from other work.
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest, type RequestOptions } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { ConnectionOptions } from 'node:tls';
import { clientCertificateProblem, isTurnedAway, serverCertificateProblem } from './certificate-problem.ts';
import { type Refusal, refusal } from './place-client.ts';
import { RequestPace, type RequestRate } from './request-rate.ts';

export interface ApiAddress {
  readonly server: URL;
  readonly insecure: boolean;
  /** PEM; null for the authorities that this machine trusts. */
  readonly authority: string | null;
  /** PEM; null without a client certificate. */
  readonly certificate: { readonly cert: string; readonly key: string } | null;
  /** Asked for every request: tokens get old. Where authority and certificate change, too, they have when this is answered. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
}

export interface ApiAnswer {
  readonly ok: true;
  readonly status: number;
  readonly text: string;
}

/** A good answer whose text is still being written. */
export interface OpenAnswer {
  readonly ok: true;
  readonly body: Readable;
}

type AnyAnswer = OpenAnswer | ApiAnswer | Refusal;

export interface Send {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly accept?: string;
  /** In place of how long it is waited for others. */
  readonly timeoutMs?: number;
}

export interface HttpApiOptions {
  readonly timeoutMs?: number;
  /** Requests under way at once. */
  readonly concurrency?: number;
  /** As many as come where it is left out. */
  readonly rate?: RequestRate;
  /** Told of every request when it is over: the status of its answer, or null without one. */
  readonly requested?: (host: string, method: string, status: number | null) => void;
  /** Told after every request what somebody has to mend before it can do; null for nothing of that sort. */
  readonly problem?: (problem: string | null) => void;
}

/** As much as who asks questions needs, whoever answers them. */
export type AskableApi = Pick<HttpApi, 'send' | 'close'>;

const TIMEOUT_MS = 10_000;
/** After so long without a word it is found out whether the other end is still there. */
const KEEP_ALIVE_MS = 30_000;
const CONCURRENCY = 32;
/** To a server that did not answer the last time. */
const PROBES = 4;
/** A watch that brings neither changes nor bookmarks for so long has died unnoticed. */
const SILENCE_MS = 330_000;

export class HttpApi {
  readonly #address: ApiAddress;
  readonly #timeoutMs: number;
  readonly #agent: PlainAgent | SecureAgent;
  readonly #streamAgent: PlainAgent | SecureAgent;
  readonly #pace: RequestPace | null;
  readonly #requested: HttpApiOptions['requested'];
  readonly #onProblem: HttpApiOptions['problem'];
  #underWay = 0;
  #isSilent = false;
  /** Of the last request. */
  #problem: string | null = null;

  constructor(address: ApiAddress, options: HttpApiOptions = {}) {
    const { timeoutMs = TIMEOUT_MS, concurrency = CONCURRENCY, rate, requested, problem } = options;
    this.#address = address;
    this.#timeoutMs = timeoutMs;
    this.#pace = rate === undefined ? null : new RequestPace(rate, () => performance.now());
    this.#requested = requested;
    this.#onProblem = problem;
    const Agent = address.server.protocol === 'http:' ? PlainAgent : SecureAgent;
    this.#agent = new Agent({ keepAlive: true, maxSockets: concurrency });
    this.#streamAgent = new Agent({ keepAlive: false });
  }

  /** The answer of whatever status, or why there is none. */
  async send(asked: Send): Promise<ApiAnswer | Refusal> {
    if (this.#isSilent && this.#underWay >= PROBES) {
      return { ...refusal('Unreachable', 'the API has stopped answering'), ...known(this.#problem) };
    }
    this.#underWay += 1;
    try {
      const turn = this.#pace?.turn();
      if (turn !== undefined) await turn;
      const answer = await this.#exchange(asked);
      this.#isSilent = !answer.ok;
      this.#requested?.(this.#address.server.host, asked.method, answer.ok ? answer.status : null);
      this.#problem = this.problemWith(answer);
      this.#onProblem?.(this.#problem);
      return answer;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** What somebody has to mend before it can be answered otherwise; null for nothing of that sort. */
  problemWith(answer: ApiAnswer | Refusal): string | null {
    if (!answer.ok) return answer.problem ?? null;
    if (answer.status !== UNAUTHORIZED) return null;
    const { server, certificate } = this.#address;
    const own = certificate === null ? null : clientCertificateProblem(certificate.cert, Date.now());
    return `${server.origin} refuses the credentials that it is shown${own === null ? '' : `: ${own}`}`;
  }

  /** What is written for as long as it takes, however long nothing comes; any answer but a good one is whole. */
  async open({ path, accept }: Pick<Send, 'path' | 'accept'>, signal: AbortSignal): Promise<AnyAnswer> {
    let options: RequestOptions;
    try {
      options = await this.#optionsOf(
        { method: 'GET', path, ...(accept !== undefined && { accept }) },
        this.#streamAgent,
      );
    } catch (error) {
      return refusal('Unreachable', `there are no credentials: ${textOf(error)}`);
    }
    return new Promise((resolve) => {
      const request = this.#open({ ...options, signal }, (response) => {
        clearTimeout(limit);
        if (response.statusCode === 200) resolve({ ok: true, body: response });
        else void wholeAnswer(response).then(resolve);
      });
      const limit = setTimeout(() => {
        resolve(refusal('Timeout', `no answer within ${this.#timeoutMs / 1000} s`));
        request.destroy();
      }, this.#timeoutMs);
      request.on('socket', (socket) => socket.setKeepAlive(true, KEEP_ALIVE_MS));
      request.on('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(limit);
        void this.#refusalOf(error, options).then(resolve);
      });
      request.end();
    });
  }

  /** Tells every line; `ended` is told once, with the status of a stream that was refused, or null. */
  stream(
    path: string,
    onLine: (line: string) => void,
    ended: (refused: number | null) => void,
    accept?: string,
  ): () => void {
    let isOver = false;
    let abort = () => {};
    const end = (refused: number | null) => {
      if (isOver) return;
      isOver = true;
      ended(refused);
    };
    const begin = (options: RequestOptions) => {
      if (isOver) return;
      const request = this.#open(options, (response) => {
        const status = response.statusCode ?? 0;
        if (status !== 200) {
          response.resume();
          end(status);
          return;
        }
        const decoder = new StringDecoder('utf8');
        let rest = '';
        response.on('data', (chunk: Buffer) => {
          const lines = (rest + decoder.write(chunk)).split('\n');
          rest = lines.pop()!;
          for (const line of lines) if (line !== '' && !isOver) onLine(line);
        });
        response.on('error', () => end(null));
        response.on('close', () => end(null));
      });
      abort = () => void request.destroy();
      request.setTimeout(SILENCE_MS, () => request.destroy());
      request.on('error', () => end(null));
      request.end();
    };
    this.#optionsOf({ method: 'GET', path, ...(accept !== undefined && { accept }) }, this.#streamAgent).then(
      begin,
      () => end(null),
    );
    return () => {
      isOver = true;
      abort();
    };
  }

  close(): void {
    this.#agent.destroy();
    this.#streamAgent.destroy();
  }

  async #exchange(asked: Send): Promise<ApiAnswer | Refusal> {
    let options: RequestOptions;
    try {
      options = await this.#optionsOf(asked, this.#agent);
    } catch (error) {
      return refusal('Unreachable', `there are no credentials: ${textOf(error)}`);
    }
    return new Promise((resolve) => {
      const request = this.#open(options, (response) => void wholeAnswer(response).then(settle));
      const patienceMs = asked.timeoutMs ?? this.#timeoutMs;
      const limit = setTimeout(() => {
        settle(refusal('Timeout', `no answer within ${patienceMs / 1000} s: it may or may not have been done`));
        request.destroy();
      }, patienceMs);
      const settle = (answer: ApiAnswer | Refusal) => {
        clearTimeout(limit);
        resolve(answer);
      };
      request.on('error', (error: NodeJS.ErrnoException) => {
        // A server may close an idle connection just when it is used again; a question can be asked twice.
        if (asked.method === 'GET' && request.reusedSocket && error.code === 'ECONNRESET') {
          clearTimeout(limit);
          resolve(this.#exchange(asked));
          return;
        }
        void this.#refusalOf(error, options).then(settle);
      });
      request.end(asked.body);
    });
  }

  async #refusalOf(error: NodeJS.ErrnoException, options: RequestOptions): Promise<Refusal> {
    const { server, certificate } = this.#address;
    if (isTurnedAway(error)) {
      const problem = await serverCertificateProblem(error, server.origin, options as ConnectionOptions, Date.now());
      return { ...refusal('Unreachable', `the API cannot be reached: ${problem}`), problem };
    }
    const code = NEVER_ARRIVED.has(error.code ?? '') ? 'Unreachable' : 'Timeout';
    const own =
      certificate === null || code === 'Unreachable' ? null : clientCertificateProblem(certificate.cert, Date.now());
    const why = own ?? error.message;
    return { ...refusal(code, `the API cannot be reached: ${why}`), ...known(own) };
  }

  #open(options: RequestOptions, answered: (response: IncomingMessage) => void) {
    return this.#address.server.protocol === 'http:'
      ? plainRequest(options, answered)
      : secureRequest(options, answered);
  }

  async #optionsOf(
    { method, path, body, contentType, accept }: Send,
    agent: PlainAgent | SecureAgent,
  ): Promise<RequestOptions> {
    const own = await this.#address.headers();
    const { server, authority, certificate, insecure } = this.#address;
    const headers: Record<string, string | number> = {
      Accept: accept ?? 'application/json',
      'User-Agent': 'muster',
      ...own,
    };
    if (body !== undefined) {
      headers['Content-Type'] = contentType ?? 'application/json';
      headers['Content-Length'] = Buffer.byteLength(body);
    }
    return {
      protocol: server.protocol,
      host: server.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: server.port === '' ? (server.protocol === 'http:' ? 80 : 443) : Number(server.port),
      path: `${server.pathname.replace(/\/$/, '')}${path}`,
      method,
      agent,
      headers,
      ...(server.protocol === 'http:' ? {} : { rejectUnauthorized: !insecure }),
      ...(authority === null ? {} : { ca: authority }),
      ...(certificate ?? {}),
    };
  }
}

function wholeAnswer(response: IncomingMessage): Promise<ApiAnswer | Refusal> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', (error) => resolve(refusal('Timeout', `the answer broke off: ${error.message}`)));
    response.on('end', () => {
      resolve({ ok: true, status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

const known = (problem: string | null): Pick<Refusal, 'problem'> => (problem === null ? {} : { problem });

const UNAUTHORIZED = 401;
const NEVER_ARRIVED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
