// What of a scenario cannot be played on real clusters: nobody can wait there for the n-th write, or bend a clock.
import type { Fault } from '../../engine/index.ts';
import type { Scenario } from '../format/scenario.ts';

/** Faults that embedded members can have. */
const PLAYABLE: ReadonlySet<Fault['fault']> = new Set([
  'api-down',
  'behavior',
  'node-silent',
  'partition',
  'power-off',
  'slow',
]);

/** Why a fault cannot be had, or null where it can. */
export function whyNot(fault: Fault): string | null {
  if (!PLAYABLE.has(fault.fault)) return `a fault of the sort ${fault.fault} cannot be had live`;
  if (fault.fault === 'partition' && fault.isOneWay === true) return 'a cut in one direction cannot be had live';
  return null;
}

const LIVE_MAX = 24;

/** Everything at once, before anything is started. */
export function unplayable({ clusters, steps, swarm }: Scenario): readonly string[] {
  const problems: string[] = [];
  if (clusters.length > LIVE_MAX) {
    problems.push(`${clusters.length} clusters would be as many processes: live fleets have at most ${LIVE_MAX}`);
  }
  if (swarm !== null) problems.push('a swarm of faults is for virtual time alone');
  for (const { entries, rest } of steps) {
    for (const { trigger, place } of entries) {
      if (trigger !== null) problems.push(`line ${place.line}: nobody can wait for the n-th write live`);
    }
    if (rest !== null) problems.push(`line ${rest.place.line}: "until: quiescent" is for virtual time alone`);
  }
  return problems;
}
