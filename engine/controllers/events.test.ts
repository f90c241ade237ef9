// What people read about an object: of the binding and of the template behind it, once for what is new, and nothing while all stands.
import { expect, it } from 'vitest';
import { controlPlane, deployment, onlyIn, policyFor, withSpec } from '../../test/builders/control-plane.ts';
import { COLLECTIONS } from '../api/kinds.ts';
import { HUB } from '../control/place.ts';
import type { TraceLine } from '../control/trace.ts';
import type { KubeObject } from '../kube/meta.ts';

/** A plane, and what it told since it was last asked: "Kind name: reason", once each time that it was told. */
function heard() {
  const told: string[] = [];
  const trace = (line: TraceLine): void => {
    if (line.type !== 'step') return;
    for (const { about, reason, message } of line.events)
      told.push(`${about.kind} ${about.key.name}: ${reason}: ${message}`);
  };
  const plane = controlPlane({ trace, clusters: ['m1', 'm2'] });
  return { plane, told: () => told.splice(0) };
}

it('says where a workload goes, to whoever looks at the workload', () => {
  const { plane, told } = heard();
  const web = deployment('web', 2);
  plane.simulation.runFor(5_000);
  told();
  plane.put(web);
  plane.put(policyFor(web, onlyIn('m1', 'm2')));
  plane.simulation.runFor(60_000);
  const where = 'ScheduleBindingSucceed: it goes to m1: 2, m2: 2';
  expect(told()).toEqual([
    'Deployment web: ApplyPolicySucceed: policy web is applied',
    `ResourceBinding web-deployment: ${where}`,
    `Deployment web: ${where}`,
  ]);
  plane.simulation.runFor(3_600_000);
  expect(told()).toEqual([]);
});

it('says why a workload goes nowhere', () => {
  const { plane, told } = heard();
  const web = deployment('web', 2);
  plane.simulation.runFor(5_000);
  plane.put(web);
  plane.put(policyFor(web, onlyIn('m9')));
  plane.simulation.runFor(60_000);
  const why = 'ScheduleBindingFailed: none of 2 clusters fits: ClusterAffinity rejects 2';
  expect(told().slice(-2)).toEqual([`ResourceBinding web-deployment: ${why}`, `Deployment web: ${why}`]);
  plane.simulation.runFor(3_600_000);
  expect(told()).toEqual([]);
});

it('says of each group of clusters why it came to nothing, wherever the workload goes', () => {
  const { plane, told } = heard();
  const web = deployment('web', 2);
  plane.simulation.runFor(5_000);
  told();
  plane.put(web);
  const clusterAffinities = ['m9', 'm8', 'm1'].map((name) => ({ affinityName: `in-${name}`, clusterNames: [name] }));
  plane.put(policyFor(web, { clusterAffinities }));
  plane.simulation.runFor(60_000);
  const passedOver = (name: string) =>
    `ScheduleBindingFailed: the affinity in-${name} is passed over: none of 2 clusters fits`;
  expect(told().filter((line) => line.startsWith('Deployment web: Schedule'))).toEqual([
    `Deployment web: ${passedOver('m9')}`,
    `Deployment web: ${passedOver('m8')}`,
    'Deployment web: ScheduleBindingSucceed: it goes to m1: 2',
  ]);
  plane.simulation.runFor(3_600_000);
  expect(told()).toEqual([]);
});

it('says what a cluster does not take, and when it has taken it', () => {
  const { plane, told } = heard();
  const taken = (value: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'taken', namespace: 'default' },
    data: { value },
  });
  const { api } = plane.simulation.world.members[0]!;
  api.create('/configmaps', taken('theirs'));
  plane.simulation.runFor(5_000);
  plane.put(taken('ours'));
  plane.put(policyFor(taken('ours'), onlyIn('m1', 'm2')));
  plane.simulation.runFor(60_000);
  const [work] = plane.simulation.world.hub.store.list(COLLECTIONS.works, 'karmada-es-m1').filter(isOfMap);
  const why = 'ConfigMap taken is there already and was not made by the hub';
  expect(told().slice(-2)).toEqual([
    `Work ${work!.metadata.name}: SyncFailed: ${why}`,
    `ConfigMap taken: SyncFailed: m1: ${why}`,
  ]);
  plane.simulation.runFor(600_000);
  expect(told()).toEqual([]);
  api.writer.delete({ collection: '/configmaps', namespace: 'default', name: 'taken' }, plane.simulation.now);
  plane.simulation.runFor(120_000);
  expect(told()).toEqual([
    `Work ${work!.metadata.name}: SyncSucceed: it is as it should be there`,
    'ConfigMap taken: SyncSucceed: m1: it is as it should be there',
  ]);
});

