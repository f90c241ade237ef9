// A headless Chromium over its debugging pipe: opens a file, evaluates in it, and remembers what it complained of and asked for.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

/** Null where there is none. */
export function findChromium(): string | null {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return name;
    } catch {
      // The next one, then.
    }
  }
  return null;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

type Answer = (message: Message) => void;

export class Browser {
  readonly #process: ChildProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), 'muster-browser-'));
  readonly #waiting = new Map<number, Answer>();
  readonly #listeners = new Set<(message: Message) => void>();
  #lastId = 0;
  #session = '';
  readonly complaints: string[] = [];
  readonly requests: string[] = [];

  constructor(command: string) {
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-pipe'];
    this.#process = spawn(command, [...flags, `--user-data-dir=${this.#folder}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      // A group of its own, so that those whom it starts end with it, and write nothing any more.
      detached: true,
    });
    let text = '';
    (this.#process.stdio[4] as Readable).on('data', (chunk: Buffer) => {
      const parts = (text + chunk.toString('utf8')).split('\0');
      text = parts.pop()!;
      for (const part of parts) this.#hear(JSON.parse(part) as Message);
    });
  }

  async open(file: string, width: number, height: number): Promise<void> {
    const { targetId } = await this.#send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.#send('Target.attachToTarget', { targetId, flatten: true });
    this.#session = String(sessionId);
    for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await this.#send(`${domain}.enable`);
    await this.#send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
    const loaded = new Promise<void>((resolve) => {
      this.#listeners.add(({ method }) => {
        if (method === 'Page.loadEventFired') resolve();
      });
    });
    await this.#send('Page.navigate', { url: pathToFileURL(file).href });
    await loaded;
  }

  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.#send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
    if (answer.exceptionDetails !== undefined) throw new Error(JSON.stringify(answer.exceptionDetails));
    return (answer.result as { readonly value?: unknown }).value;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    process.kill(-this.#process.pid!, 'SIGKILL');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  #hear(message: Message): void {
    if (message.id !== undefined) this.#waiting.get(message.id)?.(message);
    const { method, params } = message;
    if (method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded')
      this.complaints.push(JSON.stringify(params));
    if (method === 'Network.requestWillBeSent') {
      this.requests.push((params as { readonly request: { readonly url: string } }).request.url);
    }
    for (const listener of this.#listeners) listener(message);
  }

  #send(method: string, params: object = {}): Promise<Readonly<Record<string, unknown>>> {
    this.#lastId += 1;
    const id = this.#lastId;
    const text = JSON.stringify({ id, method, params, ...(this.#session !== '' && { sessionId: this.#session }) });
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        this.#waiting.delete(id);
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`${method}: ${error.message}`));
      });
      (this.#process.stdio[3] as Writable).write(`${text}\0`);
    });
  }
}
