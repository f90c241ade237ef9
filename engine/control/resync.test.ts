// Looking again at everything that is known, and a clock of one's own: both come back the same from a trace.
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube/meta.ts';
import { ObjectStore } from '../store/store.ts';
import { type Controller, NOTHING_TO_DO } from './controller.ts';
import { ControllerManager } from './manager.ts';
import { HUB } from './place.ts';
import { readTraceLine } from './read-trace.ts';
import { rerun } from './rerun.ts';
import { formatTraceLine, type TraceLine } from './trace.ts';

const THINGS = 'x/things';

const thing = (name: string): KubeObject => ({ apiVersion: 'x/v1', kind: 'Thing', metadata: { name } });

function begun(aheadMs: number) {
  const told: (readonly [string, number])[] = [];
  const lines: TraceLine[] = [];
  const looking: Controller = {
    name: 'looking',
    watches: [{ on: 'hub', collection: THINGS, keysOf: ({ object }) => [object.metadata.name] }],
    reconcile: (key, _view, now) => {
      told.push([key, now]);
      return { ...NOTHING_TO_DO, remember: now };
    },
  };
  const store = new ObjectStore({});
  for (const name of ['a', 'b']) store.put(THINGS, thing(name));
  const options = {
    name: 'm',
    controllers: [looking],
    aheadMs: () => aheadMs,
    trace: (line: TraceLine) => lines.push(line),
  };
  const manager = new ControllerManager(options, 0);
  manager.listed(HUB, THINGS, store.collection(THINGS), store.revision(), 0);
  manager.begin(0);
  const work = (now: number): void => {
    while (manager.next(now) !== null);
  };
  work(0);
  return { manager, told, lines, work, looking };
}

describe('a process that looks again', () => {
  it('looks at everything that it knows, once', () => {
    const { manager, told, work } = begun(0);
    work(10);
    expect(told.map(([key]) => key)).toEqual(['a', 'b']);
    manager.resync(20);
    work(20);
    work(30);
    expect(told.map(([key]) => key)).toEqual(['a', 'b', 'a', 'b']);
  });

  it('tells its controllers the time of its own clock, and comes back the same from its trace', () => {
    const { manager, told, lines, work, looking } = begun(90_000);
    manager.resync(20);
    work(20);
    expect(told.map(([, now]) => now)).toEqual([90_000, 90_000, 90_020, 90_020]);
    const read = lines.map((line) => readTraceLine(formatTraceLine(line)));
    const kept = read.flatMap((reading) => (reading.ok ? [reading.line] : []));
    expect(kept).toHaveLength(lines.length);
    expect(rerun(kept, () => [looking])).toEqual({ ok: true, steps: 4 });
  });
});
