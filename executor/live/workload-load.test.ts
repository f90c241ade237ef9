import { describe, expect, it } from 'vitest';
import { Directory } from './directory.ts';
import type { AskableApi, Send } from './http-api.ts';
import { type LoadQuestion, workloadLoad } from './workload-load.ts';

const APIS = {
  '/api': {
    items: [{ metadata: { name: '' }, versions: [{ version: 'v1', resources: [resource('pods', 'Pod')] }] }],
  },
  '/apis': {
    items: [
      {
        metadata: { name: 'apps' },
        versions: [{ version: 'v1', resources: [resource('deployments', 'Deployment')] }],
      },
    ],
  },
};

function resource(name: string, kind: string) {
  return { resource: name, responseKind: { kind }, scope: 'Namespaced', verbs: ['list', 'watch'] };
}

const BASE = '/apis/apps/v1/namespaces/shop/deployments/web/scale';
const SCALE = { spec: { replicas: 3 }, status: { replicas: 2, selector: 'app=web' } };
const SELECTED = 'labelSelector=app%3Dweb';
const PODS = `/api/v1/namespaces/shop/pods?${SELECTED}&limit=5000`;
const METRICS = `/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods?${SELECTED}`;

const pod = (name: string, more: object = {}) => ({
  metadata: { name },
  spec: { containers: [{ name: 'main', resources: { requests: { cpu: '500m', memory: '1Gi' } } }, { name: 'side' }] },
  status: {
    phase: 'Running',
    startTime: '2026-01-01T00:00:00Z',
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:10Z' }],
  },
  ...more,
});
const usage = (name: string) => ({
  metadata: { name },
  timestamp: '2026-01-01T00:01:00Z',
  window: '1m0.5s',
  containers: [
    { name: 'main', usage: { cpu: '123456789n', memory: '1Mi' } },
    { name: 'side', usage: { cpu: '2m' } },
  ],
});

function load(served: Record<string, unknown>, wish: Partial<LoadQuestion['wish']> = {}) {
  const documents: Record<string, unknown> = { ...APIS, ...served };
  const asked: string[] = [];
  const api: AskableApi = {
    send: async ({ path }: Send) => {
      asked.push(path);
      const found = documents[path];
      return found === undefined
        ? { ok: true, status: 404, text: '{}' }
        : { ok: true, status: 200, text: JSON.stringify(found) };
    },
    close: () => {},
  };
  const key = { collection: 'apps/deployments', namespace: 'shop', name: 'web' };
  const question: LoadQuestion = { about: 'load', key, wish: { resources: ['cpu'], pods: [], objects: [], ...wish } };
  return workloadLoad(api, new Directory(api, () => 0), question).then((result) => ({
    asked,
    told: result.ok ? (result.answer as Record<string, unknown>) : result.code,
  }));
}

describe('what a cluster tells of a workload', () => {
  it('is its scale, its pods, and what they use of what is of interest', async () => {
    const { told } = await load({
      [BASE]: SCALE,
      [PODS]: { items: [pod('a'), pod('b', { metadata: { name: 'b', deletionTimestamp: '2026-01-01T00:02:00Z' } })] },
      [METRICS]: { items: [usage('a')] },
    });
    const common = {
      phase: 'Running',
      startedAt: Date.parse('2026-01-01T00:00:00Z'),
      ready: { status: 'True', since: Date.parse('2026-01-01T00:00:10Z') },
      containers: [
        { name: 'main', requests: { cpu: 500 } },
        { name: 'side', requests: {} },
      ],
    };
    expect(told).toEqual({
      replicas: 3,
      present: 2,
      objects: [],
      pods: [
        {
          ...common,
          name: 'a',
          usage: {
            at: Date.parse('2026-01-01T00:01:00Z'),
            windowMs: 60_500,
            containers: [
              { name: 'main', usage: { cpu: 124 } },
              { name: 'side', usage: { cpu: 2 } },
            ],
          },
        },
        { ...common, name: 'b', isGoing: true },
      ],
    });
  });

  it('is what is known, where nobody measures anything', async () => {
    const { told } = await load({ [BASE]: SCALE, [PODS]: { items: [pod('a', { status: {} })] } });
    expect(told).toMatchObject({ replicas: 3, pods: [{ name: 'a', phase: '' }] });
    expect((told as { pods: object[] }).pods[0]).not.toHaveProperty('usage');
  });

  it('is no pods where it does not say which are its own, and nothing where it is not there', async () => {
    const unselected = await load({ [BASE]: { spec: {}, status: {} } });
    expect([unselected.told, unselected.asked]).toEqual([
      { replicas: 0, present: 0, pods: null, objects: [] },
      ['/api', '/apis', BASE],
    ]);
    expect((await load({})).told).toBe('NotFound');
    expect((await load({ [BASE]: SCALE })).told).toBe('NotFound');
  });

  it('has its limits', async () => {
    const { told } = await load({ [BASE]: SCALE, [PODS]: { metadata: { continue: 'more' }, items: [] } });
    expect(told).toBe('TooManyRequests');
  });

  it('may be measured by others: of its pods, and of objects', async () => {
    const root = '/apis/custom.metrics.k8s.io';
    const shop = `${root}/v1beta2/namespaces/shop`;
    const value = (name: string, amount: string) => ({ items: [{ describedObject: { name }, value: amount }] });
    const wish = {
      resources: [],
      pods: [{ name: 'qps' }, { name: 'lag', selector: { matchLabels: { queue: 'a' } } }],
      objects: [
        {
          object: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'front' },
          metric: {
            name: 'hits',
            selector: { matchExpressions: [{ key: 'code', operator: 'In', values: ['200', '304'] }] },
          },
        },
        { object: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, metric: { name: 'none' } },
        { object: { apiVersion: 'x.y/v1', kind: 'Odd', name: 'web' }, metric: { name: 'none' } },
      ],
    };
    const served = {
      [BASE]: SCALE,
      [PODS]: { items: [pod('a')] },
      [root]: { versions: [{ version: 'v1beta1' }, { version: 'v1beta2' }] },
      [`${shop}/pods/*/qps?${SELECTED}`]: value('a', '1500m'),
      [`${shop}/pods/*/lag?${SELECTED}&metricLabelSelector=queue%3Da`]: value('b', '7'),
      [`${shop}/ingresses.networking.k8s.io/front/hits?metricLabelSelector=code%20in%20(200%2C304)`]: value(
        'front',
        '2k',
      ),
    };
    const { told, asked } = await load(served, wish);
    expect(told).toMatchObject({ pods: [{ metrics: [1_500, null] }], objects: [2_000_000, null, null] });
    expect(asked.filter((path) => path.includes('metrics.k8s.io/v1beta1/namespaces'))).toEqual([]);
  });
});
