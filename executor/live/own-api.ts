// The API of a hub in this very process: what is asked goes through all that a request goes through but the socket.
import { isObject, merged, type ObjectStore } from '../../engine/index.ts';
import { type BareRequest, BODY_MAX, type Entrance } from '../apiserver/dispatch.ts';
import { answerLasting, type Durability } from '../apiserver/lasting.ts';
import type { OpenHub } from '../apiserver/open-hub.ts';
import type { ApiRequest, BodyResponse } from '../apiserver/request.ts';
import type { ObjectRequest } from './command-request.ts';
import type { ApiAnswer, Send } from './http-api.ts';

export interface OwnApiOptions {
  readonly open: OpenHub;
  readonly store: ObjectStore;
  readonly durability: Durability;
  /** Of somebody who may do what is asked. */
  readonly token: string;
}

export type OwnAnswer = Pick<BodyResponse, 'status' | 'body'>;

export class OwnApi {
  readonly #options: OwnApiOptions;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: OwnApiOptions) {
    this.#options = options;
    this.#headers = {
      authorization: `Bearer ${options.token}`,
      accept: 'application/json',
      'user-agent': 'muster',
    };
  }

  /** As a client over HTTP has it. */
  async send(asked: Send): Promise<ApiAnswer> {
    const answer = await this.answer(asked);
    return { ok: true, status: answer.status, text: textOf(answer) };
  }

  async answer({ method, path, body = '', contentType = 'application/json' }: ObjectRequest): Promise<OwnAnswer> {
    const { open, store, durability } = this.#options;
    const bare: BareRequest = {
      method,
      path: decodeURIComponent(path),
      query: new URLSearchParams(),
      headers: merged(this.#headers, { 'content-type': contentType }),
    };
    try {
      const entrance: Entrance = open.identify(bare, { headers: this.#headers, certificate: null });
      open.permit(entrance);
      const asked = merged(bare, contentOf(method, body));
      const answer = await answerLasting(
        store,
        durability,
        () => open.answerEntered(asked, entrance),
        method !== 'GET',
      );
      return answer.kind === 'body' ? answer : failed(new Error('a stream is not for who is in the same process'));
    } catch (error) {
      return failed(error);
    }
  }
}

export function textOf({ body }: OwnAnswer): string {
  return body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : String(body);
}

const NOTHING = new Uint8Array();
const MAX_BYTES_A_CHARACTER = 3;

/** Written down only where somebody reads it, or where it might be too long. */
function contentOf(method: string, body: string): Pick<ApiRequest, 'body' | 'said'> {
  const isRead = method === 'DELETE' || body === '' || body.length * MAX_BYTES_A_CHARACTER > BODY_MAX;
  return isRead ? { body: Buffer.from(body) } : { body: NOTHING, said: JSON.parse(body) };
}

/** A status that was thrown at the door, or by the storage. */
function failed(error: unknown): OwnAnswer {
  if (isObject(error) && isObject(error.status)) {
    return { status: Number(error.status.code), body: JSON.stringify(error.status) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, body: JSON.stringify({ kind: 'Status', apiVersion: 'v1', message }) };
}
