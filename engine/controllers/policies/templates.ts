// Which objects of the hub users mean to propagate: all but Karmada's own, those of reserved namespaces, and what only reports.
import { isReservedNamespace } from '../../api/names.ts';
import type { KubeObject } from '../../kube/meta.ts';

/** Kinds by which the control plane itself works. */
const OWN_GROUPS = new Set([
  'apps.karmada.io',
  'autoscaling.karmada.io',
  'cluster.karmada.io',
  'config.karmada.io',
  'networking.karmada.io',
  'policy.karmada.io',
  'remedy.karmada.io',
  'work.karmada.io',
  'muster.dev',
]);

const REPORTS = new Set([
  'cluster.open-cluster-management.io/placementdecisions',
  'multicluster.x-k8s.io/clusterprofiles',
  'multicluster.x-k8s.io/placementdecisions',
  '/events',
  'events.k8s.io/events',
  'coordination.k8s.io/leases',
]);

export const isTemplateCollection = (collection: string): boolean =>
  !REPORTS.has(collection) && !OWN_GROUPS.has(collection.slice(0, collection.indexOf('/')));

/** Namespaces of Kubernetes itself are left alone, as `--skipped-propagating-namespaces` has it by default. */
export const isSkippedNamespace = (namespace: string): boolean =>
  isReservedNamespace(namespace) || namespace.startsWith('kube-');

/**
 * Differs from Karmada: of such a namespace neither is what it holds a template nor is itself one, which there a policy for all
 * namespaces would place.
 */
export const isTemplate = ({ apiVersion, kind, metadata: { namespace, name } }: KubeObject): boolean =>
  !isSkippedNamespace(namespace ?? (kind === 'Namespace' && apiVersion === 'v1' ? name : ''));
