// Objects of many kinds with something wrong in them: each is taken or refused, and whatever is taken can be shown.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { karmadaDefinitions } from '../../executor/apiserver/resources/karmada-definitions.ts';
import { check } from '../properties/check.ts';
import { fuzzedHub } from './fuzzed-hub.ts';

type Fields = Record<string, unknown>;

const container = {
  name: 'main',
  image: 'x:1',
  ports: [{ containerPort: 80, name: 'http' }],
  env: [{ name: 'A', value: 'b' }],
  resources: { requests: { cpu: '1' }, limits: { cpu: '2', memory: '1Gi' } },
  livenessProbe: { httpGet: { path: '/', port: 'http' } },
  volumeMounts: [{ name: 'v', mountPath: '/v' }],
};
const podSpec = {
  containers: [container],
  volumes: [{ name: 'v', configMap: { name: 'c' } }],
  nodeSelector: { a: 'b' },
};
const template = { metadata: { labels: { app: 'x' } }, spec: podSpec };
const selector = { matchLabels: { app: 'x' } };

const BASES: readonly (readonly [path: string, apiVersion: string, kind: string, fields: Fields])[] = [
  ['/api/v1/namespaces/default/pods', 'v1', 'Pod', { spec: podSpec }],
  [
    '/apis/apps/v1/namespaces/default/deployments',
    'apps/v1',
    'Deployment',
    { spec: { replicas: 2, selector, template } },
  ],
  [
    '/apis/apps/v1/namespaces/default/statefulsets',
    'apps/v1',
    'StatefulSet',
    { spec: { serviceName: 's', selector, template } },
  ],
  ['/apis/apps/v1/namespaces/default/daemonsets', 'apps/v1', 'DaemonSet', { spec: { selector, template } }],
  [
    '/apis/batch/v1/namespaces/default/jobs',
    'batch/v1',
    'Job',
    { spec: { completions: 2, template: { spec: { ...podSpec, restartPolicy: 'Never' } } } },
  ],
  [
    '/apis/batch/v1/namespaces/default/cronjobs',
    'batch/v1',
    'CronJob',
    {
      spec: {
        schedule: '* * * * *',
        jobTemplate: { spec: { template: { spec: { ...podSpec, restartPolicy: 'Never' } } } },
      },
    },
  ],
  ['/api/v1/namespaces/default/services', 'v1', 'Service', { spec: { selector: { a: 'b' }, ports: [{ port: 80 }] } }],
  [
    '/apis/networking.k8s.io/v1/namespaces/default/ingresses',
    'networking.k8s.io/v1',
    'Ingress',
    {
      spec: {
        rules: [
          {
            host: 'a.b',
            http: {
              paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 's', port: { number: 1 } } } }],
            },
          },
        ],
      },
    },
  ],
  [
    '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers',
    'autoscaling/v1',
    'HorizontalPodAutoscaler',
    { spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'x', apiVersion: 'apps/v1' } } },
  ],
  [
    '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers',
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    {
      spec: {
        maxReplicas: 3,
        scaleTargetRef: { kind: 'Deployment', name: 'x' },
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 1 } } },
        ],
      },
    },
  ],
  [
    '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
    'policy/v1',
    'PodDisruptionBudget',
    { spec: { minAvailable: 1, selector } },
  ],
  [
    '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles',
    'rbac.authorization.k8s.io/v1',
    'Role',
    { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
  ],
  [
    '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    'rbac.authorization.k8s.io/v1',
    'ClusterRoleBinding',
    {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'User', name: 'u' }],
    },
  ],
  ['/api/v1/nodes', 'v1', 'Node', { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }],
  [
    '/api/v1/persistentvolumes',
    'v1',
    'PersistentVolume',
    { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } } },
  ],
  [
    '/api/v1/namespaces/default/persistentvolumeclaims',
    'v1',
    'PersistentVolumeClaim',
    { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
  ],
  [
    '/api/v1/namespaces/default/events',
    'v1',
    'Event',
    { involvedObject: { kind: 'Pod', name: 'x', namespace: 'default' }, reason: 'R', message: 'm', count: 2 },
  ],
  [
    '/api/v1/namespaces/default/secrets',
    'v1',
    'Secret',
    { type: 'Opaque', data: { a: 'aGk=' }, stringData: { b: 'c' } },
  ],
  ['/api/v1/namespaces/default/resourcequotas', 'v1', 'ResourceQuota', { spec: { hard: { pods: '1' } } }],
  [
    '/api/v1/namespaces/default/limitranges',
    'v1',
    'LimitRange',
    { spec: { limits: [{ type: 'Container', max: { cpu: '4' }, default: { cpu: '1' } }] } },
  ],
  [
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    {
      spec: {
        group: 'mutant.dev',
        scope: 'Namespaced',
        names: { plural: 'xs', kind: 'X' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: '.spec.a' }],
            subresources: { scale: { specReplicasPath: '.spec.a', statusReplicasPath: '.status.a' } },
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: { spec: { type: 'object', properties: { a: { type: 'integer', default: 1 } } } },
              },
            },
          },
        ],
      },
    },
  ],
  [
    '/apis/policy.karmada.io/v1alpha1/namespaces/default/propagationpolicies',
    'policy.karmada.io/v1alpha1',
    'PropagationPolicy',
    {
      spec: {
        resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', labelSelector: selector }],
        placement: {
          clusterAffinity: {
            clusterNames: ['a'],
            fieldSelector: { matchExpressions: [{ key: 'region', operator: 'In', values: ['r'] }] },
          },
          spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 2 }],
          clusterTolerations: [{ key: 'a', operator: 'Exists' }],
        },
      },
    },
  ],
  [
    '/apis/policy.karmada.io/v1alpha1/namespaces/default/overridepolicies',
    'policy.karmada.io/v1alpha1',
    'OverridePolicy',
    { spec: { overrideRules: [{ overriders: { plaintext: [{ path: '/a', operator: 'add', value: 1 }] } }] } },
  ],
];

