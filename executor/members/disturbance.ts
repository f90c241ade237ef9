// What can be wrong with a member's API while the cluster behind it goes on: it is cut off, slow, busy or broken. Stands
// before the server in the member's own process. Trouble is asked for by a request of the member's admin, and lasts as long
// as that request is open: nothing stays broken when whoever asked for it is gone.
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { MOMENTARY, TROUBLE_BEGUN, TROUBLE_PATH, type Trouble, type TroubleKind, troubleIn } from './trouble.ts';

interface Held {
  readonly socket: Socket;
  readonly go: () => void;
}

/** What comes at once of a body that is slow. */
const DRIP_BYTES = 256;

export class Disturbance {
  readonly #token: Buffer;
  readonly #sockets = new Set<Socket>();
  readonly #held: Held[] = [];
  readonly #forget: () => void;
  #trouble: Trouble | null = null;
  #corked: Socket[] = [];

  constructor(token: string, forget: () => void) {
    this.#token = Buffer.from(`Bearer ${token}`);
    this.#forget = forget;
  }

  /** Sees every request before it is served. */
  meet(request: IncomingMessage, response: ServerResponse, go: () => void): void {
    const { socket } = request;
    if (request.url?.startsWith(TROUBLE_PATH) === true && this.#isAdmin(request)) {
      this.#open(request, response);
      return;
    }
    if (!this.#sockets.has(socket)) {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    }
    const trouble = this.#trouble;
    if (trouble === null) go();
    else HANDLING[trouble.kind]({ trouble, response, socket, go, hold: () => this.#held.push({ socket, go }) });
  }

  /** Trouble that whoever runs the member wants, until it wants another, or none. */
  setTrouble(trouble: Trouble | null): void {
    if (this.#trouble !== null) this.#end();
    if (trouble !== null) this.#begin(trouble);
  }

  #open(request: IncomingMessage, response: ServerResponse): void {
    const trouble = troubleIn(new URL(request.url ?? '', 'http://member').searchParams);
    if (trouble === null) {
      refuse(response, 400, 'BadRequest', 'there is no such trouble');
      return;
    }
    if (this.#trouble !== null) {
      refuse(response, 409, 'Conflict', `this member is in trouble already: ${this.#trouble.kind}`);
      return;
    }
    this.#begin(trouble);
    response.once('close', () => this.#end());
    response.writeHead(200, { 'Content-Type': 'text/plain' });
    response.write(`${TROUBLE_BEGUN}\n`);
  }

  #begin(trouble: Trouble): void {
    this.#trouble = trouble;
    if (trouble.kind === 'forget') this.#forget();
    // Watches that are open end in mid air; new ones may begin.
    if (MOMENTARY.has(trouble.kind)) for (const socket of this.#sockets) socket.destroy();
    if (trouble.kind !== 'partition') return;
    // What watches have to tell is written, and gets no further.
    this.#corked = [...this.#sockets];
    for (const socket of this.#corked) socket.cork();
  }

  /** What was on its way arrives, where somebody still waits for it. */
  #end(): void {
    this.#trouble = null;
    for (const socket of this.#corked.splice(0)) socket.uncork();
    for (const { socket, go } of this.#held.splice(0)) if (!socket.destroyed) go();
  }

  #isAdmin({ headers }: IncomingMessage): boolean {
    const given = Buffer.from(headers.authorization ?? '');
    return given.length === this.#token.length && timingSafeEqual(given, this.#token);
  }
}

interface Meeting {
  readonly trouble: Trouble;
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly go: () => void;
  readonly hold: () => void;
}

const HANDLING: Readonly<Record<TroubleKind, (meeting: Meeting) => void>> = {
  partition: ({ hold }) => hold(),
  slow: ({ trouble, socket, go }) => {
    setTimeout(() => {
      if (!socket.destroyed) go();
    }, trouble.delayMs);
  },
  drip: ({ trouble, response, go }) => {
    drip(response, trouble.delayMs);
    go();
  },
  throttle: ({ response }) => refuse(response, 429, 'TooManyRequests', 'the server has received too many requests'),
  fail: ({ response }) => refuse(response, 503, 'ServiceUnavailable', 'the server is unable to handle the request'),
  cut: ({ go }) => go(),
  forget: ({ go }) => go(),
};

/** The first bytes of a body come at once, and the rest when the client has nearly lost patience. */
function drip(response: ServerResponse, delayMs: number): void {
  const end = response.end.bind(response);
  response.end = ((chunk?: unknown, ...rest: unknown[]) => {
    if ((typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) || chunk.length <= DRIP_BYTES) {
      return Reflect.apply(end, response, [chunk, ...rest]);
    }
    const body = Buffer.from(chunk);
    response.write(body.subarray(0, DRIP_BYTES));
    setTimeout(() => end(body.subarray(DRIP_BYTES)), delayMs);
    return response;
  }) as typeof response.end;
}

function refuse(response: ServerResponse, code: number, reason: string, message: string): void {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  response.writeHead(code, { 'Content-Type': 'application/json', ...(code === 429 && { 'Retry-After': '1' }) });
  response.end(JSON.stringify(status));
}
