// Every recorded decision of Karmada's scheduler is ours too, on the readable path and on the fast one.
import { describe, expect, it } from 'vitest';
import type { TargetCluster } from '../../engine/api/binding.ts';
import type { Decision } from '../../engine/schedule/decision.ts';
import type { Verdict } from '../../engine/schedule/fast/verdict.ts';
import { asSet, decideFast, decideReadably, type RecordedCase, tally } from './agreement.ts';
import { readCases } from './read-cases.ts';

interface DecisionCase extends RecordedCase {
  readonly want: {
    readonly clusters?: readonly TargetCluster[];
    readonly affinity?: string;
    readonly error?: string;
    readonly filtered?: Readonly<Record<string, string>>;
  };
}

function difference(ours: Decision | Verdict, { want }: DecisionCase): string | null {
  if (want.error !== undefined) return !ours.ok && ours.code === want.error ? null : `wants ${want.error}`;
  if (!ours.ok) return `fails with ${ours.code}: ${ours.message}`;
  if (asSet(ours.clusters) !== asSet(want.clusters ?? [])) return `places ${asSet(ours.clusters)}`;
  return want.affinity !== undefined && ours.affinity !== want.affinity ? `uses affinity ${ours.affinity}` : null;
}

/** Karmada names one filter a cluster, whichever it happened to run first: it must be among ours. */
function unnamedFilter(ours: Decision, { want }: DecisionCase): string | null {
  if (ours.ok || want.filtered === undefined) return null;
  const missed = Object.entries(want.filtered).find(
    ([name, filter]) => !ours.rejected.get(name)?.some((rejection) => rejection.filter === filter),
  );
  return missed === undefined ? null : `does not reject ${missed[0]} by ${missed[1]}`;
}

describe('recorded decisions', () => {
  const themes = readCases<DecisionCase>('decisions');
  const rows: [string, number, number][] = [];

  for (const { theme, cases } of themes) {
    it(`agrees with all ${cases.length} cases of ${theme}`, () => {
      const problems = cases.flatMap((recorded) => {
        const readable = decideReadably(recorded);
        const problem =
          difference(readable, recorded) ??
          unnamedFilter(readable, recorded) ??
          difference(decideFast(recorded), recorded);
        return problem === null ? [] : [`${recorded.id} ${problem}`];
      });
      rows.push([theme, cases.length - problems.length, cases.length]);
      expect(problems).toEqual([]);
    });
  }

  it('are 3,521 in 16 themes', () => {
    console.log(`recorded decisions that ours equal:\n${tally(rows)}`);
    expect(themes).toHaveLength(16);
    expect(themes.reduce((sum, { cases }) => sum + cases.length, 0)).toBe(3521);
  });
});