const JUNK: readonly unknown[] = [
  null,
  0,
  -1,
  1.5,
  1e21,
  true,
  '',
  'x',
  '\u0000',
  'A'.repeat(300),
  [],
  [null],
  [[]],
  {},
  { a: {} },
  { toString: 1, valueOf: null, toJSON: 'x', constructor: [], hasOwnProperty: true, length: 2 },
  '99Ei',
  '__proto__',
  '*/1 * *',
];

interface Mutation {
  /** Where, as shares of the fields at each level. */
  readonly way: readonly number[];
  readonly junk: unknown;
  readonly isRemoval: boolean;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  way: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 9 }),
  junk: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...JUNK) }, { weight: 1, arbitrary: fc.jsonValue() }),
  isRemoval: fc.boolean(),
});

function mutate(root: Fields, { way, junk, isRemoval }: Mutation): void {
  let holder: Fields = root;
  for (const [level, share] of way.entries()) {
    const keys = Object.keys(holder);
    const key = keys[Math.floor(share * keys.length)];
    if (key === undefined) return;
    const next = holder[key];
    if (level < way.length - 1 && typeof next === 'object' && next !== null && Object.keys(next).length > 0) {
      holder = next as Fields;
      continue;
    }
    if (isRemoval) delete holder[key];
    else holder[key] = structuredClone(junk);
    return;
  }
}

it('are taken or refused, never stumbled over', () => {
  const { ask, open, settle } = fuzzedHub();
  for (const definition of karmadaDefinitions()) {
    ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
  }
  settle();
  const table = { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' };
  let taken = 0;
  check(
    'mutants',
    fc.tuple(
      fc.constantFrom(...BASES),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
      fc.array(mutation, { maxLength: 2 }),
    ),
    ([[path, apiVersion, kind, fields], first, second]) => {
      const make = (mutations: readonly Mutation[]) => {
        const isDefinition = kind === 'CustomResourceDefinition';
        const metadata = {
          name: isDefinition ? 'xs.mutant.dev' : 'mutant',
          labels: { a: 'b' },
          annotations: { c: 'd' },
        };
        const object: Fields = structuredClone({ apiVersion, kind, metadata, ...fields });
        for (const one of mutations) mutate(object, one);
        return object;
      };
      const created = ask('POST', `${path}?fieldValidation=Ignore`, make(first));
      expect(created.status).toBeLessThan(501);
      settle();
      const { name } = created.body?.metadata ?? {};
      if (created.status === 201) {
        taken += 1;
        ask('PUT', `${path}/${name}`, make(second));
        ask('PATCH', `${path}/${name}?fieldManager=m`, make(second), 'application/apply-patch+yaml');
        ask('PATCH', `${path}/${name}`, make(second), 'application/strategic-merge-patch+json');
        settle();
      }
      ask('GET', path);
      const shown = open.answer(
        { method: 'GET', path, query: new URLSearchParams(), headers: table, body: new Uint8Array() },
        { headers: { authorization: 'Bearer the-token-of-the-administrator' }, certificate: null },
      );
      expect(shown.kind).toBe('body');
      ask('DELETE', `${path}/${name}?gracePeriodSeconds=0`);
      settle();
    },
    1500,
  );
  expect(taken).toBeGreaterThan(100);
});
