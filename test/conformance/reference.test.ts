// The reference set: decisions with the way to them, so that filters, scores, selection and estimates are compared too.
import { describe, expect, it } from 'vitest';
import type { TargetCluster } from '../../engine/api/binding.ts';
import type { Decision } from '../../engine/schedule/decision.ts';
import type { Verdict } from '../../engine/schedule/fast/verdict.ts';
import {
  asObject,
  asSet,
  conditionOf,
  decideFast,
  decideReadably,
  filtersOf,
  type RecordedCase,
  tally,
} from './agreement.ts';
import { readCases } from './read-cases.ts';

interface ReferenceCase extends RecordedCase {
  readonly want: {
    readonly clusters?: readonly TargetCluster[];
    readonly error?: { readonly type: string };
    readonly condition: string;
    readonly affinity?: string;
    readonly attempts?: readonly { readonly affinity: string; readonly error?: string }[];
    readonly filtered?: Readonly<Record<string, readonly string[]>>;
    readonly scores?: Readonly<Record<string, number>>;
    readonly selected?: readonly string[];
    readonly allocatable?: Readonly<Record<string, number>>;
  };
}

/**
 * No law, but counted: a change of these numbers is a change of behaviour.
 * unstable-sort: each rests on how one Go version's unstable sort places equal keys among 13 or more clusters; ours is stable.
 * int32-wrap: sums never wrap in ours; what agrees does so because only a single estimate wraps.
 */
const OPTIONAL: Readonly<Record<string, number>> = { unadmitted: 83, 'unstable-sort': 0, 'int32-wrap': 14 };

function outcomeDifference(ours: Decision | Verdict, { want }: ReferenceCase): string | null {
  const condition = conditionOf(ours);
  if (condition !== want.condition) return `ends as ${condition}, not ${want.condition}`;
  if (!ours.ok) return null;
  if (asSet(ours.clusters) !== asSet(want.clusters ?? [])) return `places ${asSet(ours.clusters)}`;
  return want.affinity !== undefined && ours.affinity !== want.affinity ? `uses affinity ${ours.affinity}` : null;
}

function wayDifference(ours: Decision, { want }: ReferenceCase): string | null {
  const told = ours.ok ? ours.attempts.at(-1) : ours.attempts[0];
  if (told === undefined) return null;
  const filtered = asObject(Object.entries(want.filtered ?? {}));
  if (filtersOf(told) !== filtered) return `rejects ${filtersOf(told)}`;
  const scores = asObject([...told.scores].filter(([, score]) => score !== 0));
  if (scores !== asObject(Object.entries(want.scores ?? {}))) return `scores ${scores}`;
  if (want.selected && JSON.stringify(told.selected) !== JSON.stringify(want.selected))
    return `selects ${told.selected}`;
  if (want.allocatable && asObject(told.estimates) !== asObject(Object.entries(want.allocatable))) {
    return `estimates ${asObject(told.estimates)}`;
  }
  if (want.attempts) {
    const tried = JSON.stringify(ours.attempts.map(({ affinity }) => affinity));
    if (tried !== JSON.stringify(want.attempts.map(({ affinity }) => affinity))) return `tries ${tried}`;
  }
  return null;
}

describe('reference decisions', () => {
  const themes = readCases<ReferenceCase>('reference');
  const rows: [string, number, number][] = [];

  for (const { theme, cases } of themes) {
    const optional = OPTIONAL[theme];
    it(`agrees with ${optional ?? 'all'} of ${cases.length} cases of ${theme}`, () => {
      const problems = cases.flatMap((recorded) => {
        const readable = decideReadably(recorded);
        const problem =
          outcomeDifference(readable, recorded) ??
          wayDifference(readable, recorded) ??
          outcomeDifference(decideFast(recorded), recorded);
        return problem === null ? [] : [`${recorded.id} ${problem}`];
      });
      rows.push([theme, cases.length - problems.length, cases.length]);
      if (optional === undefined) expect(problems).toEqual([]);
      else expect(cases.length - problems.length).toBe(optional);
    });
  }

  it('are 3,056 in 26 files', () => {
    console.log(`reference decisions that ours equal, the way included:\n${tally(rows)}`);
    expect(themes).toHaveLength(26);
    expect(themes.reduce((sum, { cases }) => sum + cases.length, 0)).toBe(3056);
  });
});
