// Holds ours against a recorded answer: what differs, in words; nothing where they agree.
import type { ResourceBindingSpec, ResourceBindingStatus, TargetCluster } from '../../engine/api/binding.ts';
import type { Cluster } from '../../engine/api/cluster.ts';
import { byText } from '../../engine/base/order.ts';
import { Fleet } from '../../engine/fleet/fleet.ts';
import type { Gates } from '../../engine/profile/gates.ts';
import { KARMADA_PROFILE, type Profile } from '../../engine/profile/profile.ts';
import { type AttemptTrace, type Decision, failureReason } from '../../engine/schedule/decision.ts';
import { DEFAULT_PLUGINS } from '../../engine/schedule/default-plugins.ts';
import { Scheduler } from '../../engine/schedule/fast/scheduler.ts';
import type { Verdict } from '../../engine/schedule/fast/verdict.ts';
import { schedule } from '../../engine/schedule/schedule.ts';

export interface RecordedCase {
  readonly id: string;
  readonly clusters: readonly Cluster[];
  readonly spec: ResourceBindingSpec;
  readonly status: ResourceBindingStatus;
  readonly gates?: Partial<Gates>;
  readonly options?: { readonly enableEmptyWorkloadPropagation?: boolean };
}

export function profileOf({ gates, options }: RecordedCase): Profile {
  return {
    ...KARMADA_PROFILE,
    gates: { ...KARMADA_PROFILE.gates, ...gates },
    enableEmptyWorkloadPropagation: options?.enableEmptyWorkloadPropagation ?? false,
  };
}

/** The readable path with its trace. */
export const decideReadably = (recorded: RecordedCase): Decision =>
  schedule(recorded, { clusters: recorded.clusters }, profileOf(recorded), DEFAULT_PLUGINS);

/** The path that everything uses. */
export const decideFast = (recorded: RecordedCase): Verdict =>
  new Scheduler(new Fleet(recorded.clusters), profileOf(recorded)).decide(recorded);

/** The order of clusters is no part of a decision; absent replicas are none. */
export const asSet = (clusters: readonly TargetCluster[]): string =>
  JSON.stringify(
    clusters
      .map(({ name, replicas, components }) => [name, replicas ?? 0, components ?? null] as const)
      .sort(([a], [b]) => byText(a, b)),
  );

export const filtersOf = (trace: AttemptTrace): string =>
  asObject([...trace.rejected].map(([name, found]) => [name, found.map(({ filter }) => filter).sort()]));

export const asObject = (entries: Iterable<readonly [string, unknown]>): string =>
  JSON.stringify([...entries].sort(([a], [b]) => byText(a, b)));

/** How Karmada names the outcome in the binding's condition. */
export const conditionOf = (decision: Decision | Verdict): string =>
  decision.ok ? 'Success' : failureReason(decision);

export function tally(rows: readonly (readonly [string, number, number])[]): string {
  const width = Math.max(...rows.map(([theme]) => theme.length));
  const lines = rows.map(([theme, agreed, total]) => `  ${theme.padEnd(width)}  ${agreed}/${total}`);
  const sum = (at: 1 | 2) => rows.reduce((all, row) => all + row[at], 0);
  return [...lines, `  ${'all'.padEnd(width)}  ${sum(1)}/${sum(2)}`].join('\n');
}
