// Members against Works: each manifest that may be sent is there as it would be sent again, and nothing that bears the mark of
// the hub is without a Work.

import { COLLECTIONS } from '../../api/kinds.ts';
import { ANNOTATIONS, executionSpaceOf, LABELS } from '../../api/names.ts';
import { WORK_CONDITIONS, type Work } from '../../api/work.ts';
import { hasConditionStatus } from '../../kube/conditions.ts';
import { canonicalJson } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { SERVICES_KEEPER, SLICE_KEEPER } from '../../propagate/endpoint-slices.ts';
import { retainMemberFields } from '../../propagate/retain.ts';
import { formatKey, keyOf } from '../../store/key.ts';
import type { Member } from '../member/member.ts';
import type { World } from '../world.ts';
import type { SettledPorts } from './settled-ports.ts';
import { nameOf, type Violation, violation } from './violation.ts';

export function memberViolations({ hub }: World, member: Member, ports: SettledPorts): readonly Violation[] {
  const found: Violation[] = [];
  const space = executionSpaceOf(member.name);
  for (const object of hub.store.list(COLLECTIONS.works, space)) {
    const work = object as unknown as Work;
    if (work.metadata.deletionTimestamp !== undefined) {
      found.push(violation('work-ends', nameOf(object), 'it is still being deleted'));
      continue;
    }
    if (work.spec.suspendDispatching === true) continue;
    // Whoever says openly that it could not be applied does not pretend.
    if (hasConditionStatus(work.status?.conditions, WORK_CONDITIONS.applied, 'False')) continue;
    for (const manifest of work.spec.workload.manifests ?? [])
      found.push(...manifestViolations(member, manifest, ports));
  }
  if (!ports.collectsStrays) return found;
  return [...found, ...strays(hub.store.list(COLLECTIONS.works, space) as unknown as readonly Work[], member, ports)];
}

function manifestViolations(member: Member, manifest: KubeObject, ports: SettledPorts): readonly Violation[] {
  const collection = ports.collectionOf(manifest);
  const { namespace = '', name } = manifest.metadata;
  const about = `member ${member.name}: ${collection ?? manifest.kind}/${namespace}/${name}`;
  const there = collection === null ? null : member.api.store.get(collection, namespace, name);
  if (there === null) return [violation('work-is-applied', about, 'its Work is there, and it is not')];
  // A namespace that a member has of its own is as good.
  if (manifest.kind === 'Namespace' && there.metadata.labels?.[LABELS.managed] !== 'true') return [];
  const sent = retainMemberFields(manifest, there, ports.interpreter);
  // What something in the member adds to it is not the hub's; that the member took it is all that there is to know.
  if (member.mutation !== null) return [];
  return isAsSent(there, sent) ? [] : [violation('work-is-applied', about, 'it is not what its Work says')];
}

/** All that was sent is there; the member may have added to it. */
const isAsSent = (there: KubeObject, sent: KubeObject): boolean =>
  (sent.spec === undefined || canonicalJson(there.spec ?? null) === canonicalJson(sent.spec)) &&
  canonicalJson(there.data ?? null) === canonicalJson(sent.data ?? null) &&
  hasAll(there.metadata.labels, sent.metadata.labels) &&
  hasAll(there.metadata.annotations, sent.metadata.annotations);

type Texts = Readonly<Record<string, string>> | undefined;

const hasAll = (there: Texts = {}, wanted: Texts = {}): boolean =>
  Object.entries(wanted).every(([key, value]) => there[key] === value);

function strays(works: readonly Work[], member: Member, { isFollowed }: SettledPorts): readonly Violation[] {
  const names = new Set(works.map(({ metadata }) => metadata.name));
  const found: Violation[] = [];
  for (const collection of member.api.store.collectionNames()) {
    if (!isFollowed(member.name, collection)) continue;
    for (const object of member.api.store.list(collection)) {
      const { labels, annotations } = object.metadata;
      // Who makes slices of a Service gives them its labels.
      if (labels?.[LABELS.managed] !== 'true' || labels[SLICE_KEEPER] === SERVICES_KEEPER) continue;
      const work = annotations?.[ANNOTATIONS.workName];
      if (work !== undefined && names.has(work)) continue;
      const about = `member ${member.name}: ${formatKey(keyOf(collection, object))}`;
      found.push(
        violation('member-object-has-work', about, `it came from the hub, and its Work ${work ?? ''} is gone`),
      );
    }
  }
  return found;
}
