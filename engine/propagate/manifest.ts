// The manifest in a Work: marked with where it comes from, pruned of what the hub added, with a list of its own keys.

import { ANNOTATIONS, LABELS } from '../api/names.ts';
import { merged } from '../base/merged.ts';
import { byText } from '../base/order.ts';
import type { KubeObject } from '../kube/meta.ts';
import { textsAt } from './fields.ts';
import { pruneManifest } from './prune.ts';

export interface Marks {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface WorkIdentity {
  readonly namespace: string;
  readonly name: string;
  /** The Work's permanent id. */
  readonly id: string;
}

export function withMarks(object: KubeObject, { labels, annotations }: Marks): KubeObject {
  const metadata = merged(object.metadata, {
    labels: merged(textsAt(object, 'metadata', 'labels'), labels),
    annotations: merged(textsAt(object, 'metadata', 'annotations'), annotations),
  });
  return merged(object, { metadata });
}

/** The manifest as members get it. */
export function sealManifest(object: KubeObject, work: WorkIdentity): KubeObject {
  const { uid, generation = 0 } = object.metadata;
  const origin = withMarks(object, {
    labels: { [LABELS.managed]: 'true' },
    annotations: {
      ...(generation > 0 ? { [ANNOTATIONS.templateGeneration]: String(generation) } : {}),
      [ANNOTATIONS.templateUid]: uid ?? '',
      [ANNOTATIONS.workNamespace]: work.namespace,
      [ANNOTATIONS.workName]: work.name,
    },
  });
  return withOwnKeys(pruneManifest(origin), work.id);
}

/** The lists of keys tell later which of a member's keys came from here. */
export function withOwnKeys(manifest: KubeObject, workId: string): KubeObject {
  const owned = withMarks(manifest, { labels: { [LABELS.workId]: workId }, annotations: {} });
  const { labels, annotations } = owned.metadata;
  const lists = { [ANNOTATIONS.managedLabels]: keyList(labels), [ANNOTATIONS.managedAnnotations]: '' };
  lists[ANNOTATIONS.managedAnnotations] = keyList(merged(annotations, lists));
  return withMarks(owned, { labels: {}, annotations: lists });
}

const keyList = (texts: object | undefined): string =>
  Object.keys(texts ?? {})
    .sort(byText)
    .join(',');

const MARKS: ReadonlySet<string> = new Set([
  LABELS.managed,
  LABELS.bindingId,
  LABELS.clusterBindingId,
  LABELS.workId,
  ANNOTATIONS.bindingNamespace,
  ANNOTATIONS.bindingName,
  ANNOTATIONS.clusterBindingName,
  ANNOTATIONS.conflictResolution,
  ANNOTATIONS.templateGeneration,
  ANNOTATIONS.templateUid,
  ANNOTATIONS.workNamespace,
  ANNOTATIONS.workName,
  ANNOTATIONS.managedLabels,
  ANNOTATIONS.managedAnnotations,
]);

/** As its author would have written it for this cluster: without what only the hub and its members tell each other. */
export function withoutMarks(manifest: KubeObject): KubeObject {
  const { labels, annotations, ...rest } = manifest.metadata;
  const [ownLabels, ownAnnotations] = [labels, annotations].map((texts = {}) =>
    Object.fromEntries(Object.entries(texts).filter(([key]) => !MARKS.has(key))),
  ) as [Record<string, string>, Record<string, string>];
  return merged(manifest, {
    metadata: merged(
      rest,
      Object.keys(ownLabels).length > 0 && { labels: ownLabels },
      Object.keys(ownAnnotations).length > 0 && { annotations: ownAnnotations },
    ),
  });
}
