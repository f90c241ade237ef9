// Templates from files with the policies that win them and the bindings that follow, as a hub would make them.
import type { ResourceBinding } from '../api/binding.ts';
import { LABELS } from '../api/names.ts';
import type { PropagationPolicy } from '../api/policy.ts';
import type { KubeObject } from '../kube/meta.ts';
import type { Gates } from '../profile/gates.ts';
import { bindingFor, renewBinding } from '../propagate/bind.ts';
import { isClaimedByOther } from '../propagate/claim.ts';
import type { Interpreter } from '../propagate/interpret/interpreter.ts';
import { matchPolicy } from '../propagate/match.ts';

/** What is asked for: templates, policies, and bindings where a hub recorded some. */
export interface Wishes {
  readonly templates: readonly KubeObject[];
  readonly policies: readonly PropagationPolicy[];
  readonly clusterPolicies: readonly PropagationPolicy[];
  readonly bindings: readonly ResourceBinding[];
}

export interface BoundTemplate {
  readonly template: KubeObject;
  readonly policy: PropagationPolicy | null;
  /** Null where neither a policy nor a record says where it goes. */
  readonly binding: ResourceBinding | null;
}

export interface BindPorts {
  readonly interpreter: Interpreter;
  readonly gates: Gates;
}

/** One text for a template and for its binding. */
const templateKey = (one: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}): string => JSON.stringify([one.apiVersion, one.kind, one.namespace ?? '', one.name]);

export const keyOfBinding = ({ spec }: Pick<ResourceBinding, 'spec'>): string => templateKey(spec.resource);

const keyOfTemplate = ({ apiVersion, kind, metadata }: KubeObject): string =>
  templateKey({ apiVersion, kind, namespace: metadata.namespace, name: metadata.name });

export function bindTemplates(wishes: Wishes, ports: BindPorts): readonly BoundTemplate[] {
  const recorded = new Map(wishes.bindings.map((binding) => [keyOfBinding(binding), binding]));
  const priorities = new Map(
    wishes.templates
      .filter(({ kind }) => kind === 'PriorityClass')
      .map(({ metadata, value }) => [metadata.name, Number(value)]),
  );
  return wishes.templates.map((template) => {
    const record = recorded.get(keyOfTemplate(template)) ?? null;
    const isOthers = isClaimedByOther(template.metadata) || (record !== null && isManagedByOther(record));
    const policy = isOthers ? null : matchPolicy(template, wishes.policies, wishes.clusterPolicies);
    return { template, policy, binding: bind(template, policy, record, priorities, ports) };
  });
}

/** What is applied from a file leaves the claim on the object that the hub has. */
const isManagedByOther = ({ metadata }: ResourceBinding): boolean =>
  metadata.labels?.[LABELS.bindingManagedBy] !== undefined;

/** What a hub would have decided on; a recorded binding adds what ran before, and stands in for a missing policy. */
function bind(
  template: KubeObject,
  policy: PropagationPolicy | null,
  recorded: ResourceBinding | null,
  priorities: ReadonlyMap<string, number>,
  { interpreter, gates }: BindPorts,
): ResourceBinding | null {
  if (policy === null) return recorded;
  const priority = priorities.get(policy.spec.schedulePriority?.priorityClassName ?? '');
  const fresh = bindingFor(template, identified(policy), interpreter, {
    components: gates.MultiplePodTemplatesScheduling,
    workloadAffinity: gates.WorkloadAffinity,
    ...(gates.PriorityBasedScheduling && priority !== undefined ? { priority } : {}),
  });
  if (recorded === null) return fresh;
  const renewed = renewBinding(recorded, fresh);
  // A manifest has no uid, and ties between clusters go by it.
  const uid = fresh.spec.resource.uid ?? recorded.spec.resource.uid;
  const resource = uid === undefined ? renewed.spec.resource : { ...renewed.spec.resource, uid };
  return { ...renewed, spec: { ...renewed.spec, resource } };
}

/** A hub gives every policy an id when it is made; one that comes from a file can do with its name. */
function identified(policy: PropagationPolicy): PropagationPolicy {
  const { metadata } = policy;
  const label = metadata.namespace ? LABELS.propagationPolicyId : LABELS.clusterPropagationPolicyId;
  return { ...policy, metadata: { ...metadata, labels: { [label]: metadata.name, ...metadata.labels } } };
}
