// A real "muster hub" in a process of its own, on a port that it keeps through restarts, and requests to it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isObject } from '../../engine/index.ts';

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const TOKEN = 'a-token-for-tests-only';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** `unsent`: nobody was there to take it. */
export class CallError extends Error {
  readonly isUnsent: boolean;

  constructor(cause: NodeJS.ErrnoException) {
    super(cause.message, { cause });
    this.isUnsent = cause.code === 'ECONNREFUSED';
  }
}

export class HubProcess {
  readonly #storage: string;
  #agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  #port = 0;
  #child: ChildProcess | null = null;
  readonly output: string[] = [];

  constructor(storage: string) {
    this.#storage = storage;
  }

  /** Returns when it serves. */
  async start(): Promise<void> {
    const args = ['--import', 'tsx', CLI, 'hub', '--storage', this.#storage, '--token', TOKEN];
    const listen = ['--listen', `127.0.0.1:${this.#port}`];
    const child = spawn(process.execPath, [...args, ...listen], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stderr }).on('line', (line) => {
        this.output.push(line);
        const port = /serving https:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
        if (port === undefined) return;
        this.#port = Number(port);
        resolve();
      });
      child.once('close', () => reject(new Error(`the hub ended: ${this.output.join('\n')}`)));
    });
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const gone = once(this.#child!, 'close');
    this.#child!.kill(signal);
    const [code] = (await gone) as [number | null];
    this.#agent.destroy();
    this.#agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
    return code;
  }

  call(method: string, path: string, body?: unknown): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const asked = request(this.#options(method, path, Buffer.byteLength(text)), (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => reject(new CallError(error)));
        response.on('end', () => {
          const body = readLine(Buffer.concat(chunks).toString('utf8')) ?? {};
          resolve({ status: response.statusCode ?? 0, body });
        });
      });
      asked.on('error', (error) => reject(new CallError(error)));
      asked.end(text);
    });
  }

  /** Every line until the stream ends, for whatever reason. */
  lines(path: string, onLine: (line: Readonly<Record<string, unknown>>) => void, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const asked = request({ ...this.#options('GET', path), signal }, (response) => {
        response.on('error', () => resolve());
        const reader = createInterface({ input: response });
        reader.on('error', () => resolve());
        reader.on('line', (text) => {
          const line = readLine(text);
          if (line !== null) onLine(line);
        });
        response.on('close', resolve);
      });
      asked.on('error', () => resolve());
      asked.end();
    });
  }

  #options(method: string, path: string, length = 0) {
    const type = { 'Content-Type': 'application/json', 'Content-Length': length };
    const headers = { Authorization: `Bearer ${TOKEN}`, ...(length > 0 ? type : {}) };
    return { host: '127.0.0.1', port: this.#port, method, path, agent: this.#agent, headers };
  }
}

/** Null for a line that broke off with its connection. */
function readLine(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : null;
  } catch {
    return null;
  }
}
