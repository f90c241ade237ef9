// What a member owns of an object that the hub updates: its identity, its controllers' finalizers, owners and keys.
import { ANNOTATIONS } from '../api/names.ts';
import type { KubeObject } from '../kube/meta.ts';
import { textAt, textsAt, valueAt, withValue } from './fields.ts';
import type { Interpreter } from './interpret/interpreter.ts';

type Texts = Readonly<Record<string, string>>;

/** The desired object as it can replace the observed one without taking away what the member decided. */
export function retainMemberFields(desired: KubeObject, observed: KubeObject, interpreter: Interpreter): KubeObject {
  let retained = desired;
  for (const field of ['resourceVersion', 'finalizers', 'ownerReferences']) {
    retained = withValue(retained, valueAt(observed, 'metadata', field), 'metadata', field);
  }
  retained = retainKeys(retained, observed, 'annotations', ANNOTATIONS.managedAnnotations);
  retained = retainKeys(retained, observed, 'labels', ANNOTATIONS.managedLabels);
  return interpreter.retain(retainScale(retained, observed, interpreter), observed);
}

/**
 * What an autoscaler in the member has made of it.
 *
 * Differs from Karmada: there only a Deployment keeps its replicas, and hub and autoscaler change those of every other kind in turn.
 */
function retainScale(desired: KubeObject, observed: KubeObject, interpreter: Interpreter): KubeObject {
  if (textAt(desired, 'metadata', 'annotations', ANNOTATIONS.scaledFor) === undefined) return desired;
  const own = interpreter.replicas(observed);
  return own === null ? desired : interpreter.revise(desired, own.replicas);
}

/** Keys that only the member has are its own, unless the list says that they came from the hub: those are gone. */
function retainKeys(
  desired: KubeObject,
  observed: KubeObject,
  field: 'annotations' | 'labels',
  managedList: string,
): KubeObject {
  const there: Texts = textsAt(observed, 'metadata', field) ?? {};
  const wanted: Texts = textsAt(desired, 'metadata', field) ?? {};
  const fromHub = (textAt(observed, 'metadata', 'annotations', managedList) ?? '').split(',');
  const own = Object.entries(there).filter(([key]) => !Object.hasOwn(wanted, key) && !fromHub.includes(key));
  return own.length === 0
    ? desired
    : withValue(desired, Object.fromEntries([...Object.entries(wanted), ...own]), 'metadata', field);
}
