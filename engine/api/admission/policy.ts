// Admission of PropagationPolicy and ClusterPropagationPolicy.
import { flag, listOf, oneOf, onlyFields, type Shape, text } from '../../base/shape.ts';
import type {
  ApplicationFailover,
  FailoverBehavior,
  PropagationPolicy,
  PropagationSpec,
  ResourceSelector,
} from '../policy.ts';
import { defaultPlacement, placementShape } from './placement.ts';
import {
  dnsName,
  filled,
  int32,
  kindShape,
  labelKey,
  labelSelector,
  positive,
  rule,
  ruled,
  seconds,
  texts,
} from './words.ts';

const APPLICATION_TOLERATION_SECONDS = 300;
const GRACE_PERIOD_SECONDS = 600;

export const resourceSelector = onlyFields(
  { apiVersion: filled, kind: filled },
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
  onlyFields({}, { dispatching: flag, dispatchingOnClusters: onlyFields({}, { clusterNames: listOf(dnsName) }) }),
  rule<NonNullable<PropagationSpec['suspension']>>(({ dispatching, dispatchingOnClusters }, report) => {
    if (dispatching !== undefined && dispatchingOnClusters !== undefined) {
      report('.dispatchingOnClusters', 'stands beside dispatching: use one of them');
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
      schedulePriority: onlyFields({ priorityClassSource: oneOf('KubePriorityClass'), priorityClassName: filled }),
    },
  ),
  rule<PropagationSpec>((value, report) => {
    if (value.resourceSelectors.length === 0) report('.resourceSelectors', 'is empty, and should select something');
    value.resourceSelectors.forEach((selector, at) => {
      if (value.preemption === 'Always' && !selector.name) {
        report(`.resourceSelectors[${at}].name`, 'is missing, and preemption Always takes only what is named');
      }
    });
    if (value.failover?.application && !value.propagateDeps) {
      report(
        '.propagateDeps',
        'should be true where failover.application is set: what an application needs must move along',
      );
    }
  }),
);

export const policyShape = (namespaced: boolean): Shape =>
  ruled(
    kindShape(spec),
    rule<PropagationPolicy>(({ metadata: { namespace }, spec: { resourceSelectors } }, report) => {
      if (!namespaced) return;
      resourceSelectors.forEach((selector, at) => {
        if (selector.namespace && selector.namespace !== (namespace ?? 'default')) {
          report(
            `spec.resourceSelectors[${at}].namespace`,
            `is "${selector.namespace}", and a PropagationPolicy selects in its own namespace (${namespace ?? 'default'}) only`,
          );
        }
      });
    }),
  );

export function defaultPolicy(policy: PropagationPolicy, namespaced: boolean): PropagationPolicy {
  const { spec: given } = policy;
  const namespace = policy.metadata.namespace ?? 'default';
  const inNamespace = (selector: ResourceSelector) => (namespaced ? { ...selector, namespace } : selector);
  return {
    ...policy,
    spec: {
      priority: 0,
      preemption: 'Never',
      conflictResolution: 'Abort',
      schedulerName: 'default-scheduler',
      ...given,
      resourceSelectors: given.resourceSelectors.map(inNamespace),
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
