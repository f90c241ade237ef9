import { describe, expect, it } from 'vitest';
import type { Candidate } from '../candidate.ts';
import { fillUnits } from './fill.ts';
import type { Unit } from './units.ts';

const candidate = (name: string, available: number): Candidate => ({
  name,
  cluster: { metadata: { name }, spec: {} },
  tier: 0,
  score: 0,
  room: available,
  available,
});
const unit = (...members: readonly Candidate[]): Unit => ({
  members,
  groups: [],
  score: 0,
  tier: 0,
  available: members.reduce((sum, { available }) => sum + available, 0),
});
const names = (units: readonly Unit[], clustersMax: number, wanted: number | null) =>
  fillUnits(units, clustersMax, wanted).clusters.map(({ name }) => name);

describe('filling chosen units', () => {
  const one = unit(candidate('a', 1), candidate('b', 9), candidate('c', 5));
  const other = unit(candidate('d', 2), candidate('e', 7));

  it('takes one of each unit, then the best of the rest', () => {
    expect(names([one, other], 2, null)).toEqual(['d', 'a']);
    expect(names([one, other], 3, null)).toEqual(['b', 'd', 'a']);
    expect(names([one, other], Number.POSITIVE_INFINITY, null)).toEqual(['b', 'e', 'c', 'd', 'a']);
  });

  it('exchanges what lacks room, within its own unit where it stands alone', () => {
    expect(names([one, other], 2, 8)).toEqual(['e', 'a']);
    expect(names([one, other], 2, 16)).toEqual(['b', 'e']);
  });

  it('tells how far it came where nothing is enough', () => {
    expect(fillUnits([one, other], 2, 99)).toMatchObject({ available: 16 });
    expect(fillUnits([unit(candidate('a', 1))], 1, 99)).toMatchObject({ available: 1 });
  });

  it('lets a cluster of a unit that has others give way to any', () => {
    const flat = unit(candidate('a', 5), candidate('b', 1), candidate('c', 1));
    expect(names([flat, other], 3, 13)).toEqual(['e', 'a', 'd']);
  });
});
