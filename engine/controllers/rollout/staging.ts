// Which template each cluster is to have of one object: the newest, or what was stable before it.
import { ANNOTATIONS, LABELS } from '../../api/names.ts';
import type { StagedRollout } from '../../api/staged-rollout.ts';
import { merged } from '../../base/merged.ts';
import type { Reader } from '../../control/controller.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Interpreter } from '../../propagate/interpret/interpreter.ts';
import type { OverridePolicies } from '../../propagate/override/override.ts';
import { stages, templateKeyOf } from '../../propagate/staged.ts';
import { isSameRevision, templateOfRevision } from './placements.ts';
import { rolloutOf } from './resources.ts';
import { newestTemplate, snapshotOf } from './revision.ts';
import { readSnapshot } from './snapshots.ts';

export interface StagedSource {
  readonly template: KubeObject;
  readonly policies: OverridePolicies;
  readonly revision: string;
}

export interface Staging {
  readonly newest: string;
  /** Null where there is nothing of it to send; until that is known the cluster keeps what it has. */
  readonly stable: StagedSource | null;
  /** 'kept': whether it is to have the newest is not decided yet. */
  readonly sourceFor: (cluster: string) => 'newest' | 'stable' | 'kept';
}

/** Null for what nobody stages, and until its rollout has begun to look after it. */
export function stagingOf(template: KubeObject, hub: Reader, interpreter: Interpreter): Staging | null {
  const rollout = rolloutOf(templateKeyOf(template), template.metadata.namespace ?? '', hub);
  const { stableRevision, updateRevision = '', updatedClusters = [] } = rollout?.status ?? {};
  if (rollout === null || stableRevision === undefined || !stages(rollout, 'Template')) return null;
  const newest = newestTemplate(rollout, snapshotOf(rollout, hub), interpreter);
  const stable = templateOfRevision(stableRevision);
  if (isSameRevision(newest, stable)) return { newest, stable: null, sourceFor: () => 'newest' };
  const changed = new Set(updatedClusters);
  const others = templateOfRevision(updateRevision) === newest ? 'newest' : 'kept';
  return {
    newest,
    stable: stableSource(template, rollout, stable, hub, interpreter),
    sourceFor: (cluster) => (changed.has(cluster) ? others : 'stable'),
  };
}

function stableSource(
  template: KubeObject,
  rollout: StagedRollout,
  revision: string,
  hub: Reader,
  interpreter: Interpreter,
): StagedSource | null {
  const snapshot = readSnapshot(rollout, revision, hub);
  const found = snapshot?.templates.find((one) => templateKeyOf(one) === templateKeyOf(template));
  if (snapshot === null || found === undefined) return null;
  // How many replicas there are is not staged.
  const replicas = interpreter.replicas(template)?.replicas;
  const sized = replicas === undefined ? found : interpreter.revise(found, replicas);
  return { template: scaledAs(sized, template), policies: snapshot, revision };
}

/** Whether clusters scale it themselves is not staged, either. */
function scaledAs(object: KubeObject, { metadata: { labels, annotations } }: KubeObject): KubeObject {
  const { metadata } = object;
  const marks = markedAs(metadata.labels, LABELS.retainReplicas, labels);
  const notes = markedAs(metadata.annotations, ANNOTATIONS.scaledFor, annotations);
  const marked = merged(metadata, marks && { labels: marks }, notes && { annotations: notes });
  return merged(object, { metadata: marked });
}

type Texts = Readonly<Record<string, string>> | undefined;

function markedAs(own: Texts, key: string, wanted: Texts): Texts {
  if (own?.[key] === wanted?.[key]) return own;
  const { [key]: _before, ...others } = own ?? {};
  return wanted?.[key] === undefined ? others : { ...others, [key]: wanted[key] };
}
