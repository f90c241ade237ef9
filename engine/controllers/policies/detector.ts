// Template + policies -> claim and binding: each object that users made is claimed by the policy that wins it, and has a
// binding that says what that policy asks for.

import type { ResourceBinding } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { PropagationPolicy } from '../../api/policy.ts';
import { merged } from '../../base/merged.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, type EventRecord, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { deepEqual, type JsonObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { bindingFor, renewBinding } from '../../propagate/bind.ts';
import { claimOf, isClaimed, isClaimedByOther, SEEN_ANNOTATION, withoutClaim } from '../../propagate/claim.ts';
import { withEdition } from '../../propagate/edition.ts';
import { PropagationError } from '../../propagate/errors.ts';
import type { Change } from '../../store/change.ts';
import { keyOf } from '../../store/key.ts';
import { bindingAt, bindingKeyFor, objectKeyOf } from '../bindings.ts';
import { isOther, isWish } from '../changes.ts';
import { DEFINED_KIND_INDEX } from '../kinds.ts';
import { AT_ONCE, onceMore } from '../once-more.ts';
import type { ControlPorts } from '../ports.ts';
import { quotaRefusalIn } from '../scheduling/scheduler/quota.ts';
import { asSeen, createIn, event, update, updateWish } from '../writes.ts';
import {
  type Choice,
  choosePolicy,
  hasActedBefore,
  hasItsOverrides,
  mayAct,
  POLICIES_BY_SELECTOR,
  seenOf,
  selects,
} from './detector/choose.ts';
import { heldTemplates, holdingPolicies, isFreed } from './detector/held.ts';
import { TEMPLATES_BY_CLAIM, templateNamed, templatesOfPolicy } from './detector/selected.ts';
import { isTemplate, isTemplateCollection } from './templates.ts';

const NAME = 'resource-detector';

export function detector(ports: ControlPorts): Controller {
  const { followsTemplates } = ports.profile.switches;
  return {
    name: NAME,
    indexes: [...POLICIES_BY_SELECTOR, ...TEMPLATES_BY_CLAIM, DEFINED_KIND_INDEX],
    backOff: { baseMs: 20, maxMs: 30_000 },
    ignoresEchoes: true,
    watches: [
      {
        on: 'hub',
        collection: isTemplateCollection,
        keysOf: followsTemplates ? ofTemplate : heldTemplates(ofTemplate),
      },
      ...[COLLECTIONS.policies, COLLECTIONS.clusterPolicies].map((collection) => ({
        on: 'hub' as const,
        collection,
        keysOf: followsTemplates ? ofPolicy : holdingPolicies(ofPolicy),
      })),
      { on: 'hub', collection: COLLECTIONS.bindings, keysOf: ofBinding },
      { on: 'hub', collection: COLLECTIONS.clusterBindings, keysOf: ofBinding },
      { on: 'hub', collection: COLLECTIONS.priorityClasses },
      { on: 'hub', collection: COLLECTIONS.overrides },
      { on: 'hub', collection: COLLECTIONS.clusterOverrides },
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, ports),
  };
}

const textOf = (collection: string, { metadata }: KubeObject): string =>
  `${collection} ${metadata.namespace ?? ''} ${metadata.name}`;

const ofTemplate = (change: Change): readonly string[] =>
  change.type !== 'DELETED' && isWish(change) && isTemplate(change.object)
    ? [textOf(change.collection, change.object)]
    : [];

function ofPolicy(change: Change, view: View): readonly string[] {
  if (!isWish(change)) return [];
  const versions = [change.object, change.previous].filter((one) => one !== null) as unknown as PropagationPolicy[];
  return [...new Set(versions.flatMap((policy) => templatesOfPolicy(policy, view)))];
}

/** One that is gone while its template is there is made again, and one that says another policy's name is put right. */
function ofBinding({ type, object, previous }: Change, view: View): readonly string[] {
  // A new one may have been made with its claim by whoever made its policy as well.
  const isRelabelled = previous !== null && isOther(object.metadata.labels, previous.metadata.labels);
  if (type !== 'DELETED' && !isRelabelled) return [];
  const { apiVersion, kind, namespace = '', name } = (object as unknown as ResourceBinding).spec.resource;
  return templateNamed({ apiVersion, kind }, namespace, name, view);
}

