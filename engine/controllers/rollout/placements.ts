// The part of a revision that is about placement: what the policies ask for of a rollout's objects, as their bindings have it.
import type { ResourceBinding } from '../../api/binding.ts';
import { bindingNameOf } from '../../api/names.ts';
import type { Placement } from '../../api/placement.ts';
import type { StagedRollout } from '../../api/staged-rollout.ts';
import type { Reader } from '../../control/controller.ts';
import { nameUuid } from '../../kube/hash.ts';
import { canonicalJson } from '../../kube/json.ts';
import { resourceKeyOf, resourcesOf, stages } from '../../propagate/staged.ts';
import { bindingAt } from '../bindings.ts';
import { appliedPlacementOf } from '../scheduling/applied-placement.ts';

/** Stands for every template where templates are not staged. */
export const ANY_TEMPLATE = 'any';

export const hashOf = (text: string): string => nameUuid(text).replaceAll('-', '').slice(0, HASH_LENGTH);

const HASH_LENGTH = 10;

/** With their names; those that there are. */
export const bindingsOf = (
  rollout: StagedRollout,
  hub: Reader,
): readonly { readonly what: string; readonly key: string; readonly binding: ResourceBinding | null }[] =>
  resourcesOf(rollout).map((resource) => {
    const { kind, namespace, name } = resource;
    const binding = bindingAt(hub, `${namespace}/${bindingNameOf(kind, name)}`);
    return { what: `${kind} ${name}`, key: resourceKeyOf(resource), binding };
  });

export const templateOfRevision = (revision: string): string => revision.split('-')[0]!;

/** Null where it says nothing of placement. */
export const placementOfRevision = (revision: string | undefined): string | null => revision?.split('-')[1] ?? null;

/** What one of them says nothing of is no difference: it was not staged then, or not known yet. */
export function isSameRevision(a: string, b: string): boolean {
  const [one, other] = [placementOfRevision(a), placementOfRevision(b)];
  const isOtherPlace = one !== null && other !== null && one !== other;
  const templates = [a, b].map(templateOfRevision);
  return !isOtherPlace && (templates[0] === templates[1] || templates.includes(ANY_TEMPLATE));
}

/** Null where it is not staged, and while anything is still to be placed for the first time. */
export function placementPart(rollout: StagedRollout, hub: Reader): string | null {
  if (!stages(rollout, 'Placement')) return null;
  const placements: Record<string, Placement> = {};
  for (const { key, binding } of bindingsOf(rollout, hub)) {
    if (binding === null || isUnplaced(binding)) return null;
    placements[key] = binding.spec.placement ?? {};
  }
  return hashOf(canonicalJson(placements));
}

/** What is attached to others has no placement of its own. */
const isUnplaced = ({ metadata, spec }: ResourceBinding): boolean =>
  spec.placement !== undefined && appliedPlacementOf(metadata) === null;
