// Admission of PropagationPolicy and ClusterPropagationPolicy.
import { flag, listOf, oneOf, onlyFields, type Shape, type ShapeProblem, text } from '../../base/shape.ts';
import type { ObjectMeta } from '../../kube/meta.ts';
import type {
  ApplicationFailover,
  FailoverBehavior,
  PropagationPolicy,
  PropagationSpec,
  ResourceSelector,
} from '../policy.ts';
import { defaultPlacement, placementShape } from './placement.ts';
import { filled, int32, kindShape, labelKey, labelSelector, positive, rule, ruled, seconds, texts } from './words.ts';

const APPLICATION_TOLERATION_SECONDS = 300;
const GRACE_PERIOD_SECONDS = 600;
const SCHEDULER = 'default-scheduler';

export const resourceSelector = onlyFields(
  { apiVersion: text, kind: text },
  { namespace: text, name: text, labelSelector },
);

const statePreservation = onlyFields({
  rules: listOf(onlyFields({ aliasLabelName: labelKey, jsonPath: filled })),
});

const applicationFailover = ruled(
  onlyFields(
    { decisionConditions: onlyFields({}, { tolerationSeconds: seconds }) },
    {
      purgeMode: oneOf('Directly', 'Gracefully', 'Never'),
      gracePeriodSeconds: positive,
      statePreservation,
    },
  ),
  rule<ApplicationFailover>(({ purgeMode = 'Gracefully', gracePeriodSeconds }, report) => {
    if (gracePeriodSeconds !== undefined && gracePeriodSeconds !== null && purgeMode !== 'Gracefully') {
      report('.gracePeriodSeconds', `has no meaning with purgeMode ${purgeMode}: leave it out, or purge Gracefully`);
    }
  }),
);

const suspension = ruled(
  onlyFields({}, { dispatching: flag, dispatchingOnClusters: onlyFields({}, { clusterNames: texts }) }),
  rule<NonNullable<PropagationSpec['suspension']>>(({ dispatching, dispatchingOnClusters }, report) => {
    if (dispatching === true && dispatchingOnClusters?.clusterNames?.length) {
      report('.dispatchingOnClusters', 'names clusters, and dispatching is suspended everywhere: use one of them');
    }
  }),
);

const spec = ruled(
  onlyFields(
    { resourceSelectors: listOf(resourceSelector) },
    {
      association: flag,
      propagateDeps: flag,
      placement: placementShape,
      priority: int32,
      preemption: oneOf('Always', 'Never'),
      dependentOverrides: texts,
      schedulerName: text,
      failover: onlyFields(
        {},
        {
          application: applicationFailover,
          cluster: onlyFields({}, { purgeMode: oneOf('Directly', 'Gracefully'), statePreservation }),
        },
      ),
      conflictResolution: oneOf('Abort', 'Overwrite'),
      activationPreference: oneOf('', 'Lazy'),
      suspension,
      preserveResourcesOnDeletion: flag,
      schedulePriority: onlyFields({ priorityClassSource: oneOf('KubePriorityClass'), priorityClassName: text }),
    },
  ),
  rule<PropagationSpec>((value, report) => {
    if (value.resourceSelectors.length === 0) report('.resourceSelectors', 'is empty, and should select something');
    value.resourceSelectors.forEach((selector, at) => {
      if (value.preemption === 'Always' && !selector.name) {
        report(`.resourceSelectors[${at}].name`, 'is missing, and preemption Always takes only what is named');
      }
    });
    const takesAlong = value.propagateDeps || selectsServiceImport(value.resourceSelectors);
    if (value.failover?.application && !takesAlong) {
      report(
        '.propagateDeps',
        'should be true where failover.application is set: what an application needs must move along',
      );
    }
  }),
);

const NAMESPACE = 'default';

interface Selecting {
  readonly kind?: string;
  readonly metadata: ObjectMeta;
  readonly spec: { readonly resourceSelectors?: readonly ResourceSelector[] };
}

/** A policy of a namespace has no business with what is in others. */
export const selectsInItsNamespace = rule<Selecting>(({ kind, metadata, spec: { resourceSelectors = [] } }, report) => {
  const { namespace = NAMESPACE } = metadata;
  resourceSelectors.forEach((selector, at) => {
    if (!selector.namespace || selector.namespace === namespace) return;
    report(
      `spec.resourceSelectors[${at}].namespace`,
      `is "${selector.namespace}", and ${kind} ${metadata.name} selects in its own namespace (${namespace}) only`,
    );
  });
});

export const inNamespaceOf =
  ({ namespace = NAMESPACE }: ObjectMeta) =>
  (selector: ResourceSelector): ResourceSelector =>
    selector.namespace ? selector : { ...selector, namespace };

export const policyShape = (namespaced: boolean): Shape =>
  namespaced ? ruled(kindShape(spec), selectsInItsNamespace) : kindShape(spec);

/** Who has begun to place its workloads goes on with them. */
export function schedulerProblems({ spec: next }: PropagationPolicy, previous: PropagationPolicy): ShapeProblem[] {
  const { schedulerName: before = SCHEDULER } = previous.spec ?? {};
  if (next.schedulerName === before) return [];
  return [
    { path: 'spec.schedulerName', message: `is "${next.schedulerName}", and stays "${before}": make another policy` },
  ];
}

export function defaultPolicy(policy: PropagationPolicy, namespaced: boolean): PropagationPolicy {
  const { spec: given } = policy;
  return {
    ...policy,
    spec: {
      priority: 0,
      preemption: 'Never',
      conflictResolution: 'Abort',
      schedulerName: SCHEDULER,
      ...given,
      resourceSelectors: namespaced
        ? given.resourceSelectors.map(inNamespaceOf(policy.metadata))
        : given.resourceSelectors,
      propagateDeps: given.propagateDeps || selectsServiceImport(given.resourceSelectors),
      ...(given.placement === undefined ? {} : { placement: defaultPlacement(given.placement) }),
      ...(given.failover === undefined ? {} : { failover: defaultFailover(given.failover) }),
    },
  };
}

/** A ServiceImport is of use only with the Service derived from it. */
const selectsServiceImport = (selectors: readonly ResourceSelector[]): boolean =>
  selectors.some(({ apiVersion, kind }) => apiVersion === 'multicluster.x-k8s.io/v1alpha1' && kind === 'ServiceImport');

function defaultFailover({ application, cluster }: FailoverBehavior): FailoverBehavior {
  return {
    ...(application === undefined ? {} : { application: defaultApplication(application) }),
    ...(cluster === undefined ? {} : { cluster: { purgeMode: 'Gracefully', ...cluster } }),
  };
}

function defaultApplication(application: ApplicationFailover): ApplicationFailover {
  const purgeMode = application.purgeMode ?? 'Gracefully';
  const gracePeriodSeconds = application.gracePeriodSeconds ?? GRACE_PERIOD_SECONDS;
  return {
    ...application,
    purgeMode,
    decisionConditions: { tolerationSeconds: APPLICATION_TOLERATION_SECONDS, ...application.decisionConditions },
    ...(purgeMode === 'Gracefully' ? { gracePeriodSeconds } : {}),
  };
}
