import { describe, expect, it } from 'vitest';
import { HUB, memberPlace } from '../../engine/index.ts';
import { requestFor, resultFor } from './command-request.ts';
import type { Served } from './directory.ts';

const SERVED: Served = {
  collection: 'apps/deployments',
  apiVersion: 'apps/v1',
  plural: 'deployments',
  kind: 'Deployment',
  namespaced: true,
  hasStatus: true,
  isWatchable: true,
};
const key = { collection: 'apps/deployments', namespace: 'shop', name: 'web' };
const object = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', resourceVersion: '7', uid: 'u', generation: 3, managedFields: [] },
  spec: { replicas: 2 },
  status: { replicas: 1 },
};
const on = memberPlace('m1');

describe('what a member is to have', () => {
  it('is applied, with what is Muster’s and no more; others’ fields are only taken over from what is there', () => {
    const made = requestFor({ verb: 'create', on, key, object }, SERVED);
    expect(made).toMatchObject({
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=muster&force=false',
      contentType: 'application/apply-patch+yaml',
    });
    expect(JSON.parse(made.body!)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', resourceVersion: '7', uid: 'u' },
      spec: { replicas: 2 },
    });
    expect(requestFor({ verb: 'update', on, key, object }, SERVED).path).toMatch(/force=true$/);
  });

  it('is there already where somebody else set it otherwise', () => {
    const create = { verb: 'create', on, key, object } as const;
    const conflict = JSON.stringify({ kind: 'Status', reason: 'Conflict', message: 'conflict with "kubectl"' });
    expect(resultFor(create, 409, conflict)).toMatchObject({ ok: false, code: 'AlreadyExists' });
    expect(resultFor({ ...create, verb: 'update' }, 409, conflict)).toMatchObject({ ok: false, code: 'Conflict' });
  });
});

describe('what the hub is to have', () => {
  it('is created and replaced', () => {
    const path = '/apis/apps/v1/namespaces/shop/deployments';
    expect(requestFor({ verb: 'create', on: HUB, key, object }, SERVED)).toMatchObject({ method: 'POST', path });
    expect(requestFor({ verb: 'update', on: HUB, key, object }, SERVED)).toMatchObject({
      method: 'PUT',
      path: `${path}/web`,
    });
  });
});
