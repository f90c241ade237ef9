// What is replayed for a measurement: fleets, workloads and timelines made to size, as scenario files that anybody could write.
import { printYaml } from '../../executor/files/yaml.ts';

export interface ReplayCase {
  readonly name: string;
  readonly clusters: number;
  readonly workloads: number;
  readonly hours: number;
  /** Workloads that change their size, spread over the time. */
  readonly changes: number;
  /** A zone goes dark after ten minutes, for twenty. */
  readonly hasOutage: boolean;
  /** What it is to stay within; null where it is only compared. */
  readonly limit: { readonly seconds: number; readonly mebibytes: number } | null;
}

const LIMIT_MIB = 2048;

export const CASES: readonly ReplayCase[] = [
  {
    name: 'outage',
    clusters: 500,
    workloads: 10_000,
    hours: 1,
    changes: 0,
    hasOutage: true,
    limit: { seconds: 30, mebibytes: LIMIT_MIB },
  },
  {
    name: 'day',
    clusters: 100,
    workloads: 10_000,
    hours: 24,
    changes: 100_000,
    hasOutage: false,
    limit: { seconds: 60, mebibytes: LIMIT_MIB },
  },
  ...[10, 100, 500].map((clusters) => ({
    name: `fleet of ${clusters}`,
    clusters,
    workloads: 1_000,
    hours: 1,
    changes: 1_000,
    hasOutage: false,
    limit: null,
  })),
];

/** The same in small: the clusters as they are, a share of the rest. */
export const inSmall = (one: ReplayCase, share: number): ReplayCase => ({
  ...one,
  workloads: Math.max(1, Math.round(one.workloads * share)),
  changes: Math.round(one.changes * share),
  limit: null,
});

export interface ReplayFiles {
  readonly scenario: string;
  readonly objects: string;
}

export const OBJECTS_FILE = 'objects.yaml';

export function filesFor({ name, clusters, workloads, hours, changes, hasOutage }: ReplayCase): ReplayFiles {
  const timeline: object[] = [];
  if (hasOutage) timeline.push({ at: '10m', id: 'outage', fail: { zone: 'r1-a' }, for: '20m' });
  timeline.push(...changesFor(workloads, changes, hours));
  const scenario = {
    apiVersion: 'muster/v1alpha1',
    kind: 'Scenario',
    metadata: { name: name.replaceAll(' ', '-') },
    spec: {
      duration: `${hours}h`,
      fleet: {
        clusters: [
          {
            name: 'm{n}',
            count: clusters,
            region: ['r1', 'r2', 'r3', 'r4', 'r5'],
            zone: ['{region}-a', '{region}-b', '{region}-c'],
            provider: ['aws', 'gcp'],
            nodes: { count: 10, cpu: 64, memory: '256Gi', pods: 110 },
          },
        ],
      },
      objects: OBJECTS_FILE,
      timeline,
    },
  };
  const documents = [...Array.from({ length: workloads }, (_, at) => deployment(at)), POLICY];
  return { scenario: printYaml(scenario), objects: documents.map(printYaml).join('---\n') };
}

/** Traffic that rises and falls, for each workload a little later than for the one before. */
function changesFor(workloads: number, changes: number, hours: number): readonly object[] {
  const changing = Math.min(workloads, changes);
  if (changing === 0) return [];
  const steps = Math.round(changes / changing);
  const stepMs = Math.floor((hours * 3_600_000) / (steps + 1));
  return Array.from({ length: changing }, (_, at) => {
    const from = 60_000 + Math.floor((at * (stepMs - 60_000)) / changing);
    const curve = Object.fromEntries(
      Array.from({ length: steps + 1 }, (_none, step) => [`${step * stepMs}ms`, 200 + 100 * (step % 2)]),
    );
    return { at: `${from}ms`, traffic: `web-${at}`, curve, perReplica: 100, step: `${stepMs}ms` };
  });
}

const deployment = (at: number): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: `web-${at}`, namespace: 'default', labels: { tier: 'web' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: `web-${at}` } },
    template: {
      metadata: { labels: { app: `web-${at}` } },
      spec: {
        containers: [{ name: 'web', image: 'web:1', resources: { requests: { cpu: '500m', memory: '512Mi' } } }],
      },
    },
  },
});

const POLICY = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment' }],
    placement: {
      spreadConstraints: [
        { spreadByField: 'region', minGroups: 2, maxGroups: 2 },
        { spreadByField: 'cluster', minGroups: 2, maxGroups: 2 },
      ],
      replicaScheduling: {
        replicaSchedulingType: 'Divided',
        replicaDivisionPreference: 'Weighted',
        weightPreference: { dynamicWeight: 'AvailableReplicas' },
      },
    },
  },
};
