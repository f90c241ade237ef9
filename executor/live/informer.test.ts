// Tests of following a collection over HTTP: pages, watches that end, break off, expire or fall silent, and lists made anew.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KubeObject } from '../../engine/index.ts';
import type { Served } from './directory.ts';
import type { Send } from './http-api.ts';
import { Informer } from './informer.ts';

const SERVED: Served = {
  collection: '/configmaps',
  apiVersion: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
  hasStatus: false,
  isWatchable: true,
};

const MANAGED = [{ manager: 'kubectl', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} }];

interface Stream {
  readonly path: string;
  readonly line: (text: string) => void;
  readonly end: (refused: number | null) => void;
  isStopped: boolean;
}

/** An API whose answers are given by hand. */
class Api {
  readonly asked: string[] = [];
  readonly streams: Stream[] = [];
  pages: { items: string[]; revision: string; next?: string }[] = [];
  status = 200;

  send = async ({ path }: Send) => {
    this.asked.push(path);
    const { items, revision, next } = this.pages.shift() ?? { items: [], revision: '1', next: '' };
    const metadata = { resourceVersion: revision, ...(next !== undefined && { continue: next }) };
    const text = JSON.stringify({
      metadata,
      items: items.map((name) => ({ metadata: { name, resourceVersion: revision, managedFields: MANAGED } })),
    });
    return { ok: true as const, status: this.status, text };
  };

  stream = (path: string, line: Stream['line'], end: Stream['end']) => {
    const stream: Stream = { path, line, end, isStopped: false };
    this.streams.push(stream);
    return () => {
      stream.isStopped = true;
    };
  };

  get last(): Stream {
    return this.streams.at(-1)!;
  }
}

let api: Api;
let informer: Informer;
let told: string[];
let seen: KubeObject[];

const event = (type: string, name: string, resourceVersion: string) =>
  api.last.line(
    JSON.stringify({
      type,
      object: { kind: 'ConfigMap', metadata: { name, resourceVersion, managedFields: MANAGED } },
    }),
  );

const fromOf = ({ path }: Stream) => new URLSearchParams(path.split('?')[1]).get('resourceVersion');

beforeEach(() => {
  vi.useFakeTimers();
  api = new Api();
  told = [];
  seen = [];
  informer = new Informer(
    '/configmaps',
    {
      listed: (objects, revision) => {
        seen.push(...objects);
        told.push(`listed ${[...objects].map(({ metadata }) => metadata.name).join(',')} at ${revision}`);
      },
      changed: (type, object, revision) => {
        seen.push(object);
        told.push(`${type} ${object.metadata.name} at ${revision}`);
      },
      caughtUp: (revision) => told.push(`caught up at ${revision}`),
      absent: () => told.push('absent'),
    },
    { api, directory: { find: async () => SERVED }, now: () => Date.now(), chance: () => 0 },
  );
});

afterEach(() => {
  informer.close();
  vi.useRealTimers();
});

const begin = () => vi.advanceTimersByTimeAsync(1);

describe('a collection that is followed', () => {
  it('is listed page by page, and watched from there', async () => {
    api.pages = [
      { items: ['a'], revision: '7', next: 'token' },
      { items: ['b'], revision: '7' },
    ];
    await begin();
    expect(api.asked).toEqual(['/api/v1/configmaps?limit=1000', '/api/v1/configmaps?limit=1000&continue=token']);
    expect(told).toEqual(['listed a,b at 7']);
    expect(fromOf(api.last)).toBe('7');
    event('ADDED', 'c', '8');
    event('BOOKMARK', '', '12');
    expect(told.slice(1)).toEqual(['ADDED c at 8', 'caught up at 12']);
  });

  it('is none where nobody may see it, until that is allowed', async () => {
    api.status = 403;
    await begin();
    expect(told).toEqual(['absent']);
    api.status = 200;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told.at(-1)).toBe('listed  at 1');
  });

  it('is told without the record of who wrote what', async () => {
    api.pages = [{ items: ['a'], revision: '7' }];
    await begin();
    event('MODIFIED', 'b', '8');
    expect(seen).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', resourceVersion: '7' } },
      { kind: 'ConfigMap', metadata: { name: 'b', resourceVersion: '8' } },
    ]);
  });

  it('is taken up where a watch ended, without a list', async () => {
    await begin();
    event('MODIFIED', 'a', '9');
    api.last.end(null);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([api.asked.length, fromOf(api.last)]).toEqual([1, '9']);
  });

  it.each([
    ['is refused', () => api.last.end(410)],
    ['says so', () => api.last.line(JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410 } }))],
  ])('is listed again where its past is gone: the watch %s', async (_, expire) => {
    await begin();
    api.pages = [{ items: ['z'], revision: '50' }];
    expire();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told.at(-1)).toBe('listed z at 50');
    expect(fromOf(api.last)).toBe('50');
  });

  it('waits longer from failure to failure, and not for ever', async () => {
    await begin();
    const waits: number[] = [];
    for (let failure = 0; failure < 9; failure += 1) {
      const before = Date.now();
      const count = api.streams.length;
      api.last.end(null);
      while (api.streams.length === count) await vi.advanceTimersByTimeAsync(50);
      waits.push(Date.now() - before);
    }
    expect(waits[0]).toBeLessThan(600);
    expect(waits[4]!).toBeGreaterThan(waits[1]! * 4);
    expect(waits.at(-1)!).toBeLessThanOrEqual(30_050);
  });

  it('is watched anew when nothing is heard for minutes, not even how far the server is', async () => {
    await begin();
    for (let minute = 0; minute < 10; minute += 1) {
      await vi.advanceTimersByTimeAsync(60_000);
      event('BOOKMARK', '', String(20 + minute));
    }
    expect(api.streams).toHaveLength(1);
    const silent = api.last;
    await vi.advanceTimersByTimeAsync(196_000);
    expect(silent.isStopped).toBe(true);
    expect([api.streams.length, fromOf(api.last), api.asked.length]).toEqual([2, '29', 1]);
  });

  it('is listed anew after half an hour, in case an event got lost', async () => {
    await begin();
    for (let minute = 0; minute < 31; minute += 1) {
      await vi.advanceTimersByTimeAsync(60_000);
      event('BOOKMARK', '', '20');
    }
    api.pages = [{ items: ['lost'], revision: '60' }];
    api.last.end(null);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told.at(-1)).toBe('listed lost at 60');
  });

  it('says nothing any more when it is closed', async () => {
    await begin();
    informer.close();
    event('ADDED', 'late', '99');
    api.last.end(null);
    await vi.advanceTimersByTimeAsync(400_000);
    expect(told).toEqual(['listed  at 1']);
    expect(api.streams).toHaveLength(1);
  });
});
