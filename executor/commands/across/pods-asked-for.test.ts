import { expect, it } from 'vitest';
import type { HttpApi } from '../../live/http-api.ts';
import { podsSelected } from './pods-asked-for.ts';

const pod = (name: string, nodeName: string, phase: string, ready: string, metadata: object = {}) => ({
  metadata: { name, ...metadata },
  spec: { nodeName },
  status: { phase, conditions: [{ type: 'Ready', status: ready }] },
});

it('has those first that are best looked into', async () => {
  const items = [
    pod('homeless', '', 'Pending', 'False'),
    pod('going', 'n1', 'Running', 'True', { deletionTimestamp: '2026-11-20T10:00:00Z' }),
    pod('unready', 'n1', 'Running', 'False'),
    pod('good-2', 'n1', 'Running', 'True'),
    pod('good-1', 'n1', 'Running', 'True'),
  ];
  const paths: string[] = [];
  const hub = {
    send: ({ path }: { path: string }) => {
      paths.push(path);
      const text = path.includes('/m1/') ? JSON.stringify({ items }) : JSON.stringify({ items: [] });
      return Promise.resolve({ ok: true, status: 200, text });
    },
  };
  const { found } = await podsSelected(hub as unknown as HttpApi, ['m1', 'm2'], 'a=b', { namespace: 'shop' });
  expect(found).toMatchObject([{ cluster: 'm1' }]);
  expect(found[0]!.pods.map(({ metadata }) => metadata.name)).toEqual([
    'good-1',
    'good-2',
    'unready',
    'going',
    'homeless',
  ]);
  expect(paths[0]).toMatch(/\/m1\/proxy\/api\/v1\/namespaces\/shop\/pods\?labelSelector=a%3Db$/);
});
