// What an autoscaler scales in the clusters keeps there the replicas that it has by that: its template is marked so, for as long as an
// autoscaler that is propagated as well is about it. What somebody marked by hand stays marked.
import { ANNOTATIONS, LABELS } from '../../api/names.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Change } from '../../store/change.ts';
import type { IndexDefinition } from '../../store/indexes.ts';
import { isWish } from '../changes.ts';
import { collectionOf, DEFINED_KIND_INDEX } from '../kinds.ts';
import { isTemplateCollection } from '../policies/templates.ts';
import type { ControlPorts } from '../ports.ts';
import { patch } from '../writes.ts';

const AUTOSCALERS = 'autoscaling/horizontalpodautoscalers';

/** "apiVersion kind namespace name" of what is scaled. */
type TargetKey = string;

function targetOf({ spec, metadata }: KubeObject): TargetKey | null {
  const target = isObject(spec) ? spec.scaleTargetRef : undefined;
  if (!isObject(target)) return null;
  const { apiVersion, kind, name } = target;
  return [apiVersion, kind, name].every((part) => typeof part === 'string' && part !== '')
    ? `${apiVersion} ${kind} ${metadata.namespace ?? ''} ${name}`
    : null;
}

const keyOfTemplate = ({ apiVersion, kind, metadata }: KubeObject): TargetKey =>
  `${apiVersion} ${kind} ${metadata.namespace ?? ''} ${metadata.name}`;

const AUTOSCALERS_BY_TARGET: IndexDefinition = {
  name: 'autoscaler-by-target',
  collection: AUTOSCALERS,
  valuesOf: (autoscaler) => {
    const key = targetOf(autoscaler);
    return key === null ? [] : [key];
  },
};

export function scaleTargetMarker({ profile }: ControlPorts): Controller {
  if (!profile.switches.followsAutoscalers) return { name: NAME, watches: [], reconcile: () => NOTHING_TO_DO };
  return {
    name: NAME,
    indexes: [AUTOSCALERS_BY_TARGET, DEFINED_KIND_INDEX],
    ignoresEchoes: true,
    watches: [
      { on: 'hub', collection: AUTOSCALERS, keysOf: ofAutoscaler },
      { on: 'hub', collection: isTemplateCollection, keysOf: ofTemplate },
    ],
    reconcile,
  };
}

const NAME = 'hpa-scale-target-marker';

const ofAutoscaler = (change: Change): readonly TargetKey[] =>
  isWish(change)
    ? [change.object, change.previous].flatMap((version) => (version === null ? [] : (targetOf(version) ?? [])))
    : [];

function ofTemplate(change: Change, view: View): readonly TargetKey[] {
  const { object, type } = change;
  if (type === 'DELETED' || !isWish(change)) return [];
  const key = keyOfTemplate(object);
  const isMarked = object.metadata.annotations?.[ANNOTATIONS.scaledFor] !== undefined;
  return isMarked || autoscalersOf(key, view).length > 0 ? [key] : [];
}

const autoscalersOf = (key: TargetKey, view: View): readonly KubeObject[] =>
  view.byIndex(AUTOSCALERS, AUTOSCALERS_BY_TARGET.name, key);

/** Karmada looks at policies of the namespace alone. */
const isPropagated = ({ metadata: { labels = {}, deletionTimestamp } }: KubeObject): boolean =>
  deletionTimestamp === undefined &&
  [LABELS.propagationPolicyId, LABELS.clusterPropagationPolicyId].some((label) => labels[label] !== undefined);

function reconcile(key: TargetKey, view: View): Outcome {
  const [apiVersion = '', kind = '', namespace = '', name = ''] = key.split(' ');
  const collection = collectionOf({ apiVersion, kind }, view);
  const template = collection === null ? null : view.get(collection, namespace, name);
  if (collection === null || template === null || template.metadata.deletionTimestamp !== undefined)
    return NOTHING_TO_DO;
  const { labels, annotations, uid } = template.metadata;
  const isMarked = labels?.[LABELS.retainReplicas] === 'true';
  const isOurs = annotations?.[ANNOTATIONS.scaledFor] !== undefined;
  const autoscaler = autoscalersOf(key, view).find(isPropagated);
  if (autoscaler === undefined ? !isOurs : isMarked) return NOTHING_TO_DO;
  const change = {
    metadata: {
      labels: { [LABELS.retainReplicas]: autoscaler === undefined ? null : 'true' },
      annotations: { [ANNOTATIONS.scaledFor]: autoscaler?.metadata.name ?? null },
    },
  };
  // Whatever else is written meanwhile is nobody's business here.
  const seen = { metadata: { name, ...(uid !== undefined && { uid }) } };
  return { commands: [patch({ collection, namespace, name }, seen, change)], requeue: 'await-change', events: [] };
}
