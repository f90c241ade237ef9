import { describe, expect, it } from 'vitest';
import type { Command } from '../../control/command.ts';
import { GUARD_MAX_MS } from '../../control/manager.ts';
import { HUB } from '../../control/place.ts';
import type { TraceLine } from '../../control/trace.ts';
import { OwnWritesWatch } from './own-writes.ts';

const by = 'controllers';
const collection = 'apps/deployments';
const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default' } };
const key = { collection, namespace: 'default', name: 'web' };
const write: Command = { verb: 'update', on: HUB, key, object };

const started = (at: number): TraceLine => ({
  type: 'started',
  at,
  by,
  controllers: ['one'],
  guardMaxMs: GUARD_MAX_MS,
});
const listed: TraceLine = { type: 'listed', at: 0, by, on: HUB, collection, revision: 5, objects: [] };
const saw = (at: number, revision: number): TraceLine => ({
  ...{ type: 'saw', at, by, on: HUB, collection, revision, change: 'MODIFIED', object },
});
const step = (at: number, id: number, commands: readonly Command[] = [], name = 'web'): TraceLine => ({
  ...{ type: 'step', at, by, id, controller: 'one', key: name, failures: 0 },
  ...{ commands, requeue: 'await-change', events: [] },
});
const settled = (at: number, id: number, resourceVersion: string): TraceLine => ({
  ...{ type: 'settled', at, by, id },
  results: [{ ok: true, object: { ...object, metadata: { ...object.metadata, resourceVersion } } }],
});

function sighted(...lines: readonly TraceLine[]) {
  const watch = new OwnWritesWatch();
  for (const line of [started(0), listed, step(1, 1, [write]), settled(2, 1, '9'), ...lines]) watch.notice(line);
  return watch.sightings.map(({ rule, about, at }) => [rule, about, at]);
}

const BEFORE_ITS_TIME = [['waits-for-its-own-writes', 'one web', 3]];

describe('own writes', () => {
  it('are to be seen before the same key is looked at again', () => {
    expect(sighted(step(3, 2))).toEqual(BEFORE_ITS_TIME);
    expect(sighted(saw(3, 8), step(3, 2))).toEqual(BEFORE_ITS_TIME);
    expect(sighted(saw(3, 9), step(3, 2))).toEqual([]);
    expect(sighted({ type: 'caught-up', at: 3, by, on: HUB, collection, revision: 10 }, step(3, 2))).toEqual([]);
  });

  it('do not hold up other keys, and none for ever', () => {
    expect(sighted(step(3, 2, [], 'other'))).toEqual([]);
    expect(sighted(step(2 + GUARD_MAX_MS, 2))).toEqual([]);
  });

  it('are not awaited where nobody follows them, nor by who knows nothing of them any more', () => {
    expect(sighted(started(3), listed, step(3, 1))).toEqual([]);
    const forgot: TraceLine = { type: 'forgot', at: 2, by, on: HUB };
    expect(sighted(saw(3, 9), forgot, step(3, 2, [write]), settled(4, 2, '12'), step(5, 3))).toEqual([]);
  });
});
