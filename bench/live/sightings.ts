// When objects were seen in a collection, and when they were seen to go, by watching it.
import { isObject, type KubeObject } from '../../engine/index.ts';
import type { HttpApi } from '../../executor/live/http-api.ts';
import { CommandError } from '../../executor/terminal/command.ts';

export class Sightings {
  readonly came = new Map<string, number>();
  readonly went = new Map<string, number>();
  readonly #stop: () => void;
  #waiting: (() => void)[] = [];
  #failure: Error | null = null;

  private constructor(api: HttpApi, path: string, counts: (object: KubeObject) => boolean) {
    this.#stop = api.stream(
      `${path}?watch=true`,
      (line) => this.#see(line, counts),
      () => this.#fail(new CommandError(`the watch of ${path} ended`)),
    );
  }

  /** Only what `counts` is there. */
  static watch(api: HttpApi, path: string, counts: (object: KubeObject) => boolean = () => true): Sightings {
    return new Sightings(api, path, counts);
  }

  /** Looks again after everything that is seen. */
  async until(isDone: () => boolean, signal: AbortSignal): Promise<void> {
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake);
    try {
      while (!isDone()) {
        signal.throwIfAborted();
        if (this.#failure !== null) throw this.#failure;
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  close(): void {
    this.#stop();
  }

  #see(line: string, counts: (object: KubeObject) => boolean): void {
    const atMs = performance.now();
    const { type, object } = JSON.parse(line) as { readonly type: string; readonly object: KubeObject };
    if (!isObject(object) || !isObject(object.metadata)) return;
    const { name } = object.metadata;
    if (type === 'DELETED') {
      if (this.came.has(name)) this.went.set(name, atMs);
    } else if (!this.came.has(name) && counts(object)) this.came.set(name, atMs);
    this.#wake();
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
