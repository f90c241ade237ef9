// The one door of admission: every mistake of an object at once, its defaults, and what will surprise its author.
import { merged } from '../../base/merged.ts';
import { problemsOf, type Shape, type ShapeProblem } from '../../base/shape.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import type { TimeZones } from '../../kube/time-zone.ts';
import type { FederatedHPA } from '../autoscaling.ts';
import type { Cluster } from '../cluster.ts';
import type { CronFederatedHPA } from '../cron-autoscaling.ts';
import type { OverridePolicy } from '../override.ts';
import type { Placement } from '../placement.ts';
import type { PropagationPolicy } from '../policy.ts';
import type { FederatedResourceQuota } from '../quota.ts';
import { defaultFederatedHpa, federatedHpaShape } from './autoscaling.ts';
import { bindingShape } from './binding.ts';
import { clusterShape, defaultCluster } from './cluster.ts';
import { cronFederatedHpaShape, defaultCronFederatedHpa, zoneProblems } from './cron-autoscaling.ts';
import { customizationProblems, interpreterCustomizationShape } from './interpreter-customization.ts';
import { interpreterWebhooksShape } from './interpreter-webhooks.ts';
import { changesTypes, multiClusterServiceShape } from './multi-cluster-service.ts';
import { specWithoutNulls } from './nulls.ts';
import { defaultOverride, overrideShape } from './override.ts';
import { idProblems } from './permanent-id.ts';
import { schemaPlacement } from './placement.ts';
import { defaultPolicy, policyShape, schedulerProblems } from './policy.ts';
import { quotaShape, warnOfQuota } from './quota.ts';
import { rebalancerShape } from './rebalancer.ts';
import { remedyShape } from './remedy.ts';
import { stagedRolloutShape } from './staged-rollout.ts';
import { noExecuteProblems, type TaintPolicy, taintPolicyShape } from './taint-policy.ts';
import type { Admission, Warn } from './verdict.ts';
import { warnOfOverride, warnOfPolicy } from './warnings.ts';

interface Rules {
  readonly group: string;
  readonly shape: Shape;
  readonly complete?: (object: KubeObject, now: Millis, circumstances: Circumstances) => KubeObject;
  readonly warn?: (object: KubeObject, warn: Warn) => void;
  /** What may not become of what is stored; both are complete. */
  readonly changeProblems?: (object: KubeObject, previous: KubeObject) => readonly ShapeProblem[];
  /** What depends on how the control plane is run. */
  readonly problemsHere?: (object: KubeObject, circumstances: Circumstances) => readonly ShapeProblem[];
}

/** How the control plane is run. */
export interface HubCircumstances {
  /** Left out, they are allowed. */
  readonly allowsNoExecuteTaintPolicies?: boolean;
  /** Left out, they are completed. */
  readonly completesResourceModels?: boolean;
  /** Left out, whatever is named as a time zone is taken for one. */
  readonly zones?: TimeZones;
}

export interface Circumstances extends HubCircumstances {
  /** What is stored; null, and left out, for what is new. */
  readonly previous?: KubeObject | null;
  /** All that is stored of its kind, for kinds of which two can be at odds. */
  readonly others?: () => readonly KubeObject[];
}

const asPolicy = (object: KubeObject) => object as unknown as PropagationPolicy;
const asOverride = (object: KubeObject) => object as unknown as OverridePolicy;
const asObject = (value: unknown) => value as KubeObject;

const POLICY_GROUP = 'policy.karmada.io';
const CONFIG_GROUP = 'config.karmada.io';

const policyRules = (namespaced: boolean): Rules => ({
  group: POLICY_GROUP,
  shape: policyShape(namespaced),
  complete: (object) => asObject(defaultPolicy(asPolicy(object), namespaced)),
  warn: (object, warn) => warnOfPolicy(asPolicy(object).spec, warn),
  changeProblems: (object, previous) => [
    ...schedulerProblems(asPolicy(object), asPolicy(previous)),
    ...idProblems(object, previous),
  ],
});
const overrideRules = (namespaced: boolean): Rules => ({
  group: POLICY_GROUP,
  shape: overrideShape(namespaced),
  complete: (object) => asObject(defaultOverride(asOverride(object), namespaced)),
  warn: (object, warn) => warnOfOverride(asOverride(object).spec, warn),
});
const bindingRules: Rules = {
  group: 'work.karmada.io',
  shape: bindingShape,
  complete: (object) => {
    const spec = object.spec as { placement?: Placement };
    const placement = spec.placement && schemaPlacement(spec.placement);
    return placement === spec.placement ? object : merged(object, { spec: merged(spec, { placement }) });
  },
};

