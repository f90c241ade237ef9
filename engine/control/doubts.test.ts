import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube/meta.ts';
import { ObjectStore } from '../store/store.ts';
import type { Command, CommandResult, ResultCode } from './command.ts';
import { type Controller, NOTHING_TO_DO } from './controller.ts';
import { DOUBT_MS } from './doubts.ts';
import { ControllerManager, type ManagerOptions } from './manager.ts';
import { HUB, type Place } from './place.ts';

const COLLECTION = 'x/things';
const object: KubeObject = { apiVersion: 'x/v1', kind: 'Thing', metadata: { name: 'a', namespace: 'n' } };
const key = (name: string) => ({ collection: COLLECTION, namespace: 'n', name });

const patchOf = (name: string, resourceVersion?: string, collection = COLLECTION): Command => ({
  on: HUB,
  verb: 'patch',
  key: { ...key(name), collection },
  patch: {},
  precondition: resourceVersion === undefined ? null : { resourceVersion },
});
const createOf = (name: string): Command => ({
  on: HUB,
  verb: 'create',
  key: key(name),
  object: { ...object, metadata: { name, namespace: 'n' } },
});
const refusal = (code: ResultCode): CommandResult => ({ ok: false, code, message: 'no' });

/** One object "a" is seen at a revision of 2; the same command is tried again whenever it is refused. */
class Trial {
  readonly doubted: string[] = [];
  readonly store = new ObjectStore();
  readonly manager: ControllerManager;
  readonly #answer: CommandResult;

  constructor(command: Command, code: ResultCode) {
    this.#answer = refusal(code);
    this.store.put(COLLECTION, object);
    const stubborn: Controller = {
      name: 'stubborn',
      initialKeys: ['key'],
      watches: [{ on: 'hub', collection: COLLECTION, keysOf: () => [] }],
      reconcile: () => ({ ...NOTHING_TO_DO, commands: [command] }),
    };
    const onDoubt = (place: Place, collection: string) => void this.doubted.push(`${place} ${collection}`);
    this.manager = new ControllerManager({ name: 'm', controllers: [stubborn], onDoubt }, 0);
    this.list(0);
    this.manager.begin(0);
  }

  list(now: number): void {
    this.manager.listed(HUB, COLLECTION, this.store.collection(COLLECTION), this.store.revision(), now);
  }

  /** Whether the collection is doubted when it has been tried at these times. */
  tryAt(...times: number[]): boolean {
    const before = this.doubted.length;
    for (const now of times) {
      const task = this.manager.next(now);
      expect(task).not.toBeNull();
      this.manager.settle(task!, [this.#answer], now);
    }
    return this.doubted.length > before;
  }
}

describe('what is seen is doubted', () => {
  it.each([
    ['what is seen has changed since', patchOf('a', '2'), 'Conflict'],
    ['what is seen is not there', patchOf('a'), 'NotFound'],
    ['what is not seen is there already', createOf('b'), 'AlreadyExists'],
  ] as const)('where an API says again and again that %s', (_, command, code) => {
    const trial = new Trial(command, code);
    expect(trial.tryAt(0, DOUBT_MS / 2)).toBe(false);
    expect(trial.tryAt(DOUBT_MS)).toBe(true);
    expect(trial.doubted).toEqual([`${HUB} ${COLLECTION}`]);
  });

  it('once until it is listed, and then again only after as long a time', () => {
    const trial = new Trial(patchOf('a', '2'), 'Conflict');
    expect(trial.tryAt(0, DOUBT_MS)).toBe(true);
    expect(trial.tryAt(2 * DOUBT_MS, 4 * DOUBT_MS)).toBe(false);
    trial.list(4 * DOUBT_MS);
    expect(trial.tryAt(5 * DOUBT_MS)).toBe(false);
    expect(trial.tryAt(6 * DOUBT_MS)).toBe(true);
  });

  it('not where news of it have come in between', () => {
    const trial = new Trial(patchOf('a', '2'), 'Conflict');
    expect(trial.tryAt(0)).toBe(false);
    const changed = trial.store.put(COLLECTION, { ...object, spec: {} });
    const change = { revision: 3, type: 'MODIFIED', collection: COLLECTION, object: changed, previous: null } as const;
    trial.manager.changed(HUB, change, null, 5);
    expect(trial.tryAt(DOUBT_MS, 3 * DOUBT_MS)).toBe(false);
  });

  it('not where a list has shown what it is', () => {
    const trial = new Trial(createOf('b'), 'AlreadyExists');
    expect(trial.tryAt(0)).toBe(false);
    trial.store.put(COLLECTION, { ...object, metadata: { name: 'b', namespace: 'n' } });
    trial.list(5);
    expect(trial.tryAt(DOUBT_MS, 3 * DOUBT_MS)).toBe(false);
  });

  it.each([
    ['asks for another version than is seen', patchOf('a', '1'), 'Conflict'],
    ['is refused for what is seen as well', createOf('a'), 'AlreadyExists'],
    ['misses what is not seen either', patchOf('b'), 'NotFound'],
    ['misses something else, such as its namespace', createOf('b'), 'NotFound'],
    ['has no answer', patchOf('a', '2'), 'Timeout'],
  ] as const)('not where a command %s', (_, command, code) => {
    expect(new Trial(command, code).tryAt(0, DOUBT_MS, 3 * DOUBT_MS)).toBe(false);
  });

  it('not where the collection has never been listed', () => {
    expect(new Trial(patchOf('a', '2', 'x/others'), 'Conflict').tryAt(0, DOUBT_MS)).toBe(false);
  });
});

describe('a wait after a failure', () => {
  it('grows where a step on the way to it succeeds each time', () => {
    const options = { name: 'm', controllers: [asking], onDoubt: () => {} } satisfies ManagerOptions;
    const manager = new ControllerManager(options, 0);
    manager.listed(HUB, COLLECTION, new ObjectStore().collection(COLLECTION), 1, 0);
    manager.begin(0);
    const waits: number[] = [];
    let now = 0;
    for (let round = 0; round < 6; round += 1) {
      manager.settle(manager.next(now)!, [{ ok: true, object: null }], now);
      manager.settle(manager.next(now)!, [refusal('Conflict')], now);
      waits.push(manager.dueAt()! - now);
      now = manager.dueAt()!;
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  const asking: Controller = {
    name: 'asking',
    initialKeys: ['key'],
    backOff: { baseMs: 100, maxMs: 1_000 },
    watches: [{ on: 'hub', collection: COLLECTION, keysOf: () => [] }],
    reconcile: (_, { attempt }) =>
      attempt.results.some(({ result }) => result.ok)
        ? { ...NOTHING_TO_DO, commands: [patchOf('a')] }
        : { ...NOTHING_TO_DO, commands: [createOf('a')], requeue: 'when-done' },
  };
});
