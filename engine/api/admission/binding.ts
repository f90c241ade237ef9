// Admission of ResourceBinding and ClusterResourceBinding.
import { anything, flag, listOf, mapOf, oneOf, onlyFields, text, unlessKnown } from '../../base/shape.ts';
import { validate } from '../../kube/schema/validate.ts';
import type { ResourceBindingSpec } from '../binding.ts';
import { placementSchema } from '../placement.ts';
import { count, filled, int32, kindShape, quantity, rule, ruled, seconds, texts, time } from './words.ts';

const NAME_MAX = 32;

const nodeRequirement = onlyFields(
  { key: filled, operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt') },
  { values: texts },
);
const nodeTerm = onlyFields({}, { matchExpressions: listOf(nodeRequirement), matchFields: listOf(nodeRequirement) });
const requirements = unlessKnown(
  onlyFields(
    {},
    {
      nodeClaim: onlyFields(
        {},
        {
          hardNodeAffinity: onlyFields({ nodeSelectorTerms: listOf(nodeTerm) }),
          nodeSelector: mapOf(text),
          tolerations: listOf(anything),
        },
      ),
      resourceRequest: mapOf(quantity),
      namespace: text,
      priorityClassName: text,
    },
  ),
);
const component = onlyFields({ name: filled, replicas: count }, { replicaRequirements: requirements });
const target = onlyFields(
  { name: filled },
  { replicas: count, components: listOf(onlyFields({ name: filled, replicas: count })) },
);
/** Only a policy's is held to more than its schema, which is all that Karmada asks of one in a binding. */
const writtenPlacement = unlessKnown((value, path, problems) => {
  for (const { path: place, detail, code } of validate(value, placementSchema, { path })) {
    problems.push({ path: place, message: detail || code });
  }
});
const evictionTask = onlyFields(
  { fromCluster: filled, reason: filled, producer: filled },
  {
    purgeMode: oneOf('Directly', 'Gracefully', 'Never'),
    replicas: count,
    message: text,
    gracePeriodSeconds: seconds,
    suppressDeletion: flag,
    preservedLabelState: mapOf(text),
    creationTimestamp: time,
    clustersBeforeFailover: texts,
  },
);

export const bindingSpecShape = ruled(
  onlyFields(
    {
      resource: onlyFields(
        { apiVersion: filled, kind: filled, name: filled },
        { namespace: text, uid: text, resourceVersion: text },
      ),
    },
    {
      propagateDeps: flag,
      replicaRequirements: requirements,
      replicas: count,
      components: listOf(component),
      clusters: listOf(target),
      placement: writtenPlacement,
      gracefulEvictionTasks: listOf(evictionTask),
      requiredBy: listOf(onlyFields({ name: filled }, { namespace: text, clusters: listOf(target) })),
      schedulerName: text,
      failover: anything,
      conflictResolution: oneOf('Abort', 'Overwrite'),
      rescheduleTriggeredAt: time,
      suspension: anything,
      preserveResourcesOnDeletion: flag,
      schedulePriority: onlyFields({}, { priority: int32 }),
      workloadAffinityGroups: onlyFields({}, { affinityGroup: text, antiAffinityGroup: text }),
    },
  ),
  rule<ResourceBindingSpec>(({ components = [], clusters = [] }, report) => {
    repeated(components, '.components', report);
    repeated(clusters, '.clusters', report);
    components.forEach(({ name }, at) => {
      if (name.length > NAME_MAX)
        report(`.components[${at}].name`, `is ${name.length} characters long, and should be at most ${NAME_MAX}`);
    });
  }),
);

function repeated(
  items: readonly { readonly name: string }[],
  below: string,
  report: (below: string, message: string) => void,
): void {
  const seen = new Map<string, number>();
  items.forEach(({ name }, at) => {
    const earlier = seen.get(name);
    if (earlier !== undefined) report(`${below}[${at}].name`, `repeats "${name}" of ${below.slice(1)}[${earlier}]`);
    else seen.set(name, at);
  });
}

export const bindingShape = kindShape(bindingSpecShape);
