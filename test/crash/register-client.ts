// Clients that read and swap a few ConfigMaps through hubs, as registers, and record what they saw.
import { type Answer, CallError, type HubProcess } from './hub-process.ts';
import type { Deed, Operation, Value } from './linearizable.ts';

export const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
export const REGISTERS = ['register-0', 'register-1', 'register-2'];

export interface Recorded extends Operation {
  readonly register: string;
  /** The revision that an acknowledged write was given; 0 where the answer does not tell. */
  readonly revision: number;
}

interface Seen {
  readonly value: Value;
  readonly resourceVersion: string;
}

const NOTHING: Seen = { value: null, resourceVersion: '' };

export class RegisterClient {
  readonly history: Recorded[] = [];
  readonly #name: string;
  readonly #hubs: readonly HubProcess[];
  readonly #seen = new Map<string, Seen>();
  #writes = 0;

  constructor(name: string, hubs: readonly HubProcess[]) {
    this.#name = name;
    this.#hubs = hubs;
  }

  async step(): Promise<void> {
    const register = pick(REGISTERS);
    const hub = pick(this.#hubs);
    const seen = this.#seen.get(register);
    // Often on what was seen some time ago, so that some swaps are refused.
    if (seen === undefined || Math.random() < 0.4) return this.#read(hub, register);
    if (seen.value === null) return this.#create(hub, register);
    if (Math.random() < 0.2) return this.#remove(hub, register, seen);
    await this.#update(hub, register, seen);
    // At once, and wherever it may be: a hub that is late would be caught.
    return this.#read(pick(this.#hubs), register);
  }

  async #read(hub: HubProcess, register: string): Promise<void> {
    await this.#timed(
      register,
      () => hub.call('GET', `${CONFIG_MAPS}/${register}`),
      ({ status, body }) => {
        if (status !== 200 && status !== 404) return null;
        const seen = status === 404 ? NOTHING : seenIn(body);
        this.#seen.set(register, seen);
        return { kind: 'read', found: seen.value };
      },
    );
  }

  async #create(hub: HubProcess, register: string): Promise<void> {
    const next = this.#nextValue();
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: register }, data: { value: next } };
    await this.#swap(register, null, next, () => hub.call('POST', CONFIG_MAPS, object));
  }

  async #update(hub: HubProcess, register: string, { value, resourceVersion }: Seen): Promise<void> {
    const next = this.#nextValue();
    const metadata = { name: register, resourceVersion };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value: next } };
    await this.#swap(register, value, next, () => hub.call('PUT', `${CONFIG_MAPS}/${register}`, object));
  }

  async #remove(hub: HubProcess, register: string, { value, resourceVersion }: Seen): Promise<void> {
    const options = { preconditions: { resourceVersion } };
    await this.#swap(register, value, null, () => hub.call('DELETE', `${CONFIG_MAPS}/${register}`, options));
  }

  async #swap(register: string, expected: Value, next: Value, call: () => Promise<Answer>): Promise<void> {
    await this.#timed(
      register,
      call,
      ({ status, body }) => {
        const isDone = status === 200 || status === 201;
        const isRefused = status === 409 || status === 404;
        if (isDone) this.#seen.set(register, next === null ? NOTHING : seenIn(body));
        else this.#seen.delete(register);
        return { kind: 'swap', expected, next, outcome: isDone ? 'done' : isRefused ? 'refused' : 'unknown' };
      },
      { kind: 'swap', expected, next, outcome: 'unknown' },
    );
  }

  async #timed(
    register: string,
    call: () => Promise<Answer>,
    read: (answer: Answer) => Deed | null,
    ifUnanswered: Deed | null = null,
  ): Promise<void> {
    const began = performance.now();
    try {
      const answer = await call();
      const deed = read(answer);
      if (deed === null) return;
      const isUnknown = deed.kind === 'swap' && deed.outcome === 'unknown';
      const ended = isUnknown ? Number.POSITIVE_INFINITY : performance.now();
      const isStored = deed.kind === 'swap' && deed.outcome === 'done' && deed.next !== null;
      const revision = isStored ? Number(seenIn(answer.body).resourceVersion) : 0;
      this.history.push({ register, began, ended, deed, revision });
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      this.#seen.delete(register);
      if (error.isUnsent || ifUnanswered === null) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return;
      }
      this.history.push({ register, began, ended: Number.POSITIVE_INFINITY, deed: ifUnanswered, revision: 0 });
    }
  }

  #nextValue(): string {
    this.#writes += 1;
    return `${this.#name}-${this.#writes}`;
  }
}

export interface ConfigMap {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly data?: { readonly value?: string };
}

function seenIn(body: unknown): Seen {
  const { metadata, data } = body as ConfigMap;
  return { value: data?.value ?? null, resourceVersion: metadata.resourceVersion };
}

const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)]!;