function reconcile(key: string, view: View, now: Millis, ports: ControlPorts): Outcome {
  const [collection, namespace, name] = key.split(' ') as [string, string, string];
  const template = view.get(collection, namespace, name);
  if (template === null || template.metadata.deletionTimestamp !== undefined || !isTemplate(template)) {
    return NOTHING_TO_DO;
  }
  if (isClaimedByOther(template.metadata)) return NOTHING_TO_DO;
  const { gates, switches } = ports.profile;
  const holdsClaims = !switches.followsTemplates && !isFreed(key);
  const choice = choosePolicy(template, view, { canPreempt: gates.PropagationPolicyPreemption, holdsClaims });
  if (choice === null) return unclaim(template, collection, view);
  const { policy } = choice;
  if (holdsClaims && !selects(policy, template)) return NOTHING_TO_DO;
  if (!hasItsOverrides(policy, view)) return { commands: [], requeue: 'back-off', events: [] };
  const isBound = bindingAt(view, bindingKeyFor(template)) !== null;
  const acts = mayAct(template, policy) || (!isBound && hasActedBefore(template, policy));
  try {
    const claiming = claim(template, collection, policy, seenOf(template, policy, acts || isBound));
    const taken = claiming.length > 0 ? preemptionOf(choice, template, collection, view) : [];
    if (!acts) return { commands: claiming, requeue: 'await-change', events: taken };
    const bound = bind(template, collection, policy, claiming, view, now, ports);
    return taken.length === 0 ? bound : merged(bound, { events: [...taken, ...bound.events] });
  } catch (error) {
    if (!(error instanceof PropagationError)) throw error;
    const told = event('Warning', template.kind, keyOf(collection, template), 'ApplyPolicyFailed', error.message);
    return { commands: [], requeue: 'back-off', events: [told] };
  }
}

function claim(
  template: KubeObject,
  collection: string,
  policy: PropagationPolicy,
  seen: string | null,
): readonly Command[] {
  const { labels, annotations } = claimOf(policy);
  const free = withoutClaim(template.metadata);
  const wanted = {
    labels: merged(free.labels, labels),
    annotations: merged(free.annotations, annotations, seen !== null && { [SEEN_ANNOTATION]: seen }),
  };
  const isDone =
    deepEqual(wanted.labels, template.metadata.labels ?? {}) &&
    deepEqual(wanted.annotations, template.metadata.annotations ?? {});
  return isDone ? [] : [update(collection, merged(template, { metadata: merged(template.metadata, wanted) }))];
}

/** That it is taken from another policy; and if that did not work at first, why. */
function preemptionOf(
  { policy, preempted }: Choice,
  template: KubeObject,
  collection: string,
  { attempt }: View,
): readonly EventRecord[] {
  if (preempted === null || attempt.failures > 1) return [];
  const names = `policy ${policy.metadata.name} takes it from policy ${preempted.metadata.name}`;
  const tell = (type: EventRecord['type'], reason: string, message: string) =>
    event(type, template.kind, keyOf(collection, template), reason, message);
  const failures = attempt.results.flatMap(({ result }) =>
    result.ok || result.code === 'Skipped'
      ? []
      : [tell('Warning', 'PreemptPolicyFailed', `${names}: ${result.message}`)],
  );
  return [...failures, tell('Normal', 'PreemptPolicySucceed', names)];
}

/** The binding stays as it is: what runs goes on, and a later policy can take it over. */
function unclaim(template: KubeObject, collection: string, view: View): Outcome {
  const commands: Command[] = [];
  const key = bindingKeyFor(template);
  const binding = bindingAt(view, key);
  // First, so that what is still claimed tells what is left to do if everything ends in between.
  if (binding !== null && isClaimed(binding.metadata)) {
    const freed = merged(binding, { metadata: withoutClaim(binding.metadata) });
    commands.push(update(objectKeyOf(key).collection, freed as unknown as KubeObject));
  }
  if (isClaimed(template.metadata)) {
    const { [SEEN_ANNOTATION]: _seen, ...annotations } = template.metadata.annotations ?? {};
    const metadata = withoutClaim(merged(template.metadata, { annotations }));
    commands.push(update(collection, merged(template, { metadata })));
  }
  return { commands, requeue: 'await-change', events: [] };
}

