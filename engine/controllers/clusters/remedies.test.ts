import { describe, expect, it } from 'vitest';
import { clusterObject, controlPlane, type Fixture, started, withSpec } from '../../../test/builders/control-plane.ts';
import type { Cluster } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { withCondition } from '../../kube/conditions.ts';
import type { ConditionStatus, KubeObject } from '../../kube/meta.ts';

const DNS = 'ServiceDomainNameResolutionReady';
const CLUSTERS = ['m1', 'm2'];

const remedy = (spec: object, name = 'dns'): KubeObject => ({
  apiVersion: 'remedy.karmada.io/v1alpha1',
  kind: 'Remedy',
  metadata: { name },
  spec: { actions: ['TrafficControl'], ...spec },
});
const on = (conditionStatus: string, operator = 'Equal') => ({
  clusterConditionMatch: { conditionType: DNS, operator, conditionStatus },
});

/** As the detector in the cluster does. */
function tell(plane: Fixture, cluster: string, status: ConditionStatus): void {
  const { hub } = plane.simulation.world;
  const key = { collection: COLLECTIONS.clusters, namespace: '', name: cluster };
  hub.writer.patch(
    key,
    (object) => {
      const known = (object as unknown as Cluster).status ?? {};
      const state = { type: DNS, status, reason: 'Detected', message: '' };
      return {
        ...object,
        status: { ...known, conditions: withCondition(known.conditions, state, hub.now) },
      } as KubeObject;
    },
    'status',
  );
  plane.simulation.runFor(5_000);
}
const actions = (plane: Fixture) =>
  CLUSTERS.map((name) => {
    const cluster = plane.get('cluster.karmada.io/v1alpha1', 'Cluster', name, '') as unknown as Cluster;
    return cluster.status?.remedyActions?.join() ?? '';
  });
const running = (...objects: KubeObject[]) => started(controlPlane({ clusters: CLUSTERS }), ...objects);

describe('a remedy', () => {
  it('is asked for as long as a condition says so', () => {
    const plane = running(remedy({ decisionMatches: [on('False'), on('Unknown')] }));
    expect(actions(plane)).toEqual(['', '']);
    tell(plane, 'm1', 'False');
    expect(actions(plane)).toEqual(['TrafficControl', '']);
    tell(plane, 'm1', 'Unknown');
    expect(actions(plane)).toEqual(['TrafficControl', '']);
    tell(plane, 'm1', 'True');
    expect(actions(plane)).toEqual(['', '']);
    expect(
      (plane.get('cluster.karmada.io/v1alpha1', 'Cluster', 'm1', '') as unknown as Cluster).status,
    ).not.toHaveProperty('remedyActions');
  });

  it('knows of a condition only where there is one', () => {
    const plane = running(remedy({ decisionMatches: [on('True', 'NotEqual'), {}] }));
    expect(actions(plane)).toEqual(['', '']);
    tell(plane, 'm2', 'False');
    expect(actions(plane)).toEqual(['', 'TrafficControl']);
  });

  it('acts at once without any condition, in the clusters that it names, and stops when it goes', () => {
    for (const spec of [{}, { decisionMatches: [] }]) {
      const plane = running(
        remedy({ ...spec, clusterAffinity: { clusterNames: ['m2'] } }),
        remedy({ actions: ['Other'] }, 'z'),
      );
      expect(actions(plane)).toEqual(['Other', 'Other,TrafficControl']);
      plane.change(remedy({}), withSpec({ clusterAffinity: { clusterNames: ['m1'] } }));
      plane.simulation.runFor(5_000);
      expect(actions(plane)).toEqual(['Other,TrafficControl', 'Other']);
      plane.remove(remedy({}));
      plane.remove(remedy({}, 'z'));
      plane.simulation.runFor(5_000);
      expect(actions(plane)).toEqual(['', '']);
    }
  });

  it('goes for a cluster that joins, and although it went while nobody looked', () => {
    const plane = controlPlane({ clusters: ['m1'] });
    started(plane, remedy({}));
    plane.simulation.addMember({ name: 'm2', nodes: [] });
    plane.put(clusterObject('m2'));
    plane.simulation.runFor(60_000);
    expect(actions(plane)).toEqual(['TrafficControl', 'TrafficControl']);
    plane.simulation.inject({ fault: 'restart', name: 'controller-manager', forMs: 10_000 });
    plane.simulation.runFor(1_000);
    plane.remove(remedy({}));
    plane.simulation.runFor(60_000);
    expect(actions(plane)).toEqual(['', '']);
  });
});
