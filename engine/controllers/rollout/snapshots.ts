// Snapshots of revisions on the hub: ControllerRevisions that belong to their rollout.
import type { StagedRollout } from '../../api/staged-rollout.ts';
import { ROLLOUT_NAME, ROLLOUT_REVISION } from '../../api/staged-rollout.ts';
import type { Command } from '../../control/command.ts';
import type { Reader } from '../../control/controller.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { createIn, remove } from '../writes.ts';
import { templateOfRevision } from './placements.ts';
import type { Snapshot } from './revision.ts';

export const SNAPSHOTS = 'apps/controllerrevisions';

/** Where things are placed is no part of it. */
const nameOf = (rollout: string, revision: string): string => `${rollout}-${templateOfRevision(revision)}`;

export function readSnapshot({ metadata }: StagedRollout, revision: string, hub: Reader): Snapshot | null {
  const found = hub.get(SNAPSHOTS, metadata.namespace ?? '', nameOf(metadata.name, revision));
  return found === null ? null : (found.data as Snapshot);
}

export function writeSnapshot(rollout: StagedRollout, revision: string, snapshot: Snapshot): Command {
  const { namespace = '', name, uid } = rollout.metadata;
  const owner = {
    apiVersion: rollout.apiVersion ?? '',
    kind: rollout.kind ?? '',
    name,
    uid: uid ?? '',
    controller: true,
  };
  return createIn(SNAPSHOTS, {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: nameOf(name, revision),
      namespace,
      labels: { [ROLLOUT_NAME]: name, [ROLLOUT_REVISION]: templateOfRevision(revision) },
      ...(uid !== undefined && { ownerReferences: [owner] }),
    },
    revision: 1,
    data: snapshot,
  } as unknown as KubeObject);
}

/** All but the one that may still be needed. */
export function removeOthers({ metadata }: StagedRollout, revision: string, hub: Reader): readonly Command[] {
  const { namespace = '', name } = metadata;
  return hub
    .list(SNAPSHOTS, namespace)
    .filter((one) => rolloutNamedIn(one) === name && one.metadata.name !== nameOf(name, revision))
    .map((one) => ({
      ...remove({ collection: SNAPSHOTS, namespace, name: one.metadata.name }, one),
      isIndependent: true,
    }));
}

export const rolloutNamedIn = ({ metadata }: KubeObject): string | null => metadata.labels?.[ROLLOUT_NAME] ?? null;
