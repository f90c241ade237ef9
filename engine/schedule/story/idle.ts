// Why a cluster that was selected got no replica all the same.
import type { ScheduleRequest } from '../request.ts';
import type { Candidate } from '../select/candidate.ts';
import type { DivisionStory } from './story.ts';

export function whyIdle(
  { name, tier }: Candidate,
  divisions: readonly DivisionStory[],
  { strategy, tiers }: ScheduleRequest,
): string {
  const division = tiers.length > 1 ? divisions.find((each) => each.tier === tier) : divisions[0];
  if (division === undefined) return tier > 0 ? 'its overflow tier was not needed' : 'its tier has no room';
  const row = division.rows.find((each) => each.name === name);
  switch (division.basis) {
    case 'unchanged':
      return 'as many replicas run as are wanted, and all stay where they are';
    case 'running':
      if (row === undefined) return 'there are fewer replicas now, and only clusters that run some keep any';
      break;
    case 'static':
      if (row !== undefined && row.weight <= 0) return 'no weight is for it, and others have one';
      if (row?.most === 0) return 'it has no room';
      break;
    default:
      if (row === undefined && strategy === 'Aggregated') return 'fewer clusters have room for all';
      if (row !== undefined && row.weight <= 0) return 'it has no room';
  }
  return row === undefined ? 'nothing was left for it' : 'its share does not come to a replica';
}
