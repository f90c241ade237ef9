import { describe, expect, it } from 'vitest';
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { PropagationError } from '../../errors.ts';
import { Interpreter } from '../interpreter.ts';
import { nativeLayer } from './native.ts';

const native = new Interpreter([nativeLayer]);
const GROUPS: Readonly<Record<string, string>> = {
  CronJob: 'batch/v1',
  Deployment: 'apps/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  Ingress: 'networking.k8s.io/v1',
  Job: 'batch/v1',
  PodDisruptionBudget: 'policy/v1',
  StatefulSet: 'apps/v1',
};
const of = (kind: string, fields: object, metadata: object = {}): KubeObject => ({
  apiVersion: GROUPS[kind] ?? 'v1',
  kind,
  metadata: { name: 'x', namespace: 'shop', ...metadata },
  ...fields,
});
const from = (...statuses: (object | null)[]): AggregatedStatusItem[] =>
  statuses.map((status, at) => ({ clusterName: `m${at + 1}`, ...(status && { status }), applied: true }));
const statusOf = (object: KubeObject, ...statuses: (object | null)[]) =>
  native.aggregate(object, from(...statuses), Date.UTC(2026, 0, 2)).status;
const template = (podSpec: object) => ({ template: { spec: podSpec } });

describe('what a workload asks for', () => {
  const requests = (podSpec: object) => native.replicas(of('Pod', { spec: podSpec }))?.requirements?.resourceRequest;

  it('is the sum of its containers, or its greatest init container, and the overhead', () => {
    const container = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });
    expect(
      requests({
        containers: [container('250m', '1Gi'), container('0.5', '512Mi')],
        initContainers: [container('2', '256Mi')],
        overhead: { cpu: '10m' },
      }),
    ).toEqual({ cpu: '2010m', memory: '1536Mi' });
  });

  it('is its limit where it has no request', () => {
    const resources = { limits: { cpu: '1', memory: '2Gi' }, requests: { cpu: '100m' } };
    expect(requests({ containers: [{ resources }] })).toEqual({ cpu: '100m', memory: '2Gi' });
  });

  it('is nothing at all for a pod that runs anywhere', () => {
    expect(native.replicas(of('Pod', { spec: { containers: [{ name: 'c' }] } }))).toEqual({
      replicas: 1,
      requirements: null,
    });
  });

  it('includes where it may run', () => {
    const terms = { nodeSelectorTerms: [{ matchFields: [] }] };
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } };
    const spec = { nodeSelector: { disk: 'ssd' }, tolerations: [{ operator: 'Exists' }], affinity };
    expect(native.replicas(of('Pod', { spec }))?.requirements).toEqual({
      nodeClaim: {
        hardNodeAffinity: terms,
        nodeSelector: { disk: 'ssd' },
        tolerations: [{ operator: 'Exists' }],
      },
    });
  });

  it('cannot be told where a quantity is none', () => {
    expect(() => requests({ containers: [{ resources: { requests: { cpu: 'many' } } }] })).toThrow(PropagationError);
  });

  it('is in a Job its parallelism, but no more pods than completions', () => {
    const replicas = (spec: object) => native.replicas(of('Job', { spec }))?.replicas;
    expect(replicas({ parallelism: 4, completions: 3 })).toBe(3);
    expect(replicas({ parallelism: 4 })).toBe(4);
    expect(replicas({ completions: 3 })).toBe(0);
  });
});

describe('replicas for a cluster', () => {
  it('are written where the kind keeps them', () => {
    expect(native.revise(of('StatefulSet', { spec: { replicas: 9 } }), 2).spec).toEqual({ replicas: 2 });
    expect(native.revise(of('Job', { spec: { parallelism: 9 } }), 2).spec).toEqual({ parallelism: 2 });
  });
});

