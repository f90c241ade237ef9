import { beforeEach, describe, expect, it } from 'vitest';
import { type AskedHub, askedHub } from '../../../test/builders/asked-hub.ts';
import { CLUSTER_HABITS } from '../hub.ts';

const PROTECTION = 'resourcetemplate.karmada.io/deletion-protected';
const NAMESPACES = '/api/v1/namespaces';
const SHOP = `${NAMESPACES}/shop`;
const SETTINGS = `${SHOP}/configmaps`;

let hub: AskedHub;

beforeEach(() => {
  hub = askedHub();
  hub.ask('POST', NAMESPACES, { metadata: { name: 'shop' } });
});

const settings = (name: string, value: string | null, more: object = {}) => {
  const labels = value === null ? {} : { [PROTECTION]: value };
  return hub.ask('POST', SETTINGS, { metadata: { name, labels, ...more } }).body.metadata.uid as string;
};
const release = (path: string) => hub.ask('PATCH', path, { metadata: { labels: { [PROTECTION]: null } } });
const names = () =>
  hub.ask('GET', SETTINGS).body.items?.map(({ metadata }: never) => (metadata as { name: string }).name);
const ownedBy = (uid: string) => ({
  ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid, blockOwnerDeletion: true }],
});

describe('what is protected from deletion', () => {
  it('stays until its label is taken off', () => {
    settings('a', 'Always');
    const refused = hub.ask('DELETE', `${SETTINGS}/a`);
    expect([refused.status, refused.body.reason]).toEqual([403, 'Forbidden']);
    expect(refused.body.message).toContain(`take the label ${PROTECTION} off it first`);
    expect(hub.ask('GET', `${SETTINGS}/a`).body.metadata.deletionTimestamp).toBeUndefined();
    release(`${SETTINGS}/a`);
    expect(hub.ask('DELETE', `${SETTINGS}/a`).status).toBe(200);
  });

  it('is so by one value of the label alone', () => {
    settings('a', 'Never');
    expect(hub.ask('DELETE', `${SETTINGS}/a`).status).toBe(200);
  });

  it('stays when a whole selection goes', () => {
    for (const name of ['a', 'c']) settings(name, null);
    settings('b', 'Always');
    expect(hub.ask('DELETE', SETTINGS).status).toBe(403);
    expect(names()).toContain('b');
  });

  it('may be of any kind and of no namespace, but for clusters', () => {
    const labels = { [PROTECTION]: 'Always' };
    hub.ask('PATCH', SHOP, { metadata: { labels } });
    expect(hub.ask('DELETE', SHOP).status).toBe(403);
    const clusters = '/apis/cluster.karmada.io/v1alpha1/clusters';
    hub.ask('POST', clusters, { metadata: { name: 'm1', labels }, spec: { syncMode: 'Pull' } });
    expect(hub.ask('DELETE', `${clusters}/m1`).status).toBe(200);
  });

  it('holds the end of its namespace, which goes on as soon as it may', () => {
    settings('a', 'Always');
    settings('b', null);
    hub.ask('DELETE', SHOP);
    const { conditions } = hub.ask('GET', SHOP).body.status;
    expect(conditions).toContainEqual(
      expect.objectContaining({ type: 'NamespaceDeletionContentFailure', status: 'True' }),
    );
    expect(names()).toEqual(['a']);
    release(`${SETTINGS}/a`);
    expect(hub.ask('GET', SHOP).status).toBe(404);
  });

  it('outlives its owner, until it may go', () => {
    const uid = settings('owner', null);
    settings('child', 'Always', ownedBy(uid));
    hub.ask('DELETE', `${SETTINGS}/owner`, { propagationPolicy: 'Background' });
    expect(names()).toContain('child');
    release(`${SETTINGS}/child`);
    expect(names()).not.toContain('child');
  });

  it('holds an owner that waits for it', () => {
    const uid = settings('owner', null);
    settings('child', 'Always', ownedBy(uid));
    settings('other', null, ownedBy(uid));
    hub.ask('DELETE', `${SETTINGS}/owner`, { propagationPolicy: 'Foreground' });
    expect(names()).toEqual(expect.arrayContaining(['child', 'owner']));
    expect(names()).not.toContain('other');
    release(`${SETTINGS}/child`);
    expect(names()).not.toContain('owner');
  });

  it('is none in a member, where its hub is asked', () => {
    hub = askedHub({ habits: CLUSTER_HABITS });
    hub.ask('POST', NAMESPACES, { metadata: { name: 'shop' } });
    settings('a', 'Always');
    expect(hub.ask('DELETE', `${SETTINGS}/a`).status).toBe(200);
  });
});
