// The facts that conditions may name, what each takes, and what has to change before it can.
import { formatKey, isObject, type ObjectKey } from '../../engine/index.ts';
import type { Compiled, Value } from '../../executor/script/expression.ts';
import type { Sort } from '../../executor/script/sorts.ts';
import type { ObjectRef } from '../actions/action.ts';
import type { FleetCluster } from '../format/fleet.ts';
import { whyNoMetric } from '../metrics/read.ts';

/** What is known of one workload at this moment. */
export interface WorkloadFacts {
  readonly desired: number;
  readonly serving: ReadonlyMap<string, number>;
  readonly assigned: ReadonlyMap<string, number>;
  readonly moved: number;
  readonly movedNeedlessly: number;
}

export interface Facts {
  /** Null before it is there. */
  workload(key: ObjectKey): WorkloadFacts | null;
  cluster(name: string): FleetCluster | null;
  /** Of an object in the hub, or in a cluster. */
  field(key: ObjectKey, path: readonly string[], cluster: string | null): Value | undefined;
  /** Of the Service of that name that may be asked, as a cluster has it, or the hub. */
  endpoints(namespace: string, service: string, cluster: string | null): number;
  /** For how many seconds nothing has changed. */
  quietSeconds(): number;
  /** Requests of a kind so far, of one verb or of all, to the hub or to the clusters or to both. */
  calls(collection: string, verb: string | null, side: 'hub' | 'members' | null): number;
  /** Only at the end. */
  metric(name: string, workload: ObjectKey | null, fault: string | null): number | undefined;
}

/** What a file can be checked against when it is loaded. */
export interface Known {
  /** The object that a text names, or what is wrong with it. */
  object(text: string): ObjectRef | string;
  readonly clusters: readonly FleetCluster[];
  /** Whether there are no others. */
  readonly knowsClusters: boolean;
  /** Where objects of a kind are kept; null for what is none. */
  collection(kind: string): string | null;
  /** Ids of lines of the timeline by which something goes wrong. */
  readonly faults: readonly string[];
}

export interface FactMeaning {
  readonly topics: readonly string[];
  readonly read: Compiled<Facts>;
}

export const workloadTopic = (key: ObjectKey): string => `workload ${formatKey(key)}`;
export const objectTopic = (key: ObjectKey): string => `object ${formatKey(key)}`;
/** Touched at the end alone. */
export const END_TOPIC = 'end';
/** Of what is known at the end alone. */
export const METRIC_TOPIC = 'metric';
export const CHANGE_TOPIC = 'change';
/** Of the endpoints of any Service, anywhere. */
export const ENDPOINTS_TOPIC = 'endpoints';

interface FactKind {
  /** As a person would write it. */
  readonly usage: string;
  readonly takes: readonly [least: number, most: number];
  readonly answer: Sort;
  /** A text where it means nothing. */
  mean(values: readonly string[], known: Known): FactMeaning | string;
}

type Group = 'cluster' | 'region' | 'zone' | 'provider';

const groupsOf = (group: Group, cluster: FleetCluster): readonly string[] => {
  if (group === 'cluster') return [cluster.name];
  if (group === 'zone') return cluster.zones;
  return cluster[group] === '' ? [] : [cluster[group]];
};

const groupsByName = (group: Group, name: string, facts: Facts): readonly string[] => {
  const cluster = facts.cluster(name);
  return cluster === null ? [] : groupsOf(group, cluster);
};

/** Of one workload. */
function ofWorkload(usage: string, answer: Sort, read: (workload: WorkloadFacts, facts: Facts) => Value): FactKind {
  return {
    usage,
    answer,
    takes: [1, 1],
    mean([name], known) {
      const ref = known.object(name!);
      if (typeof ref === 'string') return ref;
      const { key } = ref;
      return {
        topics: [workloadTopic(key)],
        read: (facts) => {
          const found = facts.workload(key);
          return found === null ? 0 : read(found, facts);
        },
      };
    },
  };
}

