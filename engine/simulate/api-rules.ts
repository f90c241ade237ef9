// Which built-in collections have a status of their own and count generations; every other collection has both, as custom
// resources do.
import type { Rules } from '../store/judge.ts';

const NEITHER: Rules = { hasStatus: false, hasGeneration: false };
const STATUS_ONLY: Rules = { hasStatus: true, hasGeneration: false };
const GENERATION_ONLY: Rules = { hasStatus: false, hasGeneration: true };
const BOTH: Rules = { hasStatus: true, hasGeneration: true };

const BUILT_IN: ReadonlyMap<string, Rules> = new Map([
  ['/bindings', NEITHER],
  ['/configmaps', NEITHER],
  ['/endpoints', NEITHER],
  ['/events', NEITHER],
  ['/limitranges', NEITHER],
  ['/namespaces', STATUS_ONLY],
  ['/nodes', STATUS_ONLY],
  ['/persistentvolumeclaims', STATUS_ONLY],
  ['/persistentvolumes', STATUS_ONLY],
  ['/pods', BOTH],
  ['/podtemplates', GENERATION_ONLY],
  ['/replicationcontrollers', BOTH],
  ['/resourcequotas', STATUS_ONLY],
  ['/secrets', NEITHER],
  ['/serviceaccounts', NEITHER],
  ['/services', STATUS_ONLY],
  ['autoscaling/horizontalpodautoscalers', STATUS_ONLY],
  ['coordination.k8s.io/leases', NEITHER],
  ['discovery.k8s.io/endpointslices', GENERATION_ONLY],
  ['events.k8s.io/events', NEITHER],
  ['networking.k8s.io/ingressclasses', GENERATION_ONLY],
  ['networking.k8s.io/networkpolicies', GENERATION_ONLY],
  ['scheduling.k8s.io/priorityclasses', GENERATION_ONLY],
]);

const PLAIN_GROUPS = new Set(['rbac.authorization.k8s.io', 'storage.k8s.io']);

export function rulesOf(collection: string): Rules {
  const known = BUILT_IN.get(collection);
  if (known !== undefined) return known;
  return PLAIN_GROUPS.has(collection.slice(0, collection.indexOf('/'))) ? NEITHER : BOTH;
}
