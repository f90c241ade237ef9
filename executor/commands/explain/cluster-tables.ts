// Tables of clusters that passed the filters: those that were used, those that were not, and how much room they have.
import { type AttemptStory, type CandidateStory, limitText, type WorkloadStory } from '../../../engine/index.ts';
import type { Palette } from '../../terminal/colour.ts';
import type { Column } from '../../terminal/table.ts';
import { cappedTable } from './capped-table.ts';

/** More room than any workload asks for: nothing limits it. */
const BOUNDLESS = 2_147_483_647;

interface Named extends CandidateStory {
  readonly name: string;
}

const candidatesOf = ({ clusters }: AttemptStory): Named[] =>
  clusters.flatMap(({ name, candidate }) => (candidate === null ? [] : [{ name, ...candidate }]));

const roomText = ({ room }: CandidateStory): string => (room === BOUNDLESS ? '' : String(room));

export function placedTable(
  attempt: AttemptStory,
  { divisible }: WorkloadStory,
  paint: Palette,
  wide: boolean,
): string {
  const selected = candidatesOf(attempt).filter((candidate) => candidate.selected && candidate.idle === null);
  const runs = selected.some(({ previous }) => previous !== null);
  const tiers = selected.some(({ tier }) => tier > 0);
  const columns: Column[] = [
    { title: 'CLUSTER' },
    ...(divisible ? [{ title: 'REPLICAS', align: 'right' as const, paint: (text: string) => paint.bold(text) }] : []),
    ...(runs ? [{ title: 'RAN', align: 'right' as const }] : []),
    ...(tiers ? [{ title: 'TIER', align: 'right' as const }] : []),
    ...(divisible ? [{ title: 'ROOM', align: 'right' as const }, { title: 'LIMITED BY' }] : []),
  ];
  const rows = selected.map((candidate) => [
    candidate.name,
    ...(divisible ? [String(candidate.replicas ?? 0)] : []),
    ...(runs ? [candidate.previous === null ? '' : String(candidate.previous)] : []),
    ...(tiers ? [String(candidate.tier)] : []),
    ...(divisible ? [roomText(candidate), limitText(candidate)] : []),
  ]);
  return cappedTable(columns, rows, wide);
}

/** Of a failed attempt: who could have been used, best first. */
export function candidateTable(attempt: AttemptStory, paint: Palette, wide: boolean): string {
  const candidates = candidatesOf(attempt).sort((a, b) => a.rank - b.rank);
  const selected = candidates.some((candidate) => candidate.selected);
  const runs = candidates.some(({ previous }) => previous !== null);
  const columns: Column[] = [
    { title: 'RANK', align: 'right' },
    { title: 'CLUSTER' },
    ...(selected ? [{ title: 'SELECTED', paint: (text: string) => paint.green(text) }] : []),
    ...(runs ? [{ title: 'RAN', align: 'right' as const }] : []),
    { title: 'ROOM', align: 'right' },
    { title: 'LIMITED BY' },
  ];
  const rows = candidates.map((candidate) => [
    String(candidate.rank),
    candidate.name,
    ...(selected ? [candidate.selected ? 'yes' : ''] : []),
    ...(runs ? [candidate.previous === null ? '' : String(candidate.previous)] : []),
    roomText(candidate),
    limitText(candidate),
  ]);
  return cappedTable(columns, rows, wide);
}

/** Selected, and without a replica all the same. */
export function idleTable(attempt: AttemptStory, wide: boolean): string {
  const idle = candidatesOf(attempt).filter((candidate) => candidate.idle !== null);
  return cappedTable(
    [{ title: 'CLUSTER' }, { title: 'ROOM', align: 'right' }, { title: 'WHY' }],
    idle.map((candidate) => [candidate.name, roomText(candidate), candidate.idle ?? '']),
    wide,
  );
}

export function leftOutTable(attempt: AttemptStory, wide: boolean): string {
  const left = candidatesOf(attempt).filter(({ leftOut }) => leftOut !== null);
  return cappedTable(
    [{ title: 'CLUSTER' }, { title: 'ROOM', align: 'right' }, { title: 'WHY' }],
    left.map((candidate) => [candidate.name, roomText(candidate), candidate.leftOut ?? '']),
    wide,
  );
}
