// How a cluster joins the fleet to be pushed to: an account in the member that may do everything, its token in the hub, and the
// Cluster itself. Everything is made or made right, so that joining twice is joining once.
import {
  CA_BUNDLE_ANNOTATION,
  CLUSTER_NAMESPACE,
  type Cluster,
  IMPERSONATOR,
  isObject,
  type KubeObject,
} from '../../engine/index.ts';
import { CERTIFICATE_KEYS } from './address.ts';
import type { ApiAddress, HttpApi } from './http-api.ts';

export interface JoinOptions {
  readonly name: string;
  readonly spec: Pick<Cluster['spec'], 'provider' | 'region' | 'zones'>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly hub: HttpApi;
  readonly member: HttpApi;
  readonly address: Pick<ApiAddress, 'server' | 'authority' | 'insecure'>;
  /** The hub is to show this, and no account is made in the member. */
  readonly certificate?: NonNullable<ApiAddress['certificate']>;
  readonly dryRun?: boolean;
  /** It takes the place of a cluster of that name that is no more. */
  readonly isSuccessor?: boolean;
}

export class JoinError extends Error {
  override readonly name = 'JoinError';
}

/** Where nobody fills secrets with tokens, one with an end has to do: servers may give less than this. */
const TOKEN_SECONDS = 10 * 365 * 24 * 3600;
const TOKEN_WAIT_MS = 10_000;
const TOKEN_LOOK_MS = 50;
/** Its id is that of the cluster. */
export const KUBE_SYSTEM = '/api/v1/namespaces/kube-system';
const RULES_ALL = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];
const RBAC = 'rbac.authorization.k8s.io';

export const accountOf = (cluster: string): string => `karmada-${cluster}`;

/** What joining makes in a member, for this fleet alone. */
export const ownObjects = (cluster: string): readonly KubeObject[] => [
  ...account(accountOf(cluster)),
  ...role(`karmada-controller-manager:${accountOf(cluster)}`, accountOf(cluster), RULES_ALL),
];

const namespace = (): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: CLUSTER_NAMESPACE } });

/** What all control planes whose member it is have together. For whom it may act is sent by a controller, and earlier by joining. */
export const sharedObjects = (): readonly KubeObject[] => [
  namespace(),
  ...account(IMPERSONATOR),
  ...role(IMPERSONATOR, IMPERSONATOR, []),
];

const memberObjects = (cluster: string): readonly KubeObject[] => [
  namespace(),
  ...ownObjects(cluster),
  ...account(IMPERSONATOR),
];

/** What it makes in the hub beside the Cluster: how the member is reached, and in whose name. */
export const hubSecretsOf = (cluster: string): readonly KubeObject[] =>
  [cluster, `${cluster}-impersonator`].map((name) => secret(name, {}));

const account = (name: string): readonly KubeObject[] => [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: CLUSTER_NAMESPACE } },
  tokenSecret(name),
];

const role = (name: string, account: string, rules: readonly object[]): readonly KubeObject[] => [
  { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name }, rules: [...rules] },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace: CLUSTER_NAMESPACE }],
  },
];

export async function join(options: JoinOptions): Promise<void> {
  const { name, hub, member, address, certificate, spec, labels = {}, dryRun = false, isSuccessor = false } = options;
  const system = await must(member, 'GET', KUBE_SYSTEM);
  const id = isObject(system.metadata) ? String(system.metadata.uid) : '';
  if (!isSuccessor) await refuseTwins(hub, name, id);
  if (certificate === undefined) for (const object of memberObjects(name)) await ensure(member, object, dryRun);
  if (dryRun) return;
  await ensure(hub, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: CLUSTER_NAMESPACE } });
  const caBundle: Record<string, string> = address.authority === null ? {} : { caBundle: encoded(address.authority) };
  if (certificate === undefined) {
    const [token, impersonation] = [await tokenFor(member, accountOf(name)), await tokenFor(member, IMPERSONATOR)];
    await ensure(hub, secret(name, { token: encoded(token), ...caBundle }), dryRun, Object.values(CERTIFICATE_KEYS));
    await ensure(hub, secret(`${name}-impersonator`, { token: encoded(impersonation) }));
  } else {
    const { cert, key } = CERTIFICATE_KEYS;
    const data = { [cert]: encoded(certificate.cert), [key]: encoded(certificate.key), ...caBundle };
    await ensure(hub, secret(name, data), dryRun, ['token']);
  }
  const own = { namespace: CLUSTER_NAMESPACE, name };
  await ensure(hub, {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name, labels: { ...labels }, annotations: trustIn(address) },
    spec: {
      id,
      syncMode: 'Push',
      apiEndpoint: address.server.href.replace(/\/$/, ''),
      secretRef: own,
      impersonatorSecretRef:
        certificate === undefined ? { namespace: CLUSTER_NAMESPACE, name: `${name}-impersonator` } : own,
      ...(address.insecure ? { insecureSkipTLSVerification: true } : {}),
      ...spec,
    },
  });
}

/** For those who read its ClusterProfile: whom to trust at its address is no secret. */
const trustIn = ({ authority }: Pick<ApiAddress, 'authority'>): Record<string, string> =>
  authority === null ? {} : { [CA_BUNDLE_ANNOTATION]: encoded(authority) };

