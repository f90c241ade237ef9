// Which edition of its object a binding was last renewed for. By Karmada's rules what an object has become gets to its clusters by
// its binding alone: that is renewed for every other edition, and not for what is only reported of the object.
import type { ResourceBinding } from '../api/binding.ts';
import { merged } from '../base/merged.ts';
import { nameUuid } from '../kube/hash.ts';
import { canonicalJson } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import { isClaimed, SEEN_ANNOTATION, withoutClaim } from './claim.ts';

/**
 * On a binding. Revisions alone do not tell: they rise with every status, too.
 *
 * Differs from Karmada: that goes by revisions, and by what it hears; after a start it renews every binding whose object has told of
 * its status since.
 */
const EDITION_ANNOTATION = 'propagation.muster.dev/edition';

/** All of it but its status, and whose it is. */
function editionOf({ status: _status, metadata, ...content }: KubeObject): string {
  const {
    labels = {},
    annotations = {},
    generation = 0,
    finalizers = [],
    ownerReferences = [],
  } = withoutClaim(metadata);
  const { [SEEN_ANNOTATION]: _seen, ...said } = annotations;
  const marks = { labels, annotations: said, finalizers, ownerReferences };
  return `${generation}-${nameUuid(canonicalJson({ ...content, ...marks }))}`;
}

export const withEdition = (binding: ResourceBinding, template: KubeObject): ResourceBinding =>
  merged(binding, {
    metadata: merged(binding.metadata, {
      annotations: merged(binding.metadata.annotations, { [EDITION_ANNOTATION]: editionOf(template) }),
    }),
  });

export const isSameEdition = (a: ResourceBinding, b: ResourceBinding): boolean =>
  a.metadata.annotations?.[EDITION_ANNOTATION] === b.metadata.annotations?.[EDITION_ANNOTATION];

/** No policy has it any more, and nobody needs it: what its object has become since does not get to its clusters. */
export const isForsaken = ({ metadata, spec }: ResourceBinding): boolean =>
  metadata.annotations?.[EDITION_ANNOTATION] !== undefined &&
  !isClaimed(metadata) &&
  (spec.requiredBy ?? []).length === 0;

/** It has been renewed for the object as it is. */
export const isRenewedFor = ({ metadata, spec }: ResourceBinding, template: KubeObject): boolean =>
  spec.resource.resourceVersion === template.metadata.resourceVersion ||
  metadata.annotations?.[EDITION_ANNOTATION] === editionOf(template);