describe('counters over all clusters', () => {
  const template = of(
    'Deployment',
    { status: { observedGeneration: 1, conditions: [{ type: 'Own' }] } },
    { generation: 2 },
  );
  const member = { generation: 7, observedGeneration: 7, resourceTemplateGeneration: 2, replicas: 2, readyReplicas: 1 };

  it('are summed, beside what only the hub knows', () => {
    expect(statusOf(template, member, { ...member, replicas: 3 }, null)).toEqual({
      observedGeneration: 1,
      replicas: 5,
      readyReplicas: 2,
      conditions: [{ type: 'Own' }],
    });
  });

  it('claim the latest generation only when every cluster has seen it', () => {
    const observed = (...statuses: (object | null)[]) =>
      (statusOf(template, ...statuses) as { observedGeneration: number }).observedGeneration;
    expect(observed(member, member)).toBe(2);
    expect(observed(member, { ...member, resourceTemplateGeneration: 1 })).toBe(1);
    expect(observed(member, { ...member, observedGeneration: 6 })).toBe(1);
    expect(observed(member, null)).toBe(1);
  });

  it('leave the object alone when nothing has changed', () => {
    const settled = native.aggregate(template, from(member), 0);
    expect(native.aggregate(settled, from(member), 0)).toBe(settled);
  });
});

describe('a Job in several clusters', () => {
  const job = of('Job', { spec: {} });
  const complete = {
    conditions: [{ type: 'Complete', status: 'True' }],
    startTime: '2026-01-01T00:00:02Z',
    completionTime: '2026-01-01T00:05:00Z',
    succeeded: 2,
  };
  const typesOf = (status: unknown) =>
    ((status as { conditions?: { type: string }[] }).conditions ?? []).map(({ type }) => type);

  it('is complete when it is everywhere, from its first start to its last end', () => {
    const early = { ...complete, startTime: '2026-01-01T00:00:01Z', completionTime: '2026-01-01T00:01:00Z' };
    const status = statusOf(job, complete, early);
    expect(status).toMatchObject({
      startTime: '2026-01-01T00:00:01Z',
      completionTime: '2026-01-01T00:05:00Z',
      succeeded: 4,
    });
    expect(typesOf(status)).toEqual(['Complete']);
    expect(status).toMatchObject({ conditions: [{ lastTransitionTime: '2026-01-02T00:00:00Z' }] });
    expect(typesOf(statusOf(job, complete, { active: 1 }))).toEqual([]);
  });

  it('has failed when it has anywhere, and says where', () => {
    const status = statusOf(job, complete, { conditions: [{ type: 'Failed', status: 'True' }] });
    expect(typesOf(status)).toEqual(['Failed']);
    expect(JSON.stringify(status)).toContain('m2');
  });

  it('stays finished', () => {
    const finished = of('Job', { spec: {}, status: { conditions: [{ type: 'Failed', status: 'True' }] } });
    expect(native.aggregate(finished, from(complete), 0)).toBe(finished);
  });
});

describe('load balancers in several clusters', () => {
  const service = of('Service', { spec: { type: 'LoadBalancer' } });
  const entries = (...ingress: object[]) => ({ loadBalancer: { ingress } });

  it('are one list without doubles, with all ports, in a fixed order', () => {
    const one = entries({ ip: '10.0.0.2', ports: [{ port: 443 }] }, { hostname: 'b' });
    const two = entries({ ip: '10.0.0.1' }, { ip: '10.0.0.2', ports: [{ port: 80 }] });
    const merged = entries(
      { hostname: 'b' },
      { ip: '10.0.0.1' },
      { ip: '10.0.0.2', ports: [{ port: 80 }, { port: 443 }] },
    );
    expect(statusOf(service, one, two)).toEqual(merged);
    expect(statusOf(service, two, one)).toEqual(merged);
  });

  it('are healthy when they can be reached; other Services always are', () => {
    expect(native.healthy(service)).toBe(false);
    expect(native.healthy({ ...service, status: entries({ ip: '10.0.0.1' }) })).toBe(true);
    expect(native.healthy({ ...service, status: entries({ ports: [] }) })).toBe(false);
    expect(native.healthy(of('Service', { spec: { type: 'ClusterIP' } }))).toBe(true);
    expect(native.healthy(of('Ingress', { status: entries({ hostname: 'h' }) }))).toBe(true);
  });
});