/** By what a cluster is known, and what in it only a member of a fleet has. */
export async function joinedAlready(
  member: HttpApi,
  name: string,
): Promise<{ readonly id: string; readonly traces: readonly string[] }> {
  const system = await must(member, 'GET', KUBE_SYSTEM);
  const traces: string[] = [];
  for (const object of memberObjects(name)) {
    const path = pathOf(object);
    const answer = await member.send({ method: 'GET', path });
    if (answer.ok && answer.status === NOT_FOUND) continue;
    if (!answer.ok || answer.status >= 300) throw new JoinError(problem(member, 'GET', path, answer));
    traces.push(`${object.kind} ${object.metadata.name}`);
  }
  return { id: isObject(system.metadata) ? String(system.metadata.uid) : '', traces };
}

const encoded = (text: string): string => Buffer.from(text).toString('base64');

const secret = (name: string, data: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: CLUSTER_NAMESPACE },
  type: 'Opaque',
  data: { ...data },
});

/** Holds an account's token for as long as both are there; the cluster's own controller puts it in. */
export const tokenSecret = (account: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: `${account}-token`,
    namespace: CLUSTER_NAMESPACE,
    annotations: { 'kubernetes.io/service-account.name': account },
  },
  type: 'kubernetes.io/service-account-token',
});

/** One cluster under two names would be promised its room twice. */
export async function refuseTwins(hub: HttpApi, name: string, id: string): Promise<void> {
  const list = await must(hub, 'GET', '/apis/cluster.karmada.io/v1alpha1/clusters');
  const clusters = Array.isArray(list.items) ? (list.items as Cluster[]) : [];
  const twin = clusters.find(({ metadata, spec }) => metadata.name !== name && spec.id === id);
  if (twin !== undefined) throw new JoinError(`this cluster has joined already, as ${twin.metadata.name}`);
  const other = clusters.find(({ metadata, spec }) => metadata.name === name && (spec.id ?? id) !== id);
  if (other !== undefined) throw new JoinError(`another cluster has joined as ${name}`);
}

/** The token in the account's secret, which has been made; where nobody puts one in, one that was asked for. */
export async function tokenFor(api: HttpApi, name: string): Promise<string> {
  const deadline = performance.now() + TOKEN_WAIT_MS;
  while (performance.now() < deadline) {
    const { data } = await must(api, 'GET', pathOf(tokenSecret(name)));
    if (isObject(data) && typeof data.token === 'string') return Buffer.from(data.token, 'base64').toString('utf8');
    await new Promise((resolve) => setTimeout(resolve, TOKEN_LOOK_MS));
  }
  const path = `/api/v1/namespaces/${CLUSTER_NAMESPACE}/serviceaccounts/${name}/token`;
  const made = await must(api, 'POST', path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: TOKEN_SECONDS },
  });
  return isObject(made.status) ? String(made.status.token) : '';
}

/** Created, or, where it is there, made like this; of its data, what is named goes. */
export async function ensure(
  api: HttpApi,
  object: KubeObject,
  dryRun = false,
  without: readonly string[] = [],
): Promise<void> {
  const query = dryRun ? '?dryRun=All' : '';
  const path = pathOf(object);
  const body = JSON.stringify(object);
  const made = await api.send({ method: 'POST', path: path.slice(0, path.lastIndexOf('/')) + query, body });
  if (made.ok && made.status < 300) return;
  // In a namespace that was made for show only nothing can be made for show.
  if (dryRun && made.ok && made.status === NOT_FOUND) return;
  if (!made.ok || made.status !== CONFLICT) throw new JoinError(problem(api, 'POST', path, made));
  const data = Object.fromEntries(without.map((key) => [key, null]));
  const change = without.length === 0 ? body : JSON.stringify({ ...object, data: { ...dataOf(object), ...data } });
  const changed = await api.send({ method: 'PATCH', path: path + query, body: change, contentType: MERGE_PATCH });
  if (!changed.ok || changed.status >= 300) throw new JoinError(problem(api, 'PATCH', path, changed));
}

const dataOf = ({ data }: KubeObject) => (isObject(data) ? data : {});

const CONFLICT = 409;
export const NOT_FOUND = 404;
const MERGE_PATCH = 'application/merge-patch+json';

export async function must(
  api: HttpApi,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const answer = await api.send({ method, path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!answer.ok || answer.status >= 300) throw new JoinError(problem(api, method, path, answer));
  return JSON.parse(answer.text) as Record<string, unknown>;
}

export function problem(
  api: HttpApi,
  method: string,
  path: string,
  answer: Awaited<ReturnType<HttpApi['send']>>,
): string {
  const known = api.problemWith(answer);
  if (known !== null) return known;
  if (!answer.ok) return `${method} ${path}: ${answer.message}`;
  try {
    return String((JSON.parse(answer.text) as { message?: unknown }).message);
  } catch {
    return `${method} ${path} is answered with status ${answer.status}`;
  }
}

const PLURALS: Readonly<Record<string, string>> = {
  Cluster: 'clusters',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Lease: 'leases',
  Namespace: 'namespaces',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  Secret: 'secrets',
  ServiceAccount: 'serviceaccounts',
};

export function pathOf({ apiVersion, kind, metadata }: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const space = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${root}${space}/${PLURALS[kind]}/${metadata.name}`;
}
