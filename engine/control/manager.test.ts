import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube/meta.ts';
import { labelIndex } from '../store/indexes.ts';
import { ObjectStore } from '../store/store.ts';
import type { Command, CommandResult } from './command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from './controller.ts';
import { ControllerManager, type Task } from './manager.ts';
import { HUB, memberPlace, type Place } from './place.ts';
import type { Projection } from './projection.ts';
import { readTraceLine } from './read-trace.ts';
import { rerun } from './rerun.ts';
import { formatTraceLine, type TraceLine } from './trace.ts';

const PARENTS = 'x/parents';
const CHILDREN = 'x/children';

const parent = (name: string, wanted = 1): KubeObject => ({
  apiVersion: 'x/v1',
  kind: 'Parent',
  metadata: { name, namespace: 'n' },
  spec: { wanted },
});

const create = (name: string): Command => ({
  on: HUB,
  verb: 'create',
  key: { collection: CHILDREN, namespace: 'n', name },
  object: {
    apiVersion: 'x/v1',
    kind: 'Child',
    metadata: { name, namespace: 'n', labels: { of: name.split('-')[0]! } },
  },
});

/** Makes as many children as its parent wants: with a stale view it would make too many. */
const families: Controller = {
  name: 'families',
  watches: [
    { on: 'hub', collection: PARENTS, keysOf: ({ object }) => [object.metadata.name] },
    { on: 'hub', collection: CHILDREN, keysOf: ({ object }) => [object.metadata.labels!.of!] },
  ],
  indexes: [labelIndex(CHILDREN, 'of')],
  reconcile: (key, view) => {
    const found = view.get(PARENTS, 'n', key);
    if (found === null) return NOTHING_TO_DO;
    const have = view.byIndex(CHILDREN, 'label:of', key).length;
    const missing = Math.max(0, (found.spec as { wanted: number }).wanted - have);
    const commands = Array.from({ length: missing }, (_, at) => create(`${key}-${have + at}`));
    return { commands, requeue: 'await-change', events: [] };
  },
};

/** A manager whose store delivers only when told to. */
class Bench {
  readonly store = new ObjectStore({ indexes: [labelIndex(CHILDREN, 'of')] });
  readonly lines: TraceLine[] = [];
  readonly doubted: string[] = [];
  readonly manager: ControllerManager;
  seen = 1;

  constructor(...controllers: Controller[]) {
    const onDoubt = (place: Place, collection: string) => void this.doubted.push(`${place} ${collection}`);
    const trace = (line: TraceLine) => void this.lines.push(line);
    this.manager = new ControllerManager({ name: 'm', controllers, guardMaxMs: 1000, onDoubt, trace }, 0);
    for (const collection of [PARENTS, CHILDREN]) {
      this.manager.listed(HUB, collection, this.store.collection(collection), this.store.revision(), 0);
    }
    this.manager.begin(0);
  }

  deliver(now: number): void {
    for (const change of this.store.changesSince(null, this.seen)!) this.manager.changed(HUB, change, null, now);
    this.seen = this.store.revision();
  }

  carryOut(task: Task, now: number): void {
    const results = task.outcome.commands.map((command): CommandResult => {
      if (command.verb !== 'create') return { ok: true, object: null };
      return { ok: true, object: this.store.put(command.key.collection, command.object) };
    });
    this.manager.settle(task, results, now);
  }
}

const failing: CommandResult = { ok: false, code: 'Conflict', message: 'no' };

function scripted(name: string, script: (key: string, view: View, now: number) => Partial<Outcome>): Controller {
  return {
    name,
    watches: [{ on: 'hub', collection: PARENTS, keysOf: ({ object }) => [object.metadata.name] }],
    reconcile: (key, view, now) => ({ ...NOTHING_TO_DO, ...script(key, view, now) }),
  };
}

