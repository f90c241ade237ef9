// How well a policy's resource selectors fit an object: by its name, by its labels, or by its kind alone.
import type { ResourceSelector } from '../api/policy.ts';
import type { KubeObject } from '../kube/meta.ts';
import { matchesSelector, parseSelector } from '../kube/selector.ts';

/** Karmada's implicit priority, ascending. */
export const MISMATCH = 0;
export const MATCHES_ALL = 1;
export const MATCHES_LABELS = 2;
export const MATCHES_NAME = 3;

export type ImplicitPriority = typeof MISMATCH | typeof MATCHES_ALL | typeof MATCHES_LABELS | typeof MATCHES_NAME;

export function selectorPriority(object: KubeObject, selector: ResourceSelector): ImplicitPriority {
  if (selector.apiVersion !== object.apiVersion || selector.kind !== object.kind) return MISMATCH;
  if (selector.namespace && selector.namespace !== object.metadata.namespace) return MISMATCH;
  // A name makes the label selector irrelevant.
  if (selector.name) return selector.name === object.metadata.name ? MATCHES_NAME : MISMATCH;
  if (!selector.labelSelector) return MATCHES_ALL;
  return matchesSelector(parseSelector(selector.labelSelector), object.metadata.labels) ? MATCHES_LABELS : MISMATCH;
}

/** The best fit of any of the selectors. */
export function selectorsPriority(object: KubeObject, selectors: readonly ResourceSelector[]): ImplicitPriority {
  let best: ImplicitPriority = MISMATCH;
  for (const selector of selectors) {
    const priority = selectorPriority(object, selector);
    if (priority > best) best = priority;
  }
  return best;
}
