// Works of a binding that has gone: written by somebody who was behind, after the binding had taken its own along. They are taken away,
// but only when it has been so for a while: whoever looks may be behind, too.
import { COLLECTIONS } from '../../api/kinds.ts';
import type { Work } from '../../api/work.ts';
import { NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { type BindingKey, bindingAt, bindingKeyFor, objectKeyOf, WORKS_BY_BINDING } from '../bindings.ts';
import { patienceWith } from '../members/strays.ts';
import { takenAway } from './taken-away.ts';

export function collectStrayWorks(key: BindingKey, view: View, now: Millis): Outcome {
  const { collection } = objectKeyOf(key);
  const works = view.isSynced(collection) ? view.byIndex(COLLECTIONS.works, WORKS_BY_BINDING.name, key) : [];
  const strays = works.filter((work) => work.metadata.deletionTimestamp === undefined && !isOfAnother(work, view));
  if (strays.length === 0) return { ...NOTHING_TO_DO, remember: null };
  const { since, leftMs } = patienceWith(view, now);
  if (leftMs > 0) return { commands: [], requeue: { afterMs: leftMs }, events: [], remember: since };
  const going = strays.map((work) => takenAway(work as unknown as Work));
  return { commands: going, requeue: 'await-change', events: [], remember: null };
}

/** By what is in it: where that and what it says of itself are not the same, somebody has laid hands on it, and it may be needed. */
function isOfAnother(work: KubeObject, view: View): boolean {
  const { manifests = [] } = (work as unknown as Work).spec.workload;
  return manifests.some((manifest) => bindingAt(view, bindingKeyFor(manifest)) !== null);
}
