import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import type { HttpApi } from '../../live/http-api.ts';
import { followTable } from './follow-table.ts';

it('takes a watch up again and again, and leaves nothing of the earlier ones behind', async () => {
  const interruption = new AbortController();
  const { signal } = interruption;
  const listening: number[] = [];
  const hub = {
    stream: (_path: string, _hear: unknown, ended: (refused: number | null) => void) => {
      listening.push(getEventListeners(signal, 'abort').length);
      queueMicrotask(() => (listening.length < 3 ? ended(null) : interruption.abort()));
      return () => {};
    },
  };
  const followed = { cluster: 'member1', path: '/api/v1/pods', revision: '1', columns: [] };
  await followTable(hub as unknown as HttpApi, followed, 'application/json', () => {}, signal);
  expect(new Set(listening).size).toBe(1);
});
