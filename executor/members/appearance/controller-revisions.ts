// ControllerRevisions: what a StatefulSet or a DaemonSet has looked like, so that it can be looked at and gone back to.
import { isObject, type KubeObject, type MemberWorkload, objectIn } from '../../../engine/index.ts';
import type { Edition, Editions } from './editions.ts';
import { isEnding, ownedBy } from './replica-sets.ts';
import type { ShownObjects } from './shown-objects.ts';

const REVISIONS = 'apps/controllerrevisions';
export const REVISION_HASH = 'controller-revision-hash';

export class ControllerRevisions {
  readonly #objects: ShownObjects;
  readonly #editions: Editions;
  readonly #standing = new Map<string, Edition>();

  constructor(objects: ShownObjects, editions: Editions) {
    this.#objects = objects;
    this.#editions = editions;
  }

  noticeGone({ metadata }: KubeObject): void {
    const edition = this.#standing.get(metadata.uid ?? '');
    if (edition === undefined) return;
    this.#standing.delete(metadata.uid ?? '');
    edition.uid = '';
  }

  /** Brings them to what the workload wants now. */
  refresh(workload: MemberWorkload): void {
    const { object } = workload;
    if (object === null || isEnding(object)) return;
    const newest = this.#editions.newest(workload);
    const before = newest.revision;
    this.#editions.count(workload);
    if (newest.uid === '') this.#make(workload, object, newest);
    else if (newest.revision !== before) {
      const { revision } = newest;
      this.#objects.renew(keyFor(workload, newest), newest.uid, (there) => ({ ...there, revision }));
    }
    this.#forgetOldest(workload);
  }

  #make(workload: MemberWorkload, owner: KubeObject, edition: Edition): void {
    if (this.#objects.get(keyFor(workload, edition)) !== null) this.#editions.rehash(edition);
    const { key, kind } = workload;
    const template = isObject(edition.template) ? edition.template : {};
    const labels = objectIn(template, 'metadata').labels as Record<string, string> | undefined;
    const hash = { [kind === 'DaemonSet' ? REVISION_HASH : 'controller.kubernetes.io/hash']: edition.hash };
    const generation = { 'deprecated.daemonset.template.generation': String(owner.metadata.generation ?? 1) };
    const cause = owner.metadata.annotations?.[CHANGE_CAUSE];
    const annotations: Record<string, string> = {
      ...(kind === 'DaemonSet' && generation),
      ...(cause !== undefined && { [CHANGE_CAUSE]: cause }),
    };
    const made = this.#objects.make(REVISIONS, {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: revisionName(workload, edition),
        namespace: key.namespace,
        labels: { ...labels, ...hash },
        ...(Object.keys(annotations).length > 0 && { annotations }),
        ownerReferences: [ownedBy(owner)],
      },
      data: { spec: { template: { ...template, $patch: 'replace' } } },
      revision: edition.revision,
    });
    if (made === null) return;
    edition.uid = made.metadata.uid ?? '';
    this.#standing.set(edition.uid, edition);
  }

  #forgetOldest(workload: MemberWorkload): void {
    const inUse = new Set([...workload.pods].map(({ revision }) => revision));
    // Below its partition a StatefulSet makes pods of the one before.
    if (workload.kind === 'StatefulSet') inUse.add(workload.settledRevision);
    for (const edition of this.#editions.forgetOldest(workload, ({ number }) => inUse.has(number))) {
      const object = edition.uid === '' ? null : this.#objects.get(keyFor(workload, edition));
      if (object !== null) this.#objects.remove(object, REVISIONS);
    }
  }
}

const CHANGE_CAUSE = 'kubernetes.io/change-cause';

export const revisionName = ({ key }: MemberWorkload, { hash }: Edition): string => `${key.name}-${hash}`;

const keyFor = (workload: MemberWorkload, edition: Edition) => ({
  collection: REVISIONS,
  namespace: workload.key.namespace,
  name: revisionName(workload, edition),
});
