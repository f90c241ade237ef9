// Tables of what the filters said: who was rejected and for which facts, in short or cluster by cluster.
import type { AttemptStory, ClusterStory } from '../../../engine/index.ts';
import type { Palette } from '../../terminal/colour.ts';
import { renderTable } from '../../terminal/table.ts';
import { cappedTable } from './capped-table.ts';

const NAMES_MAX = 4;

/** Clusters with the very same facts share their rows; the largest such groups come first. */
export function rejectedTable({ clusters }: AttemptStory, paint: Palette): string {
  const groups = new Map<string, { names: string[]; facts: (readonly [string, string])[] }>();
  for (const cluster of clusters.filter(({ candidate }) => candidate === null)) {
    const facts = factsOf(cluster);
    const key = JSON.stringify(facts);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { names: [cluster.name], facts });
    else group.names.push(cluster.name);
  }
  const rows = [...groups.values()]
    .sort((a, b) => b.names.length - a.names.length)
    .flatMap(({ names, facts }) => facts.map(([filter, fact], at) => [at === 0 ? namesText(names) : '', filter, fact]));
  return cappedTable(
    [{ title: 'CLUSTER' }, { title: 'FILTER', paint: (text) => paint.red(text) }, { title: 'BECAUSE' }],
    rows,
    false,
  );
}

/** The name of the cluster itself is left out of a fact, so that clusters with the same fate come together. */
const factsOf = ({ name, verdicts }: ClusterStory): (readonly [string, string])[] =>
  verdicts.flatMap(({ filter, fact }) =>
    fact === null ? [] : [[filter, fact.replace(`"${name}" is`, 'it is')] as const],
  );

function namesText(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_MAX).join(', ');
  return names.length > NAMES_MAX ? `${shown} and ${names.length - NAMES_MAX} more` : shown;
}

/** One row a cluster, one column a filter. */
export function verdictTable({ clusters }: AttemptStory, paint: Palette): string {
  // The clusters with the most verdicts name the filters: only one that is being deleted has a verdict of its own.
  const longest = clusters.reduce<ClusterStory['verdicts']>(
    (most, { verdicts }) => (verdicts.length > most.length ? verdicts : most),
    [],
  );
  const filters = longest.map(({ filter }) => filter);
  const verdict = (padded: string, cell: string): string => (cell === 'no' ? paint.red(padded) : paint.dim(padded));
  const columns = [
    { title: 'CLUSTER' },
    ...filters.map((title) => ({ title: title.toUpperCase(), paint: verdict })),
    { title: 'FACTS' },
  ];
  const rows = clusters.map((cluster) => [
    cluster.name,
    ...filters.map((filter) => {
      const found = cluster.verdicts.find((each) => each.filter === filter);
      return found === undefined ? '' : found.fact === null ? 'ok' : 'no';
    }),
    factsOf(cluster)
      .map(([, fact]) => fact)
      .join('; '),
  ]);
  return renderTable(columns, rows);
}