describe('a manager', () => {
  it('does nothing before it has begun, and then what the lists brought up', () => {
    const manager = new ControllerManager({ name: 'm', controllers: [families] }, 0);
    const store = new ObjectStore({ indexes: [labelIndex(CHILDREN, 'of')] });
    store.put(PARENTS, parent('a'));
    manager.listed(HUB, PARENTS, store.collection(PARENTS), 2, 0);
    manager.listed(HUB, CHILDREN, store.collection(CHILDREN), 2, 0);
    expect([manager.dueAt(), manager.next(0)]).toEqual([null, null]);
    manager.begin(0);
    expect(manager.dueAt()).toBe(0);
    expect(manager.next(0)).toMatchObject({ controller: 'families', key: 'a', outcome: { commands: [create('a-0')] } });
    expect(manager.followsInHub(CHILDREN)).toBe(true);
    expect(manager.followsInHub('x/others')).toBe(false);
  });

  it('waits until its own writes have come back before it works on the key again', () => {
    const bench = new Bench(families);
    bench.store.put(PARENTS, parent('a', 2));
    bench.deliver(1);
    const task = bench.manager.next(1)!;
    bench.carryOut(task, 2);
    // Another change of the same key, seen before our own writes are.
    const again = { ...bench.store.get(PARENTS, 'n', 'a')! };
    bench.manager.changed(
      HUB,
      { revision: 2, type: 'MODIFIED', collection: PARENTS, object: again, previous: again },
      null,
      3,
    );
    expect(bench.manager.next(3)).toBeNull();
    bench.deliver(4);
    const next = bench.manager.next(4)!;
    expect([next.key, next.outcome.commands]).toEqual(['a', []]);
    expect(bench.store.list(CHILDREN)).toHaveLength(2);
  });

  it('waits for its own writes no longer than a named time', () => {
    const bench = new Bench(families);
    bench.store.put(PARENTS, parent('a'));
    bench.deliver(1);
    bench.carryOut(bench.manager.next(1)!, 2);
    bench.manager.changed(
      HUB,
      { revision: 2, type: 'MODIFIED', collection: PARENTS, object: parent('a'), previous: null },
      null,
      3,
    );
    expect([bench.manager.next(1001), bench.manager.dueAt()]).toEqual([null, 1002]);
    expect(bench.manager.next(1002)?.key).toBe('a');
  });

  it('has listed anew what its own writes do not come back from, and looks again once they have', () => {
    const bench = new Bench(
      scripted('s', (_key, view) => (view.list(CHILDREN).length === 0 ? { commands: [create('a-0')] } : {})),
    );
    bench.store.put(PARENTS, parent('a'));
    bench.deliver(1);
    bench.carryOut(bench.manager.next(1)!, 2);
    bench.manager.next(1001);
    expect(bench.doubted).toEqual([]);
    bench.manager.next(1002);
    expect(bench.doubted).toEqual([`${HUB} ${CHILDREN}`]);
    expect(bench.manager.dueAt()).toBeNull();
    bench.deliver(60_000);
    expect(bench.manager.next(60_000)).toMatchObject({ key: 'a', outcome: { commands: [] } });
    expect(bench.manager.dueAt()).toBeNull();
  });

  it('backs off after failures, tells the controller of them, and forgets them after success', () => {
    const heard: unknown[] = [];
    const bench = new Bench(
      scripted('s', (_key, { attempt }, now) => {
        heard.push([now, attempt.failures, attempt.results.map(({ result }) => result.ok)]);
        return heard.length === 4 ? {} : { commands: [create('x-1')] };
      }),
    );
    bench.manager.changed(
      HUB,
      { revision: 2, type: 'ADDED', collection: PARENTS, object: parent('a'), previous: null },
      null,
      0,
    );
    let now = 0;
    for (let round = 0; round < 3; round += 1) {
      bench.manager.settle(bench.manager.next(now)!, [failing], now);
      now = bench.manager.dueAt()!;
    }
    bench.manager.next(now);
    expect(heard).toEqual([
      [0, 0, []],
      [5, 1, [false]],
      [15, 2, [false]],
      [35, 3, [false]],
    ]);
    bench.manager.changed(
      HUB,
      { revision: 3, type: 'MODIFIED', collection: PARENTS, object: parent('a'), previous: null },
      null,
      40,
    );
    bench.manager.next(40);
    expect(heard[4]).toEqual([40, 0, []]);
  });

  it('counts the deletion of what is not there as done', () => {
    const key = { collection: PARENTS, namespace: 'n', name: 'a' };
    const bench = new Bench(
      scripted('s', () => ({ commands: [{ on: HUB, verb: 'delete', key, precondition: null }] })),
    );
    bench.manager.changed(
      HUB,
      { revision: 2, type: 'ADDED', collection: PARENTS, object: parent('a'), previous: null },
      null,
      0,
    );
    bench.manager.settle(bench.manager.next(0)!, [{ ok: false, code: 'NotFound', message: 'gone' }], 0);
    expect(bench.manager.dueAt()).toBeNull();
  });

  it('remembers what it is asked to, requeues as asked, and hands over answers', () => {
    const heard: unknown[] = [];
    const ask: Command = { on: memberPlace('c'), verb: 'ask', question: { about: 'state', withApis: false } };
    const bench = new Bench(
      scripted('s', (_key, { attempt, remembered }) => {
        heard.push([remembered, attempt.results.map(({ result }) => result.ok && result.answer)]);
        if (heard.length === 1) return { commands: [ask], requeue: 'when-done', remember: { since: 1 } };
        return heard.length === 2 ? { requeue: { afterMs: 10_000 } } : { remember: null };
      }),
    );
    bench.manager.changed(
      HUB,
      { revision: 2, type: 'ADDED', collection: PARENTS, object: parent('a'), previous: null },
      null,
      0,
    );
    bench.manager.settle(bench.manager.next(0)!, [{ ok: true, object: null, answer: { healthy: true } }], 7);
    bench.manager.next(7);
    expect(bench.manager.dueAt()).toBe(10_007);
    bench.manager.next(10_007);
    bench.manager.changed(
      HUB,
      { revision: 3, type: 'MODIFIED', collection: PARENTS, object: parent('a'), previous: null },
      null,
      20_000,
    );
    bench.manager.next(20_000);
    expect(heard).toEqual([
      [undefined, []],
      [{ since: 1 }, [{ healthy: true }]],
      [{ since: 1 }, []],
      [undefined, []],
    ]);
  });

  it('has no more keys of a controller under way than it may', () => {
    const bench = new Bench({ ...families, concurrency: 2 });
    for (const name of ['a', 'b', 'c']) bench.store.put(PARENTS, parent(name));
    bench.deliver(0);
    const first = bench.manager.next(0)!;
    bench.manager.next(0);
    expect([bench.manager.next(0), bench.manager.dueAt()]).toEqual([null, null]);
    bench.carryOut(first, 1);
    expect(bench.manager.next(1)?.key).toBe('c');
    expect(bench.manager.backlog()).toEqual([{ controller: 'families', keys: 0, held: 3 }]);
  });

  it('learns from a new list what is gone, what is new and what is another object of the same name', () => {
    const changes: string[] = [];
    const bench = new Bench({
      ...families,
      watches: [
        {
          on: 'hub',
          collection: PARENTS,
          keysOf: ({ type, object }) => {
            changes.push(`${type} ${object.metadata.name} ${object.metadata.uid}`);
            return [];
          },
        },
      ],
    });
    const named = (name: string, uid: string) => ({ ...parent(name), metadata: { name, namespace: 'n', uid } });
    for (const [name, uid] of [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ] as const)
      bench.store.put(PARENTS, named(name, uid));
    bench.deliver(0);
    changes.length = 0;
    bench.store.remove(PARENTS, 'n', 'a');
    bench.store.remove(PARENTS, 'n', 'b');
    bench.store.put(PARENTS, named('b', '4'));
    bench.store.put(PARENTS, named('d', '5'));
    bench.manager.listed(HUB, PARENTS, bench.store.collection(PARENTS), bench.store.revision(), 1);
    expect(changes).toEqual(['DELETED a 1', 'DELETED b 2', 'ADDED b 4', 'ADDED d 5']);
  });

  it('keeps derived state from changes, and from what it sent before any change tells of it', () => {
    const counts: Projection<{ seen: number; sent: number; settled: number }> = {
      name: 'counts',
      follows: (collection) => collection === PARENTS,
      begin: () => ({ seen: 0, sent: 0, settled: 0 }),
      change: (state) => {
        state.seen += 1;
      },
      sent: (state) => {
        state.sent += 1;
      },
      settled: (state) => {
        state.settled += 1;
      },
    };
    const told: unknown[] = [];
    const bench = new Bench({
      ...scripted('s', (key, view) => {
        told.push({ ...view.derived(counts) });
        return { commands: [create(`${key}-0`)] };
      }),
      projections: [counts],
    });
    for (const name of ['a', 'b']) bench.store.put(PARENTS, parent(name));
    bench.deliver(0);
    const first = bench.manager.next(0)!;
    bench.manager.next(0);
    bench.carryOut(first, 1);
    bench.store.put(PARENTS, parent('c'));
    bench.deliver(2);
    bench.manager.next(2);
    expect(told).toEqual([
      { seen: 2, sent: 0, settled: 0 },
      { seen: 2, sent: 1, settled: 0 },
      { seen: 3, sent: 2, settled: 1 },
    ]);
  });

  it('follows what it asked to follow in members, until it asks no longer or the member is gone', () => {
    const place = memberPlace('c');
    const bench = new Bench({
      ...scripted('s', (_key, view) => {
        const isWatched = view.member('c').isWatched('/pods');
        return { commands: isWatched ? [] : [{ on: place, verb: 'watch', collection: '/pods' }] };
      }),
      watches: [
        { on: 'hub', collection: PARENTS, keysOf: ({ object }) => [object.metadata.name] },
        {
          on: 'members',
          collection: '/pods',
          keysOf: ({ object }, _view, from) => [`${from} ${object.metadata.name}`],
        },
      ],
    });
    bench.store.put(PARENTS, parent('a'));
    bench.deliver(0);
    bench.carryOut(bench.manager.next(0)!, 1);
    expect(bench.manager.cache.isWatched(place, '/pods')).toBe(true);
    const pod = parent('p');
    bench.manager.changed(
      place,
      { revision: 9, type: 'ADDED', collection: '/pods', object: pod, previous: null },
      null,
      2,
    );
    expect(bench.manager.next(2)).toMatchObject({ key: 'member/c p', outcome: { commands: [] } });
    expect(bench.manager.cache.reader(place).list('/pods')).toEqual([pod]);
    bench.manager.forgot(place, 3);
    expect(bench.manager.cache.reader(place).list('/pods')).toEqual([]);
    expect(bench.manager.cache.isWatched(place, '/pods')).toBe(false);
  });
});

