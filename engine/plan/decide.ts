// Decides everything that is asked for, the most urgent first, so that no room is promised twice.

import type { ResourceBinding, TargetCluster } from '../api/binding.ts';
import type { Cluster } from '../api/cluster.ts';
import type { FederatedResourceQuota } from '../api/quota.ts';
import type { StagedRollout } from '../api/staged-rollout.ts';
import { replicasIn } from '../api/target-clusters.ts';
import { byKey, byNumber, byText, inOrder, reversed } from '../base/order.ts';
import { Fleet } from '../fleet/fleet.ts';
import type { Profile } from '../profile/profile.ts';
import type { Interpreter } from '../propagate/interpret/interpreter.ts';
import type { YamlCodec } from '../propagate/override/field.ts';
import type { OverridePolicies } from '../propagate/override/override.ts';
import { type BatchDecision, type Reservation, scheduleAll } from '../schedule/batch.ts';
import { Scheduler } from '../schedule/fast/scheduler.ts';
import type { PluginSet } from '../schedule/plugin.ts';
import { type BoundTemplate, bindTemplates, type Wishes } from './bind-templates.ts';
import type { PlannedWorkload } from './plan.ts';
import { QuotaLedger } from './quota-ledger.ts';

export interface PlanInput extends Wishes {
  readonly clusters: readonly Cluster[];
  readonly overrides: OverridePolicies;
  /** None where it is left out. */
  readonly rollouts?: readonly StagedRollout[];
  /** None where it is left out. */
  readonly quotas?: readonly FederatedResourceQuota[];
}

export interface PlanPorts {
  readonly profile: Profile;
  readonly plugins: PluginSet;
  readonly interpreter: Interpreter;
  readonly yaml: YamlCodec;
}

export interface Decided extends BoundTemplate {
  readonly outcome: PlannedWorkload['outcome'];
  readonly reason: string | null;
  /** Of the list of affinities, that which was chosen. */
  readonly affinity: string | null;
  /** What it took from clusters beyond what it had. */
  readonly reservations: readonly Reservation[];
}

/** In the order in which it was decided; what no policy places comes last. */
export function decideAll(input: PlanInput, { profile, plugins, interpreter }: PlanPorts): readonly Decided[] {
  const bound = bindTemplates(input, { interpreter, gates: profile.gates });
  const scheduler = new Scheduler(new Fleet(input.clusters), profile, plugins);
  for (const { spec } of input.bindings) {
    scheduler.peers.note(
      spec,
      (spec.clusters ?? []).map(({ name }) => name),
    );
  }
  const unselected = bound.filter(({ binding }) => binding?.spec.placement === undefined);
  const placed = bound.filter(({ binding }) => binding?.spec.placement !== undefined).sort(mostUrgentFirst);
  const bindings = placed.map(({ binding }) => binding as ResourceBinding);
  const { quotas = [] } = input;
  const ledger = new QuotaLedger(profile.gates.FederatedQuotaEnforcement ? quotas : [], input.bindings);
  const decisions = withinQuotas(bindings, scheduler, ledger);
  return [
    ...placed.map((one, at): Decided => {
      const { reservations, ...decision } = decisions[at]!;
      return { ...one, ...withVerdict(bindings[at]!, decision, profile), reservations };
    }),
    ...unselected.map(
      (one): Decided => ({
        ...one,
        outcome: 'unselected',
        reason: 'no policy selects it',
        affinity: null,
        reservations: [],
      }),
    ),
  ];
}

const mostUrgentFirst = inOrder<BoundTemplate>(
  byKey(({ binding }) => binding?.spec.schedulePriority?.priority ?? 0, reversed(byNumber)),
  byKey(({ template }) => template.metadata.namespace ?? '', byText),
  byKey(({ template }) => template.kind, byText),
  byKey(({ template }) => template.metadata.name, byText),
);

/** What finds no quota left is decided again as long as others give some back. */
function withinQuotas(
  bindings: readonly ResourceBinding[],
  scheduler: Scheduler,
  ledger: QuotaLedger,
): readonly BatchDecision[] {
  const decide = (some: readonly ResourceBinding[]) =>
    scheduleAll(some, scheduler, (binding, clusters) => ledger.refusal(binding, clusters));
  const decisions = decide(bindings);
  const refusedIn = () => bindings.flatMap((_, at) => (decisions[at]!.refusal === null ? [] : [at]));
  let left = refusedIn();
  for (let before = bindings.length; left.length > 0 && left.length < before; left = refusedIn()) {
    before = left.length;
    const again = decide(left.map((at) => bindings[at]!));
    left.forEach((at, index) => {
      decisions[at] = again[index]!;
    });
  }
  return decisions;
}

function withVerdict(
  binding: ResourceBinding,
  { verdict, part, refusal }: Omit<BatchDecision, 'reservations'>,
  profile: Profile,
) {
  if (refusal !== null) {
    const reason = `QuotaExceeded: ${refusal}`;
    return { binding, outcome: 'unplaced' as const, reason, affinity: null };
  }
  if (verdict.ok) {
    const { clusters, affinity } = verdict;
    return { binding: withClusters(binding, clusters), outcome: 'placed' as const, reason: null, affinity };
  }
  if (part !== null) {
    const reason = `${verdict.code}: ${verdict.message}; ${replicasIn(part.clusters)} of them are placed`;
    return {
      binding: withClusters(binding, part.clusters),
      outcome: 'unplaced' as const,
      reason,
      affinity: part.affinity,
    };
  }
  // What finds too little room keeps what it has; what fits nowhere is removed everywhere, unless the profile keeps it.
  const keeps = verdict.code !== 'NoClusterFits' || profile.switches.keepsWhatFitsNowhere;
  const clusters = keeps ? (binding.spec.clusters ?? []) : [];
  const reason = `${verdict.code}: ${verdict.message}`;
  return { binding: withClusters(binding, clusters), outcome: 'unplaced' as const, reason, affinity: null };
}

const withClusters = (binding: ResourceBinding, clusters: readonly TargetCluster[]): ResourceBinding => ({
  ...binding,
  spec: { ...binding.spec, clusters: [...clusters] },
});
