// A storage that forgets with the process: for trials and tests, where nothing has to last.
import { FIRST_REVISION, type Follower, type Opened, type Storage, type StoredCommit } from './storage.ts';

export class MemoryStorage implements Storage {
  readonly name = 'memory';
  #follower: Follower | null = null;
  #last = FIRST_REVISION;
  #isTelling = false;

  async open(follower: Follower): Promise<Opened> {
    this.#follower = follower;
    follower.replaced({ revision: FIRST_REVISION, objects: [] });
    return { notices: [] };
  }

  append({ revision }: StoredCommit): void {
    this.#last = revision;
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      this.#follower?.durable(this.#last);
    });
  }

  caughtUp(): null {
    return null;
  }

  async close(): Promise<void> {
    await Promise.resolve();
    this.#follower = null;
  }
}
