// The metrics of whole runs agree with each other: parts add up to what is said of the whole.
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../load.ts';
import { Recorder } from '../report/recorder.ts';
import type { ReportWorkload } from '../report/report-data.ts';
import { Run } from '../run/run.ts';
import { GROUPS, type RunFigures } from './names.ts';

async function played(
  story: string,
  profile: string,
): Promise<{ figures: RunFigures; calls: number; seconds: number }> {
  const scenario = await loadScenario(`scenarios/${story}.yaml`, { profile });
  const run = new Run(scenario);
  run.advance(Number.POSITIVE_INFINITY);
  const { figures, calls, endedAt } = run.finish();
  return { figures, calls, seconds: endedAt / 1_000 };
}

const sum = <One>(all: Iterable<One>, of: (one: One) => number): number =>
  [...all].reduce((total, one) => total + of(one), 0);

/** What was lost, once more, from the curves that the report shows; they have tenths of seconds. */
function lostByCurves({ desired, serving }: ReportWorkload, until: number): number {
  const moments = [...new Set([...desired, ...serving].map(([second]) => second))].sort((a, b) => a - b);
  const at = (steps: ReportWorkload['serving'], second: number) => steps.findLast(([from]) => from <= second)?.[1] ?? 0;
  const begin = moments.findIndex((second) => at(desired, second) > 0 && at(serving, second) >= at(desired, second));
  if (begin < 0) return 0;
  return sum(moments.slice(begin).entries(), ([place, second]) => {
    const next = moments[begin + place + 1] ?? until;
    return Math.max(0, at(desired, second) - at(serving, second)) * (next - second);
  });
}

const STORIES = ['az-outage', 'rolling-upgrade', 'failing-back', 'provider-exit', 'hub-restart'];

describe('the metrics of a run', () => {
  it('are those of the curves in its report', async () => {
    for (const story of ['az-outage', 'rolling-upgrade', 'false-alarm']) {
      const scenario = await loadScenario(`scenarios/${story}.yaml`);
      const recorder = new Recorder();
      const run = new Run(scenario, { onLine: (line) => recorder.notice(line) });
      recorder.attach(run);
      run.advance(Number.POSITIVE_INFINITY);
      const { workloads, figures, seconds } = recorder.finish(run.finish(), '');
      for (const workload of workloads) {
        const name = `apps/deployments/${workload.name.includes('/') ? workload.name : `default/${workload.name}`}`;
        const lost = figures.workloads[name]!.lostReplicaSeconds;
        const error = Math.abs(lostByCurves(workload, seconds) - lost);
        expect([story, name, error < 1 + workload.serving.length * 0.2]).toEqual([story, name, true]);
      }
    }
  });

  it('have every cluster of the fleet in its zone, and every request in its kind', async () => {
    const { clusters } = await loadScenario('scenarios/az-outage.yaml');
    const { figures } = await played('az-outage', 'karmada');
    const inZones = sum(Object.values(figures.balance.zone), (zone) => zone.clusters);
    expect([Object.keys(figures.balance.zone).length, inZones]).toEqual([7, clusters.length]);
    const quiet = await played('canary', 'muster');
    const kinds = [quiet.figures.calls.hub, quiet.figures.calls.members].flatMap((side) => Object.values(side));
    const answered = sum(kinds, (verbs) => sum(Object.values(verbs), (count) => count));
    // A few are still on their way when it ends.
    expect(quiet.calls - answered).toBeGreaterThanOrEqual(0);
    expect(quiet.calls - answered).toBeLessThanOrEqual(clusters.length);
  });

  for (const story of STORIES) {
    for (const profile of ['muster', 'karmada']) {
      it(`add up: ${story} with the profile ${profile}`, async () => {
        const { figures, calls, seconds } = await played(story, profile);
        const { all, workloads, faults, balance } = figures;
        const own = Object.values(workloads);
        for (const metric of ['moves', 'needlessMoves', 'decisions'] as const) {
          expect([metric, sum(own, (one) => one[metric])]).toEqual([metric, all[metric]]);
          expect(sum(faults, (fault) => fault[metric])).toBeLessThanOrEqual(all[metric]);
        }
        // Seconds are rounded workload by workload.
        for (const metric of ['lostReplicaSeconds', 'promisedReplicaSeconds', 'missingReplicaSeconds'] as const) {
          expect(Math.abs(sum(own, (one) => one[metric]) - all[metric])).toBeLessThanOrEqual(own.length);
        }
        expect(sum(faults, (fault) => fault.lostReplicaSeconds)).toBeLessThanOrEqual(all.lostReplicaSeconds + 1);
        expect(all.needlessMoves).toBeLessThanOrEqual(all.moves);
        expect(all.calls).toBe(calls);
        expect(sum(faults, (fault) => fault.calls)).toBeLessThan(calls);
        for (const group of GROUPS) {
          const parts = Object.values(balance[group]);
          if (parts.length === 0) continue;
          expect([group, sum(parts, ({ share }) => share)]).toEqual([group, expect.closeTo(1, 9)]);
          const largest = {
            zone: all.largestZoneShare,
            region: all.largestRegionShare,
            provider: all.largestProviderShare,
          };
          expect(largest[group]).toBeCloseTo(Math.max(...parts.map(({ share }) => share)), 9);
          expect(sum(parts, ({ cost }) => cost)).toBeCloseTo(all.cost, 2);
        }
        for (const fault of faults) {
          const parts = Object.values(fault.workloads);
          expect(fault.recoverSeconds).toBe(Math.max(0, ...parts.map((one) => one.recoverSeconds)));
          expect(fault.moves).toBe(sum(parts, (one) => one.moves));
          expect(fault.atSeconds + fault.lastedSeconds).toBeLessThanOrEqual(seconds);
        }
      });
    }
  }
});