describe('derived state', () => {
  const names: Projection<Set<string>> = {
    name: 'names',
    follows: (collection) => collection === PARENTS,
    begin: () => new Set(),
    change: (state, { type, object }, place) => {
      const name = `${place} ${object.metadata.name}`;
      if (type === 'DELETED') state.delete(name);
      else state.add(name);
    },
  };

  it('is the same whether changes come one by one, or as a list, or a place is forgotten and listed again', () => {
    const seen: string[][] = [];
    const bench = new Bench({
      ...scripted('s', (_key, view) => {
        seen.push([...view.derived(names)].sort());
        return {};
      }),
      projections: [names],
    });
    const place = memberPlace('c');
    for (const name of ['a', 'b']) bench.store.put(PARENTS, parent(name));
    bench.deliver(0);
    bench.manager.listed(place, PARENTS, bench.store.collection(PARENTS), 3, 0);
    bench.manager.next(0);
    bench.manager.forgot(place, 1);
    bench.store.remove(PARENTS, 'n', 'a');
    bench.deliver(2);
    bench.manager.next(2);
    expect(seen).toEqual([['hub a', 'hub b', 'member/c a', 'member/c b'], ['hub b']]);
  });

  it('asked for without being declared is a mistake of ours', () => {
    const bench = new Bench(
      scripted('s', (_key, view) => {
        view.derived(names);
        return {};
      }),
    );
    bench.store.put(PARENTS, parent('a'));
    bench.deliver(0);
    expect(() => bench.manager.next(0)).toThrow('m keeps the projection names');
  });
});

