import { describe, expect, it } from 'vitest';
import {
  type BindingInput,
  type Cluster,
  explain,
  KARMADA_PROFILE,
  MUSTER_PROFILE,
  type Profile,
  type PropagationPolicy,
  pluginsFor,
  relax,
} from '../../../engine/index.ts';
import { aggregated, dynamic, makeBinding, spread, weighted } from '../../../test/builders/binding.ts';
import { makeCluster } from '../../../test/builders/cluster.ts';
import { palette } from '../../terminal/colour.ts';
import { explanationText } from './text.ts';

const POLICY: PropagationPolicy = {
  kind: 'PropagationPolicy',
  metadata: { name: 'web', namespace: 'default' },
  spec: { resourceSelectors: [], priority: 5 },
};

interface Asked {
  readonly profile?: Profile;
  readonly wide?: boolean;
  readonly coloured?: boolean;
  readonly policy?: PropagationPolicy | null;
}

function told(clusters: readonly Cluster[], binding: BindingInput, asked: Asked = {}): string {
  const { profile = MUSTER_PROFILE, wide = false, coloured = false, policy = POLICY } = asked;
  const fleet = { clusters };
  const plugins = pluginsFor(profile);
  const explanation = explain(binding, fleet, profile, plugins);
  const remedies = relax({ binding, fleet, profile, plugins });
  return explanationText({ explanation, policy, remedies }, palette(coloured), wide);
}

const cpus = (name: string, cpu: string, region: string, parts: Parameters<typeof makeCluster>[1] = {}) =>
  makeCluster(name, { allocatable: { cpu, pods: '110' }, ...parts, spec: { region, ...parts.spec } });

const fleet = [
  cpus('m1', '10', 'eu'),
  cpus('m2', '5', 'eu'),
  cpus('m3', '4', 'us'),
  cpus('m4', '2', 'ap'),
  cpus('m5', '9', 'us', { serves: [], spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } }),
];