/** Replicas of a workload, in all clusters or in some of them. */
function replicas(name: string, of: (workload: WorkloadFacts) => ReadonlyMap<string, number>): FactKind {
  return {
    usage: `${name}("web"), ${name}("web", "paris"), ${name}("web", "region:eu")`,
    takes: [1, 2],
    answer: 'number',
    mean([workload, where], known) {
      const ref = known.object(workload!);
      if (typeof ref === 'string') return ref;
      const { key } = ref;
      const isThere = where === undefined ? () => true : placeTest(where, known);
      if (typeof isThere === 'string') return isThere;
      return {
        topics: [workloadTopic(key)],
        read: (facts) => {
          let sum = 0;
          for (const [cluster, count] of facts.workload(key) === null ? [] : of(facts.workload(key)!)) {
            if (isThere(cluster, facts)) sum += count;
          }
          return sum;
        },
      };
    },
  };
}

function placeTest(where: string, known: Known): ((cluster: string, facts: Facts) => boolean) | string {
  const split = where.indexOf(':');
  const group = (split < 0 ? 'cluster' : where.slice(0, split)) as Group;
  const value = where.slice(split + 1);
  if (!['cluster', 'region', 'zone', 'provider'].includes(group)) {
    return `there is no "${group}:": say a cluster, or region:, zone: or provider: and a name`;
  }
  const all = new Set(known.clusters.flatMap((cluster) => groupsOf(group, cluster)));
  if (known.knowsClusters && !all.has(value))
    return `there is no ${group} "${value}": there are ${[...all].sort().join(', ')}`;
  return (cluster, facts) => groupsByName(group, cluster, facts).includes(value);
}

/** In how many groups a workload serves. */
const spread = (name: string, group: Group): FactKind =>
  ofWorkload(`${name}("web")`, 'number', ({ serving }, facts) => {
    const found = new Set<string>();
    for (const [cluster, count] of serving) {
      if (count > 0) for (const one of groupsByName(group, cluster, facts)) found.add(one);
    }
    return found.size;
  });

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((all, one) => all + one, 0);

function whyNoCluster(cluster: string | undefined, { knowsClusters, clusters }: Known): string | null {
  if (cluster === undefined || !knowsClusters || clusters.some(({ name }) => name === cluster)) return null;
  return `there is no cluster "${cluster}": there are ${clusters.map(({ name }) => name).join(', ')}`;
}

/** Of Services that are not the scenario's own, and so have to be named in full elsewhere. */
const NAMESPACE = 'default';

const FAULT = 'fault:';
const CALL_VERBS: readonly string[] = [
  'all',
  'create',
  'update',
  'update-status',
  'patch',
  'patch-status',
  'delete',
  'get',
  'list',
  'watch',
];

