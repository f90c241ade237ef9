import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COLLECTIONS, type KubeObject } from '../../engine/index.ts';
import { FleetClients } from './fleet-clients.ts';
import type { FollowListener, PlaceClient } from './place-client.ts';

const CLUSTER: KubeObject = {
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name: 'edge' },
  spec: {
    syncMode: 'Push',
    apiEndpoint: 'https://edge:6443',
    secretRef: { namespace: 'karmada-cluster', name: 'edge' },
  },
};
const secretWith = (data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace: 'karmada-cluster', name: 'edge' },
  data,
});
const SECRET = secretWith({ token: 'dG9rZW4=' });

let told: Map<string, FollowListener>;
let clients: FleetClients;

beforeEach(() => {
  told = new Map();
  const hub: PlaceClient = {
    follow: (collection, listener) => {
      told.set(collection, listener);
      return { close: () => {} };
    },
    carryOut: () => Promise.reject(new Error('nothing is written')),
    ask: () => Promise.reject(new Error('nothing is asked')),
    onCollection: () => () => {},
    close: () => {},
  };
  clients = new FleetClients(hub, () => 0, {}, { changed: () => {} });
  clusters().listed([], 1);
  secrets().listed([], 1);
});

afterEach(() => clients.close());

const clusters = () => told.get(COLLECTIONS.clusters)!;
const secrets = () => told.get('/secrets')!;

const TAKES = 60_000;
const NO_TIME = 30;

describe('the way to a cluster', () => {
  it('is waited for until cluster and Secret have been told, in whatever order', async () => {
    const first = clients.clientSoon('edge', TAKES);
    secrets().changed('ADDED', SECRET, 2);
    clusters().changed('ADDED', CLUSTER, 3);
    expect(await first).toBe(clients.client('edge'));
    expect(await first).not.toBeNull();
  });

  it('is waited for until a Secret comes after its cluster', async () => {
    clusters().changed('ADDED', CLUSTER, 2);
    const way = clients.clientSoon('edge', TAKES);
    secrets().changed('ADDED', SECRET, 3);
    expect(await way).not.toBeNull();
  });

  it('is not waited for without end', async () => {
    expect(await clients.clientSoon('edge', NO_TIME)).toBeNull();
    clusters().changed('ADDED', CLUSTER, 2);
    expect(await clients.clientSoon('edge', NO_TIME)).toBeNull();
  });

  it('is not waited for where there is none', async () => {
    secrets().changed('ADDED', secretWith({}), 2);
    clusters().changed('ADDED', CLUSTER, 3);
    expect(await clients.clientSoon('edge', TAKES)).toBeNull();
    clusters().changed('DELETED', CLUSTER, 4);
    expect(await clients.clientSoon('edge', TAKES)).toBeNull();
    clusters().changed('ADDED', { ...CLUSTER, spec: { syncMode: 'Pull' } }, 5);
    expect(await clients.clientSoon('edge', TAKES)).toBeNull();
  });

  it('is not there for a reason that somebody can mend', () => {
    expect(clients.whyNoWay('edge')).toBeNull();
    clusters().changed('ADDED', CLUSTER, 2);
    expect(clients.whyNoWay('edge')).toBe('the Secret karmada-cluster/edge does not exist');
    secrets().changed('ADDED', secretWith({ caBundle: 'YQ==' }), 3);
    expect(clients.whyNoWay('edge')).toMatch(/holds neither a token nor a client certificate/);
    clusters().changed('MODIFIED', { ...CLUSTER, spec: { apiEndpoint: 'https://edge:6443' } }, 4);
    expect(clients.whyNoWay('edge')).toMatch(/names no Secret/);
    clusters().changed('MODIFIED', { ...CLUSTER, spec: { apiEndpoint: 'edge' } }, 5);
    expect(clients.whyNoWay('edge')).toMatch(/is no address: "edge"/);
    clusters().changed('MODIFIED', CLUSTER, 6);
    secrets().changed('MODIFIED', SECRET, 7);
    expect(clients.whyNoWay('edge')).toBeNull();
  });

  it('is not waited for by whoever has ended', async () => {
    const way = clients.clientSoon('edge', TAKES);
    clients.close();
    expect(await way).toBeNull();
  });
});