describe('health', () => {
  it('of a Deployment is that its latest generation is rolled out', () => {
    const healthy = (status: object) =>
      native.healthy(of('Deployment', { spec: { replicas: 2 }, status }, { generation: 3 }));
    const good = { observedGeneration: 3, updatedReplicas: 2, availableReplicas: 2 };
    expect(healthy(good)).toBe(true);
    expect(healthy({ ...good, observedGeneration: 2 })).toBe(false);
    expect(healthy({ ...good, updatedReplicas: 1 })).toBe(false);
    expect(healthy({ ...good, availableReplicas: 1 })).toBe(false);
  });

  it('of a Pod is that it has succeeded, or runs and is ready', () => {
    const healthy = (phase: string, ready?: string) =>
      native.healthy(of('Pod', { status: { phase, conditions: ready ? [{ type: 'Ready', status: ready }] : [] } }));
    expect(healthy('Succeeded')).toBe(true);
    expect(healthy('Running', 'True')).toBe(true);
    expect(healthy('Running', 'False')).toBe(false);
    expect(healthy('Running')).toBe(false);
    expect(healthy('Pending', 'True')).toBe(false);
  });

  it('of claims and budgets is being bound, and having enough pods', () => {
    expect(native.healthy(of('PersistentVolumeClaim', { status: { phase: 'Bound' } }))).toBe(true);
    expect(native.healthy(of('PersistentVolumeClaim', { status: { phase: 'Pending' } }))).toBe(false);
    const budget = (currentHealthy: number) =>
      of('PodDisruptionBudget', { status: { currentHealthy, desiredHealthy: 2 } });
    expect([1, 2, 3].map((current) => native.healthy(budget(current)))).toEqual([false, true, true]);
  });
});