const FACT_KINDS: Readonly<Record<string, FactKind>> = {
  ready: replicas('ready', ({ serving }) => serving),
  assigned: replicas('assigned', ({ assigned }) => assigned),
  desired: ofWorkload('desired("web")', 'number', ({ desired }) => desired),
  clusters: spread('clusters', 'cluster'),
  regions: spread('regions', 'region'),
  zones: spread('zones', 'zone'),
  providers: spread('providers', 'provider'),
  moved: ofWorkload('moved("web")', 'number', ({ moved }) => moved),
  movedNeedlessly: ofWorkload('movedNeedlessly("web")', 'number', ({ movedNeedlessly }) => movedNeedlessly),
  recovered: ofWorkload('recovered("web")', 'truth', ({ desired, serving }) => sum(serving) >= desired),
  available: ofWorkload('available("web")', 'truth', ({ serving }) => sum(serving) > 0),
  field: {
    usage: 'field("web", "spec.replicas"), field("web", "spec.replicas", "paris")',
    takes: [2, 3],
    answer: 'any',
    mean([name, path, cluster], known) {
      const ref = known.object(name!);
      if (typeof ref === 'string') return ref;
      const problem = whyNoCluster(cluster, known);
      if (problem !== null) return problem;
      const steps = path!.split(/[.[\]]+/).filter((step) => step !== '');
      return { topics: [objectTopic(ref.key)], read: (facts) => facts.field(ref.key, steps, cluster ?? null) };
    },
  },
  endpoints: {
    usage: 'endpoints("web", "paris"), endpoints("shop/derived-web", "paris"), endpoints("derived-web")',
    takes: [1, 2],
    answer: 'number',
    mean([text, cluster], known) {
      const problem = whyNoCluster(cluster, known);
      if (problem !== null) return problem;
      const [name, namespace = NAMESPACE] = text!.split('/').toReversed();
      return { topics: [ENDPOINTS_TOPIC], read: (facts) => facts.endpoints(namespace, name!, cluster ?? null) };
    },
  },
  quiet: {
    usage: 'quiet(): seconds since anything changed',
    takes: [0, 0],
    answer: 'number',
    mean: () => ({ topics: [CHANGE_TOPIC, END_TOPIC], read: (facts) => facts.quietSeconds() }),
  },
  calls: {
    usage: 'calls("Work"), calls("Work", "create"), calls("Deployment", "patch", "members")',
    takes: [1, 3],
    answer: 'number',
    mean([kind, verb, side], known) {
      const collection = known.collection(kind!);
      if (collection === null) return `there is no kind "${kind!}": say one such as Work or Deployment`;
      if (verb !== undefined && !CALL_VERBS.includes(verb)) {
        return `there is no verb "${verb}": there are ${CALL_VERBS.join(', ')}`;
      }
      if (side !== undefined && side !== 'hub' && side !== 'members') return `"${side}" should be hub or members`;
      const among = verb === undefined || verb === 'all' ? null : verb;
      return { topics: [CHANGE_TOPIC, END_TOPIC], read: (facts) => facts.calls(collection, among, side ?? null) };
    },
  },
  metric: {
    usage:
      'metric("availability"), metric("downSeconds", "web"), metric("recoverSeconds", "web", "fault:outage"), at end',
    takes: [1, 3],
    answer: 'number',
    mean([name, ...of], known) {
      const faults = of.filter((one) => one.startsWith(FAULT)).map((one) => one.slice(FAULT.length));
      const workloads = of.filter((one) => !one.startsWith(FAULT));
      const [fault = null, workload = null] = [faults[0], workloads[0]];
      if (faults.length > 1 || workloads.length > 1) return `"metric" is used so: ${this.usage}`;
      const problem = whyNoMetric(name!, workload !== null, fault !== null);
      if (problem !== null) return problem;
      if (fault !== null && !known.faults.includes(fault)) {
        const ids = known.faults.join(', ') || 'none with an id';
        return `there is no fault "${fault}": there are ${ids}`;
      }
      const ref = workload === null ? null : known.object(workload);
      if (typeof ref === 'string') return ref;
      return { topics: [METRIC_TOPIC], read: (facts) => facts.metric(name!, ref?.key ?? null, fault) };
    },
  },
};

export const FACT_NAMES: readonly string[] = Object.keys(FACT_KINDS);

export const answerOf = (name: string): Sort => FACT_KINDS[name]!.answer;

/** What a call such as ready("web") means; a text where it means nothing. */
export function meaningOf(name: string, values: readonly Value[], known: Known): FactMeaning | string {
  const kind = FACT_KINDS[name]!;
  const [least, most] = kind.takes;
  if (values.length < least || values.length > most || values.some((value) => typeof value !== 'string')) {
    return `"${name}" is used so: ${kind.usage}`;
  }
  return kind.mean(values as readonly string[], known);
}

/** The value at a path of an object; undefined for what is no plain value. */
export function valueAt(object: unknown, path: readonly string[]): Value | undefined {
  let value = object;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isObject(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : undefined;
}
