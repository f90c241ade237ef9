// What newcomers may read before anybody knows them: where the hub is and which authority speaks for it. There for as long as there
// are bootstrap tokens that sign it.
import type { KubeObject } from '../../../engine/index.ts';
import { CONTROLLER, SYSTEM_USER } from '../housekeeping.ts';
import type { Hub } from '../hub.ts';
import { createObject } from '../objects/write.ts';

/** host:port as clients reach the server, and whom they are to trust; null without TLS. */
export interface Discovery {
  readonly address: string;
  readonly certificate: string | null;
}

export const PUBLIC_SPACE = 'kube-public';
export const CLUSTER_INFO = 'cluster-info';

const RBAC = 'rbac.authorization.k8s.io';
const READER = 'system:karmada:bootstrap-signer-clusterinfo';
const LABELS = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };

const ROLE: KubeObject = {
  apiVersion: `${RBAC}/v1`,
  kind: 'Role',
  metadata: { name: READER, namespace: PUBLIC_SPACE, labels: LABELS },
  rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: [CLUSTER_INFO], verbs: ['get'] }],
};
const BINDING: KubeObject = {
  apiVersion: `${RBAC}/v1`,
  kind: 'RoleBinding',
  metadata: { name: READER, namespace: PUBLIC_SPACE, labels: LABELS },
  roleRef: { apiGroup: RBAC, kind: 'Role', name: READER },
  subjects: [{ apiGroup: RBAC, kind: 'User', name: 'system:anonymous' }],
};

/** True where anything was missing. What somebody else has put there stays as it is. */
export function furnishClusterInfo(hub: Hub, { address, certificate }: Discovery): boolean {
  if (certificate === null) return false;
  return [infoOf(address, certificate), ROLE, BINDING].map((object) => ensure(hub, object)).includes(true);
}

/** Nobody who comes has anything to read it with: it is closed to strangers again. */
export const closeClusterInfo = (hub: Hub): boolean =>
  hub.store.remove(`${RBAC}/rolebindings`, PUBLIC_SPACE, READER) !== null;

function infoOf(address: string, certificate: string): KubeObject {
  const cluster = {
    server: `https://${address}`,
    'certificate-authority-data': Buffer.from(certificate).toString('base64'),
  };
  const kubeconfig = { apiVersion: 'v1', kind: 'Config', clusters: [{ name: '', cluster }] };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: CLUSTER_INFO, namespace: PUBLIC_SPACE },
    data: { kubeconfig: `${JSON.stringify(kubeconfig, null, 2)}\n` },
  };
}

function ensure(hub: Hub, object: KubeObject): boolean {
  const [group, version] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['', object.apiVersion];
  const resource = hub.registry.findKind(group!, version!, object.kind)!;
  if (hub.store.get(resource.collection, PUBLIC_SPACE, object.metadata.name) !== null) return false;
  const by = { name: CONTROLLER, operation: 'Update' as const, apiVersion: object.apiVersion, subresource: '' };
  createObject({ hub, resource, user: SYSTEM_USER, by, dryRun: false }, PUBLIC_SPACE, object);
  return true;
}