it('says what a policy asks for anew, and which policy takes an object from which', () => {
  const { plane, told } = heard();
  const web = deployment('web', 2);
  const policy = policyFor(web, onlyIn('m1'));
  plane.simulation.runFor(5_000);
  plane.put(web);
  plane.put(policy);
  plane.simulation.runFor(60_000);
  told();
  const ofDetector = () => told().filter((line) => line.includes('Policy'));
  plane.change(policy, withSpec({ placement: onlyIn('m2') }));
  plane.simulation.runFor(60_000);
  expect(ofDetector()).toEqual(['Deployment web: ApplyPolicySucceed: policy web is applied']);
  const better = policyFor(web, onlyIn('m1'), { priority: 1, preemption: 'Always' });
  const names = 'policy better takes it from policy web';
  // Somebody else writes to the object at the very moment.
  let isFirst = true;
  plane.simulation.onChange(({ object }) => {
    if (object.metadata.name !== 'better' || !isFirst) return;
    isFirst = false;
    const errors = { place: HUB, code: 'ServerError', perMille: 1_000, collections: ['apps/deployments'] } as const;
    plane.simulation.inject({ fault: 'api-errors', forMs: 15, ...errors });
  });
  plane.put({ ...better, metadata: { name: 'better', namespace: 'default' } });
  plane.simulation.runFor(60_000);
  expect(ofDetector()).toEqual([
    `Deployment web: PreemptPolicySucceed: ${names}`,
    'Deployment web: ApplyPolicySucceed: policy better is applied',
    expect.stringMatching(new RegExp(`^Deployment web: PreemptPolicyFailed: ${names}: .`)),
    `Deployment web: PreemptPolicySucceed: ${names}`,
    'Deployment web: ApplyPolicySucceed: policy better is applied',
  ]);
});

it('says what cannot be rendered, and when it can', () => {
  const { plane, told } = heard();
  const web = deployment('web', 2);
  const override = (path: string): KubeObject => ({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'OverridePolicy',
    metadata: { name: 'web', namespace: 'default' },
    spec: { overrideRules: [{ overriders: { plaintext: [{ path, operator: 'remove' }] } }] },
  });
  plane.simulation.runFor(5_000);
  plane.put(override('/spec/nothing'));
  plane.put(web);
  plane.put(policyFor(web, onlyIn('m1')));
  plane.simulation.runFor(60_000);
  const ofWorks = () => told().filter((line) => line.includes('SyncWork'));
  expect(ofWorks().every((line) => line.includes('SyncWorkFailed'))).toBe(true);
  plane.put(override('/spec/selector'));
  plane.simulation.runFor(60_000);
  const mended = 'SyncWorkSucceed: its Works are as they should be';
  expect(ofWorks()).toEqual([`ResourceBinding web-deployment: ${mended}`, `Deployment web: ${mended}`]);
  plane.simulation.runFor(600_000);
  expect(told()).toEqual([]);
});

const isOfMap = ({ spec }: KubeObject): boolean => JSON.stringify(spec).includes('"taken"');

it('says what of a cluster nobody can read', () => {
  const { plane, told } = heard();
  const web: KubeObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { ports: [{ port: 80 }] },
  };
  plane.simulation.runFor(5_000);
  plane.put(web);
  plane.put(policyFor(web, onlyIn('m1')));
  plane.simulation.runFor(60_000);
  told();
  const { api } = plane.simulation.world.members[0]!;
  const key = { collection: '/services', namespace: 'default', name: 'web' };
  api.writer.patch(key, (there) => ({ ...there, spec: { ...(there.spec as object), clusterIP: 7 } }));
  plane.simulation.runFor(600_000);
  const [work] = plane.simulation.world.hub.store
    .list(COLLECTIONS.works, 'karmada-es-m1')
    .filter(({ metadata }) => metadata.name.startsWith('web-'));
  const why = 'SyncFailed: Service web cannot be read as it is there: spec.clusterIP must be a text, not 7';
  expect(told()).toEqual([`Work ${work!.metadata.name}: ${why}`, `Service web: ${why.replace(': ', ': m1: ')}`]);
});

