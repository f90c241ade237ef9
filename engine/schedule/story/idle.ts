// Why a cluster that was selected got no replica all the same.
import type { ScheduleRequest } from '../request.ts';
import type { Candidate } from '../select/candidate.ts';
import type { DivisionStory } from './story.ts';

export function whyIdle(
  { name, tier }: Candidate,
  divisions: readonly DivisionStory[],
  { tiers }: ScheduleRequest,
): string {
  const division = tiers.length > 1 ? divisions.find((each) => each.tier === tier) : divisions[0];
  if (division === undefined) return tier > 0 ? 'its overflow tier was not needed' : 'its tier has no room';
  const row = division.rows.find((each) => each.name === name);
  if (division.basis === 'unchanged') return 'as many replicas run as are wanted, and all stay where they are';
  if (row === undefined) {
    return division.basis === 'running'
      ? 'there are fewer replicas now, and only clusters that run some keep any'
      : 'fewer clusters have room for all';
  }
  if (row.weight <= 0)
    return division.basis === 'static' ? 'no weight is for it, and others have one' : 'it has no room';
  return row.most === 0 ? 'it has no room' : 'its share does not come to a replica';
}
