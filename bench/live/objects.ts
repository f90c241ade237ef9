// What is sent through a fleet for a measurement: small objects with the policies that say where they go.
import type { KubeObject } from '../../engine/index.ts';

export const SINGLE = 'single';
export const SPREAD = 'spread';
export const MOVING = 'moving';
export const ORPHANS = 'orphans';
export const REPLICAS = 4;

const POLICY_API = 'policy.karmada.io/v1alpha1';
const TEXT = 'x'.repeat(200);

export const nameOf = (at: number): string => `thing-${String(at).padStart(6, '0')}`;

export const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

export const configMap = (space: string, at: number): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: nameOf(at), namespace: space },
  data: { text: TEXT },
});

export const deployment = (at: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: nameOf(at), namespace: ORPHANS },
  spec: {
    replicas: REPLICAS,
    selector: { matchLabels: { app: nameOf(at) } },
    template: {
      metadata: { labels: { app: nameOf(at) } },
      spec: { containers: [{ name: 'web', image: 'web:1', resources: { requests: { cpu: '10m', memory: '10Mi' } } }] },
    },
  },
});

/** Everything of the kind in the namespace, into all of these clusters. */
export const duplicating = (space: string, clusterNames: readonly string[]): KubeObject => ({
  apiVersion: POLICY_API,
  kind: 'PropagationPolicy',
  metadata: { name: space, namespace: space },
  spec: {
    resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap' }],
    placement: { clusterAffinity: { clusterNames: [...clusterNames] } },
  },
});

/** Every Deployment of the namespace, its replicas divided by what room there is. */
export const dividing = (space: string, clusterNames: readonly string[]): KubeObject => ({
  apiVersion: POLICY_API,
  kind: 'PropagationPolicy',
  metadata: { name: space, namespace: space },
  spec: {
    resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment' }],
    placement: {
      clusterAffinity: { clusterNames: [...clusterNames] },
      replicaScheduling: {
        replicaSchedulingType: 'Divided',
        replicaDivisionPreference: 'Weighted',
        weightPreference: { dynamicWeight: 'AvailableReplicas' },
      },
    },
  },
});