function bind(
  template: KubeObject,
  collection: string,
  policy: PropagationPolicy,
  claiming: readonly Command[],
  view: View,
  now: Millis,
  { interpreter, profile }: ControlPorts,
): Outcome {
  const key = bindingKeyFor(template);
  const { gates, switches } = profile;
  const hasPriority = gates.PriorityBasedScheduling && template.metadata.namespace !== undefined;
  const priority = hasPriority ? priorityOf(policy, view) : undefined;
  if (priority === null) {
    const missing = policy.spec.schedulePriority?.priorityClassName ?? '';
    const message = `the policy ${policy.metadata.name} names the priority class ${missing}, and there is none`;
    const told = event('Warning', template.kind, keyOf(collection, template), 'ApplyPolicyFailed', message);
    return { commands: claiming, requeue: 'back-off', events: [told] };
  }
  const asked = bindingFor(template, policy, interpreter, {
    components: gates.MultiplePodTemplatesScheduling,
    workloadAffinity: gates.WorkloadAffinity,
    ...(priority !== undefined && { priority }),
  });
  const wanted = switches.followsTemplates ? asked : withEdition(asked, template);
  const stored = bindingAt(view, key);
  const bindings = objectKeyOf(key).collection;
  const applied = `policy ${policy.metadata.name} is applied`;
  const told = event('Normal', template.kind, keyOf(collection, template), 'ApplyPolicySucceed', applied);
  if (stored === null) {
    const isLost = claiming.length === 0;
    const { waitMs, remember } = isLost ? onceMore(view, now) : AT_ONCE;
    if (waitMs > 0) return { commands: [], requeue: { afterMs: waitMs }, events: [] };
    const made = createIn(bindings, wanted as unknown as KubeObject);
    // It may have gone because its template has, which is heard of later.
    const commands = isLost ? [asSeen(collection, template), made] : ordered(policy, claiming, [made]);
    return { commands, requeue: 'await-change', events: [told], ...(remember !== undefined && { remember }) };
  }
  // An earlier object of this name: its binding goes with it, and wakes this one.
  const isOthers = stored.spec.resource.uid !== template.metadata.uid;
  if (stored.metadata.deletionTimestamp !== undefined || isOthers) {
    return { commands: claiming, requeue: isOthers ? 'back-off' : 'await-change', events: [] };
  }
  const renewed = renewBinding(stored, wanted);
  const renewing = isSame(stored, renewed) ? [] : [updateWish(bindings, renewed as unknown as KubeObject)];
  // What exceeds a quota is tried again later, and told when it first was.
  const beyond = view.attempt.failures === 1 ? quotaRefusalIn(view.attempt) : null;
  const refusal = (message: string) =>
    event('Warning', template.kind, keyOf(collection, template), 'ApplyPolicyFailed', message);
  const events = [...(beyond === null ? [] : [refusal(beyond)]), ...(renewing.length > 0 ? [told] : [])];
  return { commands: ordered(policy, claiming, renewing), requeue: 'await-change', events };
}

/** What a lazy policy has seen is noted last: else it would be taken for done if everything ended in between. */
const ordered = (
  { spec }: PropagationPolicy,
  claiming: readonly Command[],
  binding: readonly Command[],
): readonly Command[] => (spec.activationPreference === 'Lazy' ? [...binding, ...claiming] : [...claiming, ...binding]);

/** Undefined where the policy asks for none, null where there is no such class. */
function priorityOf({ spec }: PropagationPolicy, view: View): number | null | undefined {
  const name = spec.schedulePriority?.priorityClassName;
  if (name === undefined) return undefined;
  const found = view.get(COLLECTIONS.priorityClasses, '', name);
  return found === null ? null : Number(found.value ?? 0);
}

/** The template's revision alone is no reason to write: it rises with every status that is told. */
function isSame(stored: ResourceBinding, renewed: ResourceBinding): boolean {
  const bare = ({ spec, metadata }: ResourceBinding) => ({
    spec: merged(spec, { resource: merged(spec.resource, { resourceVersion: undefined }) }),
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    finalizers: metadata.finalizers ?? [],
    owners: metadata.ownerReferences ?? [],
  });
  return deepEqual(bare(stored) as unknown as JsonObject, bare(renewed) as unknown as JsonObject);
}
