// Tables of the steps between filters and replicas: groups that were chosen among, scores, and every estimate's bounds.
import type { AttemptStory, WorkloadStory } from '../../../engine/index.ts';
import type { Palette } from '../../terminal/colour.ts';
import { renderTable } from '../../terminal/table.ts';
import { cappedTable } from './capped-table.ts';
import { rangeText, section } from './words.ts';

export function groupTables(
  { groups }: AttemptStory,
  workload: WorkloadStory,
  paint: Palette,
  wide: boolean,
): string[] {
  const fields = [...new Set(groups.map(({ over }) => over))];
  return fields.map((over) => {
    const rows = groups.filter((group) => group.over === over);
    const weighed = rows.some(({ weight }) => weight !== null);
    const chosen = rows.some(({ selected }) => selected > 0);
    const limits = workload.constraints.find((constraint) => constraint.over === over);
    const wanted = limits === undefined ? '' : `: ${rangeText(limits)} wanted`;
    const table = cappedTable(
      [
        { title: over.toUpperCase() },
        { title: 'CLUSTERS', align: 'right' },
        ...(chosen ? [{ title: 'SELECTED', align: 'right' as const }] : []),
        ...(weighed ? [{ title: 'WEIGHT', align: 'right' as const }] : []),
      ],
      rows.map(({ name, candidates, selected, weight }) => [
        name,
        String(candidates),
        ...(chosen ? [String(selected)] : []),
        ...(weighed ? [String(weight ?? '')] : []),
      ]),
      wide,
    );
    return section(`${paint.bold(`Spread over ${over}`)}${wanted}`, table);
  });
}

export function scoreTable({ clusters }: AttemptStory): string {
  const candidates = clusters.flatMap(({ name, candidate }) => (candidate === null ? [] : [{ name, candidate }]));
  if (candidates.length === 0) return '';
  const plugins = candidates[0]!.candidate.scores.map(({ plugin }) => plugin);
  return renderTable(
    [
      { title: 'RANK', align: 'right' },
      { title: 'CLUSTER' },
      { title: 'TIER', align: 'right' },
      { title: 'SCORE', align: 'right' },
      ...plugins.map((plugin) => ({ title: plugin.toUpperCase(), align: 'right' as const })),
    ],
    candidates
      .sort((a, b) => a.candidate.rank - b.candidate.rank)
      .map(({ name, candidate: { rank, tier, score, scores } }) => [
        String(rank),
        name,
        String(tier),
        String(score),
        ...scores.map((each) => String(each.score)),
      ]),
  );
}

export function estimateTable({ clusters }: AttemptStory): string {
  const rows = clusters.flatMap(({ name, candidate }) =>
    (candidate?.estimates ?? [])
      .filter(({ room }) => room !== null)
      .map(({ estimator, room, bounds }, at) => [
        at === 0 ? name : '',
        estimator,
        String(room),
        bounds.map(({ by, fits, detail }) => `${by} ${fits} (${detail})`).join('; '),
      ]),
  );
  if (rows.length === 0) return '';
  return renderTable(
    [{ title: 'CLUSTER' }, { title: 'ESTIMATOR' }, { title: 'ROOM', align: 'right' }, { title: 'BOUNDS' }],
    rows,
  );
}