describe('the text of an explanation', () => {
  it('tells where a workload goes, by what arithmetic, and why nowhere else', () => {
    const placement = {
      spreadConstraints: [spread('region', 2, 2), spread('cluster', 2, 3)],
      replicaScheduling: dynamic,
    };
    const binding = makeBinding(placement, { replicas: 8, clusters: [{ name: 'm3', replicas: 2 }] });
    expect(told(fleet, binding)).toBe(`Deployment default/web
  wants      8 replicas of 1 cpu each
  policy     PropagationPolicy default/web, priority 5
  placement  divided by available replicas, spread over region (2) and cluster (2 to 3)
  runs       m3: 2
  profile    muster

Placed: 8 replicas on 3 of 5 clusters
  CLUSTER   REPLICAS   RAN   ROOM   LIMITED BY
  m3               3     2      4   cpu: 4 free, 1 each
  m1               3           10   cpu: 10 free, 1 each
  m2               2            5   cpu: 5 free, 1 each

Arithmetic: 6 replicas shared by the room that the clusters have
  CLUSTER   WEIGHT   EXACT SHARE   GIVEN   + RUNNING   = REPLICAS
  m1            10          3.16       3           0            3
  m2             5          1.58       2           0            2
  m3             4          1.26       1           2            3

Left out by the selection
  CLUSTER   ROOM   WHY
  m4           2   region ap was not chosen

Spread over region: 2 wanted
  REGION   CLUSTERS   SELECTED   WEIGHT
  us              1          1     4100
  eu              2          2     4000
  ap              1          0     2000

Rejected by filters
  CLUSTER   FILTER            BECAUSE
  m5        APIEnablement     the cluster does not list apps/v1 Deployment among its APIs
            TaintToleration   no toleration for gpu:NoSchedule
`);
  });

  it('tells what would help where it does not fit whole', () => {
    const placement = { spreadConstraints: [spread('cluster', 1, 2)], replicaScheduling: dynamic };
    expect(told(fleet.slice(0, 4), makeBinding(placement, { replicas: 20 }), { policy: null })).toBe(
      `Deployment default/web
  wants      20 replicas of 1 cpu each
  policy     none; the placement of its recorded binding
  placement  divided by available replicas, spread over cluster (1 to 2)
  profile    muster

Not placed whole: InsufficientReplicas
  no 2 clusters together have room for 20 replicas; the best found have room for 15
  15 of them are placed meanwhile: m1: 10, m2: 5

What would help: any one of these (each was tried)
  1.  raise maxGroups of cluster from 2 to 4        policy      then m1: 9, m2: 5, m3: 4, m4: 2
  2.  add room for 5 more replicas of 1 cpu on m1   fleet       then m1: 15, m2: 5
  3.  lower replicas from 20 to 15                  workload    then m1: 10, m2: 5

Candidates
  RANK   CLUSTER   ROOM   LIMITED BY
     1   m1          10   cpu: 10 free, 1 each
     2   m2           5   cpu: 5 free, 1 each
     3   m3           4   cpu: 4 free, 1 each
     4   m4           2   cpu: 2 free, 1 each
`,
    );
  });

  it('numbers combinations, and says that no single change helps', () => {
    const tainted = cpus('m2', '9', 'us', { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } });
    const placement = { spreadConstraints: [spread('region', 2, 2), spread('cluster', 3, 3)] };
    expect(told([cpus('m1', '9', 'eu'), tainted], makeBinding(placement), { profile: KARMADA_PROFILE })).toContain(
      `What would help: no change alone does, these together do (each was tried)
  1.  lower region minGroups from 2 to 1    policy      then m1: 3
      lower cluster minGroups from 3 to 1   policy
  2.  tolerate gpu:NoSchedule               policy      then m1: 3, m2: 3
      lower cluster minGroups from 3 to 2   policy
`,
    );
  });

  it('says that nothing helps where nothing does', () => {
    expect(told([], makeBinding())).toContain(`What would help
  nothing that was tried lets it fit
`);
  });

  it('tells groups in the order of the tries, tiers, and who was selected for nothing', () => {
    const clusterAffinities = [
      { affinityName: 'near', clusterNames: ['m4'] },
      {
        affinityName: 'far',
        clusterNames: ['m1'],
        overflowAffinities: [
          { affinityName: 'more', clusterNames: ['m2'] },
          { affinityName: 'most', clusterNames: ['m3'] },
        ],
      },
    ];
    const text = told(fleet, makeBinding({ clusterAffinities, replicaScheduling: aggregated }, { replicas: 12 }));
    expect(text).toContain(`Placed: 12 replicas on 2 of 5 clusters, by affinity group far
  CLUSTER   REPLICAS   TIER   ROOM   LIMITED BY
  m1              10      0     10   cpu: 10 free, 1 each
  m2               2      1      5   cpu: 5 free, 1 each

Affinity groups in the order in which they were tried
  near: InsufficientReplicas: the selected clusters have room for 2 replicas, and 12 are wanted
  far: placed

Arithmetic (first tier): 10 replicas shared by the room that the clusters have
  CLUSTER   WEIGHT   EXACT SHARE   GIVEN
  m1            10            10      10

Arithmetic (overflow tier 1): 2 replicas shared by the room that the clusters have
  CLUSTER   WEIGHT   EXACT SHARE   GIVEN
  m2             5             2       2

Selected, but without a replica
  CLUSTER   ROOM   WHY
  m3           4   its overflow tier was not needed
`);
    const failed = told(fleet, makeBinding({ clusterAffinities, replicaScheduling: aggregated }, { replicas: 99 }));
    expect(failed).toContain('Affinity groups in the order in which they were tried (the error of the first stands)');
  });

  it('tells limits, moves and unchanged divisions', () => {
    const limited = told(
      fleet.slice(0, 2),
      makeBinding({ replicaScheduling: weighted({ m1: 1, m2: 9 }) }, { replicas: 8 }),
    );
    expect(limited).toContain(`Arithmetic: 8 replicas shared by the weights of the policy
  CLUSTER   WEIGHT   EXACT SHARE   AT MOST   GIVEN
  m1             1          0.80        10       3
  m2             9          7.20         5       5
`);
    const held = told(
      fleet.slice(0, 3),
      makeBinding({ spreadConstraints: [spread('region', 2)], replicaScheduling: aggregated }),
    );
    expect(held).toContain('+ FOR THE SPREAD');
    expect(held).toContain('spread over region (at least 2)');
    const steady = makeBinding({ replicaScheduling: dynamic }, { clusters: [{ name: 'm1', replicas: 3 }] });
    expect(told(fleet, steady)).toContain('Arithmetic: nothing to hand out: as many run as are wanted, and all stay\n');
  });

  it('tells what is no workload in fewer words', () => {
    const config = { spec: { resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } } };
    expect(told(fleet.slice(0, 1), config)).toBe(`Deployment web
  wants      one copy, whole
  policy     PropagationPolicy default/web, priority 5
  profile    muster

Placed: on 1 of 1 cluster
  CLUSTER
  m1
`);
    const ray = {
      ...config.spec,
      components: [
        { name: 'ray-head', replicas: 1, replicaRequirements: { resourceRequest: { cpu: '2' } } },
        { name: 'small', replicas: 5 },
      ],
    };
    expect(told(fleet.slice(0, 1), { spec: ray })).toContain(
      '  wants      one copy, whole: 1 ray-head of 2 cpu each; 5 small\n',
    );
    expect(told(fleet.slice(0, 2), makeBinding())).toContain('Placed: 3 replicas on each of 2 of 2 clusters');
    expect(told(fleet, makeBinding({ clusterAffinities: [] }))).toContain('Left as it is');
  });

  it('gathers rejected clusters with the same fate', () => {
    const many = Array.from({ length: 9 }, (_, at) => makeCluster(`n${at}`, { serves: [] }));
    const text = told([...many, fleet[0]!], makeBinding({ clusterAffinity: { exclude: ['n8'] } }));
    expect(
      text,
    ).toContain(`  n0, n1, n2, n3 and 4 more   APIEnablement     the cluster does not list apps/v1 Deployment among its APIs
  n8                          APIEnablement     the cluster does not list apps/v1 Deployment among its APIs
                              ClusterAffinity   it is excluded by name
`);
  });

  it('tells every verdict, score, estimate and quotient where it is wide, and every group', () => {
    const clusterAffinities = [
      { affinityName: 'near', clusterNames: ['m4'] },
      { affinityName: 'far', clusterNames: ['m1', 'm2'] },
    ];
    const binding = makeBinding({ clusterAffinities, replicaScheduling: dynamic }, { replicas: 6 });
    const gone = cpus('m9', '1', 'eu', { deleting: true });
    const text = told([...fleet, gone], binding, { wide: true, profile: KARMADA_PROFILE });
    expect(text).toContain(`  CLUSTER   WEIGHT   EXACT SHARE   GIVEN   LAST SEAT AT   NEXT SEAT AT
  m1            10             4       4           1.43           1.11
  m2             5             2       2           1.67              1
`);
    expect(text).toContain(`Scores: rank is by tier, score, room with what runs, then name
  RANK   CLUSTER   TIER   SCORE   CLUSTERLOCALITY
     1   m1           0       0                 0
     2   m2           0       0                 0
`);
    expect(text).toContain(
      `  m1        general-estimator     10   cpu 10 (10 free, 1 each); pods 110 (110 of 110 pods free)`,
    );
    expect(text).toMatch(/m9 +no +ok +ok +no +ok +ok +the cluster is being deleted; it is not among the cluster names/);
    expect(text).toContain('Group near: the selected clusters have room for 2 replicas, and 6 are wanted');
  });

  it('colours only where it is asked to', () => {
    expect(told(fleet, makeBinding(), { coloured: true })).toContain('\u001b[32m');
    expect(told(fleet, makeBinding())).not.toContain('\u001b');
  });
});