describe('an outcome that would never let time pass', () => {
  for (const requeue of ['when-done', { afterMs: 0 }] as const) {
    it(`is a mistake of ours: ${JSON.stringify(requeue)} without commands`, () => {
      const bench = new Bench(scripted('s', () => ({ requeue })));
      bench.store.put(PARENTS, parent('a'));
      bench.deliver(0);
      expect(() => bench.manager.next(0)).toThrow('s ');
    });
  }
});

describe('a trace', () => {
  function traced(): string[] {
    const bench = new Bench(families);
    for (const name of ['a', 'b']) bench.store.put(PARENTS, parent(name, 2));
    bench.deliver(1);
    for (let now = 2; now < 10; now += 1) {
      const task = bench.manager.next(now);
      if (task !== null && task.outcome.commands.length > 0) bench.carryOut(task, now);
      if (now % 3 === 0) bench.deliver(now);
    }
    bench.manager.caughtUp(HUB, PARENTS, 99, 10);
    bench.manager.forgot(memberPlace('c'), 11);
    return bench.lines.map(formatTraceLine);
  }

  const read = (texts: readonly string[]) =>
    texts.map((text) => {
      const reading = readTraceLine(text);
      if (!reading.ok) throw new Error(reading.problem);
      return reading.line;
    });

  it('is read back as it was written, and runs again to the same steps', () => {
    const lines = read(traced());
    expect(lines.map(formatTraceLine)).toEqual(traced());
    expect(rerun(lines, () => [families])).toEqual({ ok: true, steps: 4 });
  });

  it('shows where other code would have decided otherwise', () => {
    const lazy = { ...families, reconcile: () => NOTHING_TO_DO };
    const found = rerun(read(traced()), () => [lazy]);
    expect(found).toMatchObject({ ok: false, problem: 'another step was taken', recorded: { key: 'a' } });
    expect(rerun(read(traced()), () => [])).toMatchObject({ problem: 'there is no controller families to run again' });
  });

  it('shows which line was the end of a controller', () => {
    const error = new TypeError('mistaken');
    const mistaken: Controller = {
      ...families,
      reconcile: () => {
        throw error;
      },
    };
    const lines = read(traced());
    const line = lines.findIndex(({ type }) => type === 'step');
    expect(rerun(lines, () => [mistaken])).toMatchObject({ ok: false, line, error, recorded: null });
  });

  it('says what is wrong with a line', () => {
    const problemOf = (text: string) => {
      const reading = readTraceLine(text);
      return reading.ok ? null : reading.problem;
    };
    expect(problemOf('{')).toBe('the line is no JSON');
    expect(problemOf('[]')).toBe('the line is no object');
    expect(problemOf('{"type":"x"}')).toMatch(/^the line has the type "x"; known are started,/);
    expect(problemOf('{"type":"began","by":"m"}')).toBe('at is missing');
    expect(problemOf('{"type":"began","by":"m","at":1}')).toBeNull();
    const saw = { type: 'saw', by: 'm', at: 1, on: 'hub', collection: '/pods', revision: 2, change: 'ADDED' };
    expect(problemOf(JSON.stringify({ ...saw, object: {} }))).toBe('object.metadata is missing');
    expect(problemOf(JSON.stringify({ ...saw, object: { metadata: { name: 'p' } } }))).toBeNull();
    const settled = { type: 'settled', by: 'm', at: 1, id: 1 };
    expect(problemOf(JSON.stringify({ ...settled, results: [{ ok: true }] }))).toBe('results[0].object is missing');
    expect(problemOf(JSON.stringify({ ...settled, results: [{ ok: true, object: null }] }))).toBeNull();
  });
});
