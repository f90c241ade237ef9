// What of a scenario cannot be played on real clusters: nobody can wait there for the n-th write, or bend a clock; and not every sort
// of cluster can have every fault.
import type { Fault } from '../../engine/index.ts';
import type { Scenario } from '../format/scenario.ts';
import type { InnerFault, MemberSort } from './live-members.ts';
import { whyNotOnOwn } from './on-own-clusters.ts';
import { LIVE_PROCESS, rehearse, type Wishes } from './rehearsal.ts';

/** On the way to a cluster's API: of clusters of any sort. */
const ON_THE_WAY: ReadonlySet<Fault['fault']> = new Set(['api-down', 'partition', 'slow']);

const INNER: Readonly<Record<InnerFault['fault'], readonly MemberSort[]>> = {
  behavior: ['embedded'],
  'node-silent': ['embedded'],
  'power-off': ['embedded', 'kind'],
};

const isInner = (name: Fault['fault']): name is InnerFault['fault'] => Object.hasOwn(INNER, name);

const OF_SORT: Readonly<Record<MemberSort, string>> = {
  embedded: 'of an embedded member',
  kind: 'of a cluster of kind',
  kubeconfig: 'of a cluster of your own, to which nothing is done but on the way to its API',
};

/** Why a fault of a cluster cannot be had, or null where it can. */
export function whyNot(fault: Fault, sort: MemberSort): string | null {
  if (fault.fault === 'partition' && fault.isOneWay === true) return 'a cut in one direction cannot be had live';
  if (ON_THE_WAY.has(fault.fault)) return null;
  if (!isInner(fault.fault)) return `a fault of the sort ${fault.fault} cannot be had live`;
  return INNER[fault.fault].includes(sort) ? null : `a fault of the sort ${fault.fault} cannot be had ${OF_SORT[sort]}`;
}

/** Each is a process, or several containers. */
const CLUSTERS_MAX: Readonly<Record<MemberSort, number>> = { embedded: 24, kind: 12, kubeconfig: 100 };

/** Everything at once, before anything is started. */
export function unplayable(scenario: Scenario, sort: MemberSort): readonly string[] {
  const problems: string[] = [];
  const count = scenario.clusters.length;
  if (count > CLUSTERS_MAX[sort]) {
    problems.push(`the fleet has ${count} clusters: live ones have at most ${CLUSTERS_MAX[sort]} ${sort} members`);
  }
  if (scenario.swarm !== null) problems.push('a swarm of faults is for virtual time alone');
  if (sort === 'kubeconfig') problems.push(...scenario.objects.flatMap(({ object }) => whyNotOnOwn(object)));
  const rests = scenario.steps.flatMap(({ rest }) => rest ?? []);
  const lines = [
    ...rests.map(({ place }) => ({ line: place.line, why: '"until: quiescent" is for virtual time alone' })),
    ...rehearse(scenario).flatMap((wishes) =>
      [...new Set(whyNotAll(wishes, sort))].map((why) => ({ line: wishes.entry.place.line, why })),
    ),
  ].sort((a, b) => a.line - b.line);
  return [...problems, ...lines.map(({ line, why }) => `line ${line}: ${why}`)];
}

function whyNotAll(
  { entry, faults, faultsAnywhere, resizes, demands, applies }: Wishes,
  sort: MemberSort,
): readonly string[] {
  return [
    ...(entry.trigger === null ? [] : ['nobody can wait for the n-th write live']),
    ...faults.flatMap((fault) => whyNot(fault, sort) ?? []),
    ...(resizes && sort !== 'embedded' ? [`other nodes cannot be had ${OF_SORT[sort]}`] : []),
    ...(demands ? ['work that pods share is for virtual time alone'] : []),
    ...whyNotAnywhere(faultsAnywhere),
    ...(sort === 'kubeconfig' ? applies.flatMap(whyNotOnOwn) : []),
  ];
}

function whyNotAnywhere(faults: readonly Fault[]): readonly string[] {
  const restarted = faults.flatMap((fault) => (fault.fault === 'restart' ? [fault.name] : []));
  const others = faults.filter(({ fault }) => fault !== 'restart');
  return [
    ...(restarted.length === 0 || restarted.includes(LIVE_PROCESS)
      ? []
      : [`${restarted.join(', ')} cannot be restarted alone live, but all at once: restart: "*"`]),
    ...others.map(({ fault }) => `a fault of the sort ${fault} can be had of clusters alone, live`),
  ];
}
