// A watcher of the registers that reconnects wherever it broke off, to any hub, and records what it was told.
import { isObject } from '../../engine/index.ts';
import { CallError, type HubProcess } from './hub-process.ts';
import { CONFIG_MAPS, type ConfigMap, REGISTERS } from './register-client.ts';

export interface Told {
  readonly type: string;
  readonly name: string;
  readonly revision: number;
  readonly value: string | null;
}

export class RegisterWatcher {
  readonly told: Told[] = [];
  /** What was there when it began. */
  readonly listed: Told[] = [];
  connections = 0;
  /** Times that it was told to list anew. */
  expired = 0;
  readonly #hubs: readonly HubProcess[];
  readonly #ending = new AbortController();
  #seen = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(hubs: readonly HubProcess[]) {
    this.#hubs = hubs;
  }

  async start(): Promise<void> {
    const { body } = await this.#hubs[0]!.call('GET', CONFIG_MAPS);
    this.#seen = Number((body.metadata as { resourceVersion: string }).resourceVersion);
    for (const item of body.items as ConfigMap[]) {
      if (REGISTERS.includes(item.metadata.name)) this.listed.push(toldOf('ADDED', item));
    }
    this.#running = this.#run();
  }

  async untilSeen(revision: number): Promise<void> {
    while (this.#seen < revision) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async end(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    for (let turn = 0; !signal.aborted; turn += 1) {
      const hub = this.#hubs[turn % this.#hubs.length]!;
      this.connections += 1;
      const path = `${CONFIG_MAPS}?watch=true&allowWatchBookmarks=true&resourceVersion=${this.#seen}`;
      await hub
        .lines(path, (line) => this.#take(line), signal)
        .catch((error: unknown) => {
          if (!(error instanceof CallError)) throw error;
        });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #take({ type, object }: Readonly<Record<string, unknown>>): void {
    if (type === 'ERROR' || !isObject(object) || !isObject(object.metadata)) {
      this.expired += 1;
      return;
    }
    const told = toldOf(String(type), object as unknown as ConfigMap);
    this.#seen = Math.max(this.#seen, told.revision);
    if (type !== 'BOOKMARK' && REGISTERS.includes(told.name)) this.told.push(told);
  }
}

const toldOf = (type: string, { metadata, data }: ConfigMap): Told => ({
  type,
  name: metadata.name,
  revision: Number(metadata.resourceVersion),
  value: data?.value ?? null,
});