describe('phases over all clusters', () => {
  it('are the worst of them, and pending where nothing is reported yet', () => {
    const pod = of('Pod', { spec: {} });
    expect(statusOf(pod, { phase: 'Succeeded' }, { phase: 'Running' })).toMatchObject({ phase: 'Running' });
    expect(statusOf(pod, { phase: 'Running' }, null)).toMatchObject({ phase: 'Pending' });
    expect(statusOf(pod, { phase: 'Failed' }, null)).toMatchObject({ phase: 'Failed' });
  });

  it('come with how their containers stand, and those that ran before them', () => {
    const blank = { name: '', restartCount: 0, image: '', imageID: '', lastState: {} };
    const told = statusOf(of('Pod', { spec: {} }), {
      phase: 'Running',
      containerStatuses: [{ name: 'web', ready: true, restartCount: 2, state: { running: {} } }],
      initContainerStatuses: [{ name: 'init', ready: true, state: { terminated: { reason: 'Completed' } } }],
    });
    expect(told).toEqual({
      phase: 'Running',
      containerStatuses: [{ ...blank, ready: true, state: { running: {} } }],
      initContainerStatuses: [{ ...blank, ready: true, state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
    });
  });
});

describe('the pods that a budget lets go', () => {
  it('are told with the time since when, and refused where that is none', () => {
    const budget = of('PodDisruptionBudget', { spec: {} });
    const pods = (time: string) => ({ disruptedPods: { 'web-1': time } });
    expect(statusOf(budget, pods('2026-01-01T02:00:00.5+02:00'))).toMatchObject({
      disruptedPods: { 'm1/web-1': '2026-01-01T00:00:00Z' },
    });
    expect(() => statusOf(budget, pods('soon'))).toThrow(PropagationError);
  });
});

describe('the latest run of a CronJob', () => {
  it('is the latest anywhere', () => {
    const status = statusOf(
      of('CronJob', { spec: {} }),
      { lastScheduleTime: '2026-01-01T00:00:00Z' },
      { lastScheduleTime: '2026-01-03T00:00:00Z', active: [{ name: 'a' }] },
      { lastScheduleTime: '2026-01-02T00:00:00Z' },
    );
    expect(status).toEqual({ lastScheduleTime: '2026-01-03T00:00:00Z', active: [{ name: 'a' }] });
  });
});

describe('what a member keeps of its own', () => {
  it('is the replicas of a Deployment only if the label asks for it', () => {
    const observed = of('Deployment', { spec: { replicas: 7 } });
    const label = { labels: { 'resourcetemplate.karmada.io/retain-replicas': 'true' } };
    expect(native.retain(of('Deployment', { spec: { replicas: 1 } }), observed).spec).toEqual({ replicas: 1 });
    expect(native.retain(of('Deployment', { spec: { replicas: 1 } }, label), observed).spec).toEqual({ replicas: 7 });
  });

  it('is the node and the volumes of a Pod', () => {
    const container = (mounts: object[] | undefined) => ({ name: 'c', image: 'i', volumeMounts: mounts });
    const observed = of('Pod', {
      spec: { nodeName: 'n1', volumes: [{ name: 'token' }], containers: [container([{ name: 'token' }])] },
    });
    const retained = native.retain(of('Pod', { spec: { containers: [container(undefined)] } }), observed);
    expect(retained.spec).toMatchObject({
      nodeName: 'n1',
      volumes: [{ name: 'token' }],
      containers: [{ name: 'c', volumeMounts: [{ name: 'token' }] }],
    });
  });

  it('is the secrets of a ServiceAccount that came from the member', () => {
    const retained = native.retain(
      of('ServiceAccount', { secrets: [{ name: 'a' }] }),
      of('ServiceAccount', { secrets: [{ name: 'b' }, { name: 'a' }], imagePullSecrets: [{ name: 'p' }] }),
    );
    expect(retained).toMatchObject({ secrets: [{ name: 'a' }, { name: 'b' }], imagePullSecrets: [{ name: 'p' }] });
  });
});

describe('dependencies', () => {
  const names = (object: KubeObject) => native.dependencies(object).map(({ kind, name }) => `${kind} ${name}`);

  it('are the config maps, secrets, account and claims of the pods', () => {
    const podSpec = {
      serviceAccountName: 'robot',
      imagePullSecrets: [{ name: 'pull' }],
      containers: [
        {
          envFrom: [{ configMapRef: { name: 'env' } }, { secretRef: { name: 'env' } }],
          env: [{ valueFrom: { configMapKeyRef: { name: 'key' } } }],
        },
      ],
      volumes: [
        { name: 'v', persistentVolumeClaim: { claimName: 'data' } },
        { name: 'p', projected: { sources: [{ configMap: { name: 'proj' } }, { secret: { name: 'proj' } }] } },
      ],
    };
    expect(names(of('Deployment', { spec: template(podSpec) }))).toEqual([
      'ConfigMap env',
      'ConfigMap key',
      'ConfigMap proj',
      'Secret env',
      'Secret proj',
      'Secret pull',
      'ServiceAccount robot',
      'PersistentVolumeClaim data',
    ]);
  });

  it('are neither the default account nor claims that a StatefulSet makes itself', () => {
    const volumes = ['own', 'other'].map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
    const spec = {
      ...template({ serviceAccountName: 'default', volumes }),
      volumeClaimTemplates: [{ metadata: { name: 'own' } }],
    };
    expect(names(of('StatefulSet', { spec }))).toEqual(['PersistentVolumeClaim other']);
  });

  it('are the certificates of an Ingress, and none where one of them is not named', () => {
    const withTls = (...tls: object[]) => native.dependencies(of('Ingress', { spec: { tls } }));
    expect(withTls({ secretName: 'a' })).toEqual([{ apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'a' }]);
    expect(() => withTls({ secretName: 'a' }, {})).toThrow('has neither a name nor a labelSelector');
  });
});
