import { describe, expect, it } from 'vitest';
import { builtInLayers, Interpreter, KARMADA_PROFILE, MUSTER_PROFILE } from '../../../engine/index.ts';
import { sortManifests } from '../../files/desired-state.ts';
import { readManifests } from '../../files/manifests.ts';
import { findSubject, peersOf } from './subject.ts';

const ports = { interpreter: new Interpreter(builtInLayers), gates: MUSTER_PROFILE.gates };

const deployment = (namespace: string, labels = '{}') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${namespace}, labels: ${labels}}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: web, resources: {requests: {cpu: 250m}}}]
`;
const policy = (namespace: string) => `apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata: {name: web, namespace: ${namespace}}
spec:
  resourceSelectors: [{apiVersion: apps/v1, kind: Deployment, name: web}]
  placement: {clusterAffinity: {clusterNames: [m1]}}
`;
const binding = (namespace: string, name = 'web') => `apiVersion: work.karmada.io/v1alpha2
kind: ResourceBinding
metadata: {name: ${name}-deployment, namespace: ${namespace}}
spec:
  resource: {apiVersion: apps/v1, kind: Deployment, name: ${name}, namespace: ${namespace}, uid: u-1}
  replicas: 9
  clusters: [{name: m2, replicas: 9}]
  placement: {clusterAffinity: {clusterNames: [m2]}}
  workloadAffinityGroups: {affinityGroup: team=a}
status: {schedulerObservingAffinityName: near}
`;

const stateOf = (...texts: readonly string[]) =>
  sortManifests(readManifests(texts.join('---\n'), 'app.yaml').manifests);

describe('the subject of an explanation', () => {
  it('is the object that is named, with what its policy asks for and its kind needs', () => {
    const found = findSubject(stateOf(deployment('shop'), policy('shop')), 'deploy/web', undefined, ports);
    expect(found.policy?.metadata.name).toBe('web');
    expect(found.binding.spec).toMatchObject({
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
      replicas: 4,
      replicaRequirements: { resourceRequest: { cpu: '250m' } },
      placement: { clusterAffinity: { clusterNames: ['m1'] } },
    });
  });

  it('takes from a recorded binding what ran before, and its uid for the ties', () => {
    const found = findSubject(
      stateOf(deployment('shop'), policy('shop'), binding('shop')),
      'deploy/web',
      'shop',
      ports,
    );
    expect(found.binding).toMatchObject({
      spec: {
        replicas: 4,
        resource: { uid: 'u-1' },
        clusters: [{ name: 'm2', replicas: 9 }],
        placement: { clusterAffinity: { clusterNames: ['m1'] } },
      },
      status: { schedulerObservingAffinityName: 'near' },
    });
  });

  it('can do with the recorded binding alone', () => {
    const found = findSubject(stateOf(deployment('shop'), binding('shop')), 'deployment/web', undefined, ports);
    expect(found.policy).toBeNull();
    expect(found.binding.spec).toMatchObject({ replicas: 9, placement: { clusterAffinity: { clusterNames: ['m2'] } } });
  });

  it('groups workloads only behind the gate', () => {
    const grouped = policy('shop').replace(
      'placement: {',
      'placement: {workloadAffinity: {affinity: {groupByLabelKey: team}}, ',
    );
    const state = stateOf(deployment('shop', '{team: a}'), grouped);
    const groups = (gates: typeof ports.gates) =>
      findSubject(state, 'deploy/web', undefined, { ...ports, gates }).binding.spec.workloadAffinityGroups;
    expect(groups(MUSTER_PROFILE.gates)).toEqual({ affinityGroup: 'team=a' });
    expect(groups(KARMADA_PROFILE.gates)).toBeUndefined();
  });

  it('knows where the other workloads of a group are', () => {
    const state = stateOf(deployment('shop'), policy('shop'), binding('shop'), binding('shop', 'api'));
    const found = findSubject(state, 'deploy/web', undefined, ports);
    expect(peersOf(state, found.binding).map(({ name, clusters }) => [name, clusters])).toEqual([['api', ['m2']]]);
  });

  it('has to be there, once, and selected by a policy', () => {
    const find =
      (wanted: string, namespace: string | undefined, ...texts: readonly string[]) =>
      () =>
        findSubject(stateOf(...texts), wanted, namespace, ports);
    expect(find('web', undefined, deployment('a'))).toThrow('"web" does not name an object: write its kind and name');
    expect(find('deploy/api', undefined, deployment('a'))).toThrow(
      'the manifests have no deploy/api; they have Deployment a/web',
    );
    expect(find('deploy/web', 'b', deployment('a'))).toThrow('no deploy/web in namespace b; there is one in a');
    expect(find('deploy/web', undefined, deployment('a'), deployment('b'))).toThrow(
      'deploy/web is in several namespaces (a, b): say which with -n',
    );
    expect(find('deploy/web', undefined, deployment('a'))).toThrow(
      'no policy selects Deployment a/web; the manifests have no policy at all',
    );
    expect(find('deploy/web', undefined, deployment('a'), policy('b'))).toThrow(
      'none of these does:\n  b/web (app.yaml:12) selects apps/v1 Deployment "web"',
    );
  });
});