it('says why nobody can tell what a workload needs, and goes on with all else', () => {
  const { plane, told } = heard();
  const garbled = deployment('garbled', 2);
  const spec = garbled.spec as { template: { spec: object } };
  const volumes = 'none';
  const unreadable = { ...garbled, spec: { ...spec, template: { spec: { ...spec.template.spec, volumes } } } };
  const web = deployment('web', 2);
  plane.simulation.runFor(5_000);
  for (const object of [unreadable, web]) {
    plane.put(object);
    plane.put(policyFor(object, onlyIn('m1'), { propagateDeps: true }));
  }
  plane.simulation.runFor(60_000);
  const failed = 'GetDependenciesFailed: volumes must be a list, not "none"';
  expect(told().filter((line) => line.includes('Dependencies'))).toEqual([
    `ResourceBinding garbled-deployment: ${failed}`,
    `Deployment garbled: ${failed}`,
  ]);
  expect([plane.places('garbled'), plane.places('web')]).toEqual(['m1=2', 'm1=2']);
  plane.simulation.runFor(3_600_000);
  expect(told()).toEqual([]);
});

it('says that the dispatching of a Work is suspended, and that it goes on', () => {
  const { plane, told } = heard();
  const web = deployment('web', 2);
  const suspended = (dispatching: boolean) => policyFor(web, onlyIn('m1'), { suspension: { dispatching } });
  const ofWorks = () => told().filter((line) => line.startsWith('Work '));
  plane.simulation.runFor(5_000);
  plane.put(web);
  plane.put(suspended(false));
  plane.simulation.runFor(60_000);
  expect(ofWorks()).toEqual([]);
  const [{ metadata }] = plane.simulation.world.hub.store
    .list(COLLECTIONS.works, 'karmada-es-m1')
    .filter(({ metadata: { name } }) => name.startsWith('web-')) as [KubeObject];
  for (const [dispatching, message] of [
    [true, 'Manifests are not sent to the member while dispatching is suspended.'],
    [false, 'Manifests are sent to the member.'],
  ] as const) {
    plane.put(suspended(dispatching));
    plane.simulation.runFor(600_000);
    expect(ofWorks()).toEqual([`Work ${metadata.name}: WorkDispatching: ${message}`]);
  }
});

it('says what status of a cluster nobody can read, and what nobody can judge', () => {
  const { plane, told } = heard();
  const web: KubeObject = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace: 'default' },
    spec: {},
  };
  plane.simulation.runFor(5_000);
  plane.put(web);
  plane.put(policyFor(web, onlyIn('m1')));
  plane.simulation.runFor(60_000);
  told();
  const { api } = plane.simulation.world.members[0]!;
  const key = { collection: 'networking.k8s.io/ingresses', namespace: 'default', name: 'web' };
  const [work] = plane.simulation.world.hub.store
    .list(COLLECTIONS.works, 'karmada-es-m1')
    .filter(({ metadata }) => metadata.name.startsWith('web-'));
  const judged = 'InterpretHealthFailed: Ingress web: status.loadBalancer must be an object, not 7';
  const reflected = 'ReflectStatusFailed: Ingress web: status must be an object, not "none"';
  for (const [status, wanted] of [
    [{ loadBalancer: 7 }, [judged]],
    // What is as unknown as before is not told again.
    [{ loadBalancer: 8 }, []],
    ['none', [reflected]],
  ] as const) {
    api.writer.patch(key, (there) => ({ ...there, status }), 'status');
    plane.simulation.runFor(600_000);
    const heardOf = (what: string) => [
      `Work ${work!.metadata.name}: ${what}`,
      `Ingress web: ${what.replace(': ', ': m1: ')}`,
    ];
    expect(told().filter((line) => !line.includes('Aggregate'))).toEqual(wanted.flatMap(heardOf));
  }
});
