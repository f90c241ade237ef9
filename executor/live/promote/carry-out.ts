// Carries a promotion out: makes what the hub is to have, and waits until it has taken over the very object that is there.
import {
  bindingNameOf,
  changedFields,
  executionSpaceOf,
  findCondition,
  hasConditionStatus,
  type KubeObject,
  LABELS,
  replacesPods,
  templateFromMember,
  WORK_API_VERSION,
  type Work,
  workNameOf,
} from '../../../engine/index.ts';
import { type ApiObjects, type Reference, referenceTo } from '../api-objects.ts';
import { type PromotePorts, PromoteProblem, type Promotion, titleOf } from './plan-promotion.ts';

/** What was made is taken back where not all of it can be: nothing has been sent by then. */
export async function makePromotion({ made }: Promotion, hub: ApiObjects, dryRun: boolean): Promise<void> {
  const isNewSpace = made.some(({ kind }) => kind === 'Namespace');
  // In a namespace that was made for show only nothing can be made for show.
  const shown = isNewSpace ? made.filter(({ metadata }) => metadata.namespace === undefined) : made;
  for (const object of shown) await hub.create(object, { dryRun: true });
  if (dryRun) return;
  const done: Reference[] = [];
  try {
    for (const object of made) {
      await hub.create(object);
      done.push(referenceTo(object));
    }
  } catch (error) {
    for (const reference of done.reverse()) await hub.remove(reference).catch(() => false);
    throw error;
  }
}

const LOOK_MS = 250;

/** Until the hub has written the object in the member: the same one, with the same pods. */
export async function adopted(
  { there, cluster }: Promotion,
  { hub, member }: PromotePorts,
  waitMs: number,
): Promise<void> {
  const { kind, metadata } = there;
  const space = executionSpaceOf(cluster);
  const workName = workNameOf(kind, metadata.name, metadata.namespace);
  const deadline = performance.now() + waitMs;
  for (;;) {
    const now = await member.get(referenceTo(there));
    if (now === null || now.metadata.uid !== metadata.uid) {
      throw new PromoteProblem(`${titleOf(there)} of ${cluster} was replaced while it was promoted`);
    }
    const work = await hub.get({ apiVersion: WORK_API_VERSION, kind: 'Work', namespace: space, name: workName });
    const { status } = (work ?? {}) as unknown as Partial<Work>;
    const isApplied = hasConditionStatus(status?.conditions, 'Applied', 'True');
    if (isApplied && now.metadata.labels?.[LABELS.managed] === 'true') {
      const fields = changedFields(templateFromMember(there), templateFromMember(now));
      if (replacesPods(kind, fields)) throw new PromoteProblem(`the pods of ${titleOf(there)} were changed: ${fields}`);
      return;
    }
    if (performance.now() > deadline) {
      const why = findCondition(status?.conditions, 'Applied')?.message ?? (await scheduledMessage(there, hub));
      throw new PromoteProblem(`${titleOf(there)} is on the hub, and ${cluster} was not written to yet: ${why}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function scheduledMessage({ kind, metadata }: KubeObject, hub: ApiObjects): Promise<string> {
  const { namespace, name } = metadata;
  const binding = await hub.get({
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: namespace === undefined ? 'ClusterResourceBinding' : 'ResourceBinding',
    namespace,
    name: bindingNameOf(kind, name),
  });
  if (binding === null) return 'no policy has taken it: do the controllers run?';
  const { conditions } = (binding.status ?? {}) as Work['status'] & object;
  return findCondition(conditions, 'Scheduled')?.message ?? 'it is not scheduled yet';
}