const clusterRules: Rules = {
  group: 'cluster.karmada.io',
  shape: clusterShape,
  complete: (object, now, { previous = null, completesResourceModels = true }) =>
    asObject(defaultCluster(object as unknown as Cluster, now, { previous, completesResourceModels })),
};

const AUTOSCALING_GROUP = 'autoscaling.karmada.io';

const federatedHpaRules: Rules = {
  group: AUTOSCALING_GROUP,
  shape: federatedHpaShape,
  complete: (object) => asObject(defaultFederatedHpa(object as unknown as FederatedHPA)),
};
const cronFederatedHpaRules: Rules = {
  group: AUTOSCALING_GROUP,
  shape: cronFederatedHpaShape,
  complete: (object) => asObject(defaultCronFederatedHpa(object as unknown as CronFederatedHPA)),
  problemsHere: (object, { zones }) =>
    zones === undefined ? [] : zoneProblems(object as unknown as CronFederatedHPA, zones),
};

const RULES: ReadonlyMap<string, Rules> = new Map([
  ['PropagationPolicy', policyRules(true)],
  ['ClusterPropagationPolicy', policyRules(false)],
  ['OverridePolicy', overrideRules(true)],
  ['ClusterOverridePolicy', overrideRules(false)],
  ['ResourceBinding', bindingRules],
  ['ClusterResourceBinding', bindingRules],
  ['Cluster', clusterRules],
  [
    'ClusterTaintPolicy',
    {
      group: POLICY_GROUP,
      shape: taintPolicyShape,
      problemsHere: (object, { allowsNoExecuteTaintPolicies = true }) =>
        allowsNoExecuteTaintPolicies ? [] : noExecuteProblems(object as unknown as TaintPolicy),
    },
  ],
  ['WorkloadRebalancer', { group: 'apps.karmada.io', shape: rebalancerShape }],
  ['FederatedHPA', federatedHpaRules],
  ['CronFederatedHPA', cronFederatedHpaRules],
  [
    'ResourceInterpreterCustomization',
    {
      group: CONFIG_GROUP,
      shape: interpreterCustomizationShape,
      problemsHere: (object, { others = () => [] }) => customizationProblems(object, others()),
    },
  ],
  ['ResourceInterpreterWebhookConfiguration', { group: CONFIG_GROUP, shape: interpreterWebhooksShape }],
  [
    'FederatedResourceQuota',
    {
      group: POLICY_GROUP,
      shape: quotaShape,
      warn: (object, warn) => warnOfQuota(object as unknown as FederatedResourceQuota, warn),
    },
  ],
  ['Remedy', { group: 'remedy.karmada.io', shape: remedyShape }],
  [
    'MultiClusterService',
    { group: 'networking.karmada.io', shape: multiClusterServiceShape, changeProblems: changesTypes },
  ],
  ['StagedRollout', { group: 'muster.dev', shape: stagedRolloutShape }],
]);

/** An object of a kind that has no rules here is admitted as it stands. */
export function admit(written: KubeObject, now: Millis, circumstances: Circumstances = {}): Admission<KubeObject> {
  const rules = RULES.get(written.kind);
  if (rules === undefined || !written.apiVersion.startsWith(`${rules.group}/`)) {
    return { object: written, problems: [], warnings: [] };
  }
  const object = withSpecAsMeant(written);
  const problems = problemsOf(rules.shape, object);
  if (problems.length > 0) return { object, problems, warnings: [] };
  const { previous = null } = circumstances;
  const completed = rules.complete?.(object, now, circumstances) ?? object;
  const refusals = [
    ...(rules.problemsHere?.(completed, circumstances) ?? []),
    ...((previous !== null && rules.changeProblems?.(completed, previous)) || []),
  ];
  if (refusals.length > 0) return { object, problems: refusals, warnings: [] };
  const warnings: ShapeProblem[] = [];
  rules.warn?.(completed, (path, message) => warnings.push({ path, message }));
  return { object: completed, problems, warnings };
}

function withSpecAsMeant(object: KubeObject): KubeObject {
  const { spec } = object;
  if (typeof spec !== 'object' || spec === null) return object;
  const meant = specWithoutNulls(spec);
  return meant === spec ? object : merged(object, { spec: meant });
}
