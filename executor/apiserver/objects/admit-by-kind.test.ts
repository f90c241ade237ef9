import { beforeEach, describe, expect, it } from 'vitest';
import { type AskedHub, askedHub } from '../../../test/builders/asked-hub.ts';

const POLICIES = '/apis/policy.karmada.io/v1alpha1/namespaces/default/propagationpolicies';
const WORKS = '/apis/work.karmada.io/v1alpha1/namespaces/default/works';
const TAINT_POLICIES = '/apis/policy.karmada.io/v1alpha1/clustertaintpolicies';
const CLUSTERS = '/apis/cluster.karmada.io/v1alpha1/clusters';
const ID = 'propagationpolicy.karmada.io/permanent-id';

let hub: AskedHub;

beforeEach(() => {
  hub = askedHub();
});

const policy = (name: string, more: object = {}) => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name, ...more },
  spec: { resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment' }] },
});

describe("the hub's admission of Karmada's kinds", () => {
  it('gives a copy of a policy an id of its own', () => {
    const first = hub.ask('POST', POLICIES, policy('a')).body;
    const copy = hub.ask('POST', POLICIES, policy('b', { labels: first.metadata.labels })).body;
    expect(first.metadata.labels[ID]).toBeTruthy();
    expect(copy.metadata.labels[ID]).not.toBe(first.metadata.labels[ID]);
  });

  it('holds changes against what is stored', () => {
    hub.ask('POST', POLICIES, policy('a'));
    const refused = hub.ask('PATCH', `${POLICIES}/a`, { spec: { schedulerName: 'other' } });
    expect([refused.status, refused.body.details.causes[0].field]).toEqual([422, 'spec.schedulerName']);
    expect(hub.ask('PATCH', `${POLICIES}/a`, { metadata: { labels: { [ID]: 'x' } } }).status).toBe(422);
    expect(hub.ask('PATCH', `${POLICIES}/a`, { spec: { priority: 2 } }).status).toBe(200);
  });

  it('lets resource models be taken away', () => {
    const made = hub.ask('POST', CLUSTERS, { metadata: { name: 'm1' }, spec: { syncMode: 'Pull' } });
    expect(made.body.spec.resourceModels).toHaveLength(9);
    const bare = hub.ask('PATCH', `${CLUSTERS}/m1`, { spec: { resourceModels: null } });
    expect(bare.body.spec.resourceModels).toBeUndefined();
  });

  it('knows whether policies may evict', () => {
    const evicting = { metadata: { name: 't' }, spec: { taints: [{ key: 'a', effect: 'NoExecute' }] } };
    const strict = askedHub({ circumstances: { allowsNoExecuteTaintPolicies: false } });
    expect(strict.ask('POST', TAINT_POLICIES, evicting).status).toBe(422);
    expect(hub.ask('POST', TAINT_POLICIES, evicting).status).toBe(201);
  });

  it('holds a customization against those that are stored', () => {
    const path = '/apis/config.karmada.io/v1alpha1/resourceinterpretercustomizations';
    const target = { apiVersion: 'apps/v1', kind: 'Deployment' };
    const spec = { target, customizations: { retention: { luaScript: 'function Retain(d, o) return d end' } } };
    expect(hub.ask('POST', path, { metadata: { name: 'a' }, spec }).status).toBe(201);
    expect(hub.ask('POST', path, { metadata: { name: 'b' }, spec }).status).toBe(422);
    expect(hub.ask('PATCH', `${path}/a`, { metadata: { labels: { c: 'd' } } }).status).toBe(200);
  });

  it('takes remedies of conditions and actions that are yet to come', () => {
    const clusterConditionMatch = { conditionType: 'Ready', operator: 'Equal', conditionStatus: 'False' };
    const spec = { decisionMatches: [{ clusterConditionMatch }], actions: ['Sing'] };
    const path = '/apis/remedy.karmada.io/v1alpha1/remedies';
    expect(hub.ask('POST', path, { metadata: { name: 'r' }, spec }).status).toBe(201);
    expect(hub.ask('GET', `${path}/r/status`).status).toBe(404);
  });

  it('cleans the manifests of a Work that somebody writes', () => {
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', uid: 'abc', resourceVersion: '5' } };
    const work = { metadata: { name: 'w' }, spec: { workload: { manifests: [{ ...manifest, status: {} }] } } };
    const [stored] = hub.ask('POST', WORKS, work).body.spec.workload.manifests;
    expect(stored).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } });
    expect(JSON.stringify(stored)).not.toMatch(/"(uid|resourceVersion|status)"/);
  });
});
