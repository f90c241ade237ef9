// What a live scenario writes to its hub: one write after the other, in the order in which they were wanted.
import {
  COLLECTIONS,
  type Command,
  type CommandResult,
  HUB,
  type KubeObject,
  type ObjectKey,
} from '../../engine/index.ts';
import type { LocalHub } from '../../executor/commands/up/local-hub.ts';

export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const ATTEMPTS = 10;

export class HubWrites {
  readonly #hub: LocalHub;
  readonly #onRefusal: (message: string) => void;
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(hub: LocalHub, onRefusal: (message: string) => void) {
    this.#hub = hub;
    this.#onRefusal = onRefusal;
  }

  /** Once everything that is wanted by now is done. */
  idle(): Promise<unknown> {
    return this.#underWay;
  }

  later(work: () => Promise<unknown>): void {
    this.#underWay = this.#underWay.then(work).catch((error: unknown) => this.#onRefusal(textOf(error)));
  }

  async create(key: ObjectKey, object: KubeObject): Promise<void> {
    await this.#ensureNamespace(key.namespace);
    const metadata = { ...object.metadata, ...(key.namespace !== '' && { namespace: key.namespace }) };
    await this.#carryOut({ verb: 'create', on: HUB, key, object: { ...object, metadata } });
  }

  async delete(key: ObjectKey): Promise<void> {
    await this.#carryOut({ verb: 'delete', on: HUB, key, precondition: null });
  }

  /** From what is there now, as often as somebody else was faster. */
  async change(key: ObjectKey, change: (object: KubeObject) => KubeObject): Promise<void> {
    const { client, store } = this.#hub;
    for (let attempt = 1; ; attempt += 1) {
      const current = store.get(key.collection, key.namespace, key.name);
      if (current === null) {
        this.#onRefusal(`there is no ${key.collection} ${key.namespace}/${key.name}`);
        return;
      }
      const object = change(current);
      if (object === current) return;
      const result = await client.carryOut({ verb: 'update', on: HUB, key, object });
      if (result.ok || result.code !== 'Conflict' || attempt === ATTEMPTS) {
        this.#tell(result);
        return;
      }
    }
  }

  async #ensureNamespace(name: string): Promise<void> {
    if (name === '' || this.#hub.store.get(COLLECTIONS.namespaces, '', name) !== null) return;
    const key = { collection: COLLECTIONS.namespaces, namespace: '', name };
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await this.#carryOut({ verb: 'create', on: HUB, key, object });
  }

  async #carryOut(command: Extract<Command, { readonly verb: 'create' | 'delete' }>): Promise<void> {
    this.#tell(await this.#hub.client.carryOut(command));
  }

  #tell(result: CommandResult): void {
    if (!result.ok) this.#onRefusal(result.message);
  }
}
