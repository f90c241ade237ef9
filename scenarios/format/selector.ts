// Which clusters a line of the timeline means: by name, region, zone, provider or labels, all of them, or some at random.
import { fieldPath, isObject, type Random } from '../../engine/index.ts';
import type { FleetCluster } from './fleet.ts';
import { about, anyText, count, either, type Form, map, oneOrMore, record, someText, word } from './form.ts';

const GROUPS = ['cluster', 'zone', 'region', 'provider'] as const;
type Group = (typeof GROUPS)[number];

const choice = record(
  {},
  {
    cluster: oneOrMore(someText),
    zone: oneOrMore(someText),
    region: oneOrMore(someText),
    provider: oneOrMore(someText),
    labels: map(anyText),
    random: word(...GROUPS),
    count: count(1, 1_000_000),
  },
);

const isFilled = (value: unknown): boolean =>
  isObject(value) || Array.isArray(value) ? Object.keys(value).length > 0 : value !== undefined && value !== null;

/** Nobody means every cluster by naming none. */
const someChoice: Form = {
  schema: { ...choice.schema, anyOf: [...GROUPS, 'labels', 'random'].map((field) => ({ required: [field] })) },
  shape: (value, path, problems) => {
    const found = problems.length;
    choice.shape(value, path, problems);
    if (problems.length > found || !isObject(value)) return;
    if (![...GROUPS, 'labels', 'random'].some((field) => isFilled(value[field]))) {
      problems.push({ path, message: 'chooses by nothing: say "*" for every cluster' });
    } else if (isFilled(value.count) && !isFilled(value.random)) {
      problems.push({ path: fieldPath(path, 'count'), message: 'is said of a random choice alone: add "random"' });
    }
  },
};

export const selectorForm: Form = about(
  'a cluster by name, "*" for all, or { cluster, zone, region, provider, labels }, and { random: zone, count: 1 } for some of those',
  either('a name of a cluster, or { cluster, zone, region, provider, labels, random }', {
    text: someText,
    object: someChoice,
  }),
  'ClusterSelector',
);

export interface ClusterSelector {
  /** As a person would say it, of one: "zone eu-a", "every cluster", "each of 2 random clusters of region eu". */
  readonly text: string;
  /** Whether a cluster is among those meant; with a random choice, among those to choose from. */
  readonly matches: (cluster: FleetCluster) => boolean;
  readonly choose: (clusters: readonly FleetCluster[], random: Random) => readonly FleetCluster[];
  /** The text, and of a random choice those that were chosen. */
  readonly told: (chosen: readonly FleetCluster[]) => string;
}

const NAMED_MAX = 6;

/** "paris, oslo", of many the first. */
export function named(clusters: readonly FleetCluster[]): string {
  if (clusters.length === 0) return 'no cluster';
  const shown = clusters.slice(0, NAMED_MAX).map(({ name }) => name);
  const more = clusters.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const listed = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);

const VALUES: Readonly<Record<Group, (cluster: FleetCluster) => readonly string[]>> = {
  cluster: ({ name }) => [name],
  zone: ({ zones }) => zones,
  region: ({ region }) => (region === '' ? [] : [region]),
  provider: ({ provider }) => (provider === '' ? [] : [provider]),
};

/** Of what has the form. */
export function readSelector(value: unknown): ClusterSelector {
  const fields = isObject(value) ? value : value === '*' ? {} : { cluster: value };
  const tests: ((cluster: FleetCluster) => boolean)[] = [];
  const words: string[] = [];
  let isOfSeveral = false;
  for (const group of GROUPS) {
    if (fields[group] === undefined || fields[group] === null) continue;
    const wanted = listed(fields[group]);
    tests.push((cluster) => VALUES[group](cluster).some((one) => wanted.includes(one)));
    words.push(`${group}${wanted.length === 1 ? '' : 's'} ${wanted.join(', ')}`);
    isOfSeveral ||= wanted.length > 1;
  }
  const labels = isObject(fields.labels) ? Object.entries(fields.labels) : [];
  if (labels.length > 0) {
    tests.push((cluster) => labels.every(([key, label]) => cluster.labels[key] === label));
    words.push(`with ${labels.map(([key, label]) => `${key}=${String(label)}`).join(', ')}`);
  }
  const matches = (cluster: FleetCluster) => tests.every((test) => test(cluster));
  const isByLabels = words.length === 1 && labels.length > 0;
  const every = isOfSeveral ? 'each of the ' : isByLabels ? 'every cluster ' : '';
  const text = words.length === 0 ? 'every cluster' : `${every}${words.join(', ')}`;
  const group = fields.random as Group | undefined;
  if (group === undefined || group === null) {
    return { text, matches, choose: (clusters) => clusters.filter(matches), told: () => text };
  }
  const many = Number(fields.count ?? 1);
  const among = isOfSeveral ? 'the ' : isByLabels ? 'the clusters ' : '';
  const ofThose = words.length === 0 ? '' : ` of ${among}${words.join(', ')}`;
  const some = `${many === 1 ? `a random ${group}` : `each of ${many} random ${group}s`}${ofThose}`;
  return {
    text: some,
    matches,
    told: (chosen) => `${some} (${named(chosen)})`,
    choose: (clusters, random) => {
      const meant = clusters.filter(matches);
      const values = [...new Set(meant.flatMap(VALUES[group]))];
      const chosen = new Set(random.shuffled(values).slice(0, many));
      return meant.filter((cluster) => VALUES[group](cluster).some((one) => chosen.has(one)));
    },
  };
}
