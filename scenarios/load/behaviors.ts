// Behaviors name workloads: one that the scenario never applies is a mistake of the file.
import type { BehaviorMatch } from '../../engine/index.ts';
import { isNumbered } from '../actions/load.ts';
import type { ObjectLoader } from './objects.ts';

/** Their controllers make others, whose names begin with theirs. */
const MAKERS = new Set(['CronJob']);

/** Null where it means something, or may: images and labels change while the scenario plays. */
export function whyNoMatch({ kind, namespace, name }: BehaviorMatch, objects: ObjectLoader): string | null {
  const refs = objects.known.all;
  const isAlike = (text: string, own: string, ownKind: string) =>
    own === text || isNumbered(own, text) || (MAKERS.has(ownKind) && text.startsWith(own));
  const meant = refs.filter(
    (ref) =>
      (kind === undefined || ref.kind === kind || MAKERS.has(ref.kind)) &&
      (namespace === undefined || ref.key.namespace === namespace) &&
      (name === undefined || isAlike(name, ref.key.name, ref.kind)),
  );
  if (meant.length > 0) return null;
  const words = [kind, namespace === undefined ? undefined : `in namespace ${namespace}`, name].filter(
    (word) => word !== undefined,
  );
  return words.length === 0
    ? null
    : `matches nothing that the scenario applies (${words.join(' ')}): ${objects.known.workloadsText}`;
}
