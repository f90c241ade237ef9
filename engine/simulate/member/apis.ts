// Which APIs a member serves, as a Cluster's status lists them; custom resource definitions add to them.
import type { ApiEnablement } from '../../api/cluster.ts';
import { isObject } from '../../kube/json.ts';
import { formatApiVersion, type KubeObject, parseApiVersion } from '../../kube/meta.ts';
import { collectionName } from '../../store/key.ts';

export const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions';

/** "plural Kind" lists, by group and version. */
const BUILT_IN: Readonly<Record<string, string>> = {
  v1:
    'configmaps ConfigMap, endpoints Endpoints, events Event, limitranges LimitRange, namespaces Namespace, nodes Node,' +
    ' persistentvolumeclaims PersistentVolumeClaim, persistentvolumes PersistentVolume, pods Pod,' +
    ' podtemplates PodTemplate, replicationcontrollers ReplicationController, resourcequotas ResourceQuota,' +
    ' secrets Secret, serviceaccounts ServiceAccount, services Service',
  'admissionregistration.k8s.io/v1':
    'mutatingwebhookconfigurations MutatingWebhookConfiguration,' +
    ' validatingwebhookconfigurations ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/v1': 'customresourcedefinitions CustomResourceDefinition',
  'apps/v1':
    'controllerrevisions ControllerRevision, daemonsets DaemonSet, deployments Deployment, replicasets ReplicaSet,' +
    ' statefulsets StatefulSet',
  'autoscaling/v2': 'horizontalpodautoscalers HorizontalPodAutoscaler',
  'batch/v1': 'cronjobs CronJob, jobs Job',
  'coordination.k8s.io/v1': 'leases Lease',
  'discovery.k8s.io/v1': 'endpointslices EndpointSlice',
  'events.k8s.io/v1': 'events Event',
  'networking.k8s.io/v1': 'ingressclasses IngressClass, ingresses Ingress, networkpolicies NetworkPolicy',
  'policy/v1': 'poddisruptionbudgets PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1':
    'clusterrolebindings ClusterRoleBinding, clusterroles ClusterRole, rolebindings RoleBinding, roles Role',
  'scheduling.k8s.io/v1': 'priorityclasses PriorityClass',
  'storage.k8s.io/v1': 'csidrivers CSIDriver, csinodes CSINode, storageclasses StorageClass',
};

export const builtInApis = (): ApiEnablement[] =>
  Object.entries(BUILT_IN).map(([groupVersion, list]) => ({
    groupVersion,
    resources: list.split(', ').map((pair) => {
      const [name = '', kind = ''] = pair.trim().split(' ');
      return { name, kind };
    }),
  }));

export class ServedApis {
  #base: readonly ApiEnablement[];
  readonly #definitions = new Map<string, readonly ApiEnablement[]>();
  /** Null when it has to be put together again. */
  #collections: ReadonlySet<string> | null = null;
  #list: readonly ApiEnablement[] | null = null;

  constructor(base: readonly ApiEnablement[] = builtInApis()) {
    this.#base = base;
  }

  /** In place of what was built in. */
  replace(base: readonly ApiEnablement[]): void {
    this.#base = base;
    this.#forget();
  }

  define({ metadata, spec }: KubeObject): void {
    this.#definitions.set(metadata.name, enablementsOf(isObject(spec) ? spec : {}));
    this.#forget();
  }

  undefine(name: string): void {
    if (this.#definitions.delete(name)) this.#forget();
  }

  /** The same list until something changes. */
  list(): readonly ApiEnablement[] {
    this.#list ??= merged([...this.#base, ...[...this.#definitions.values()].flat()]);
    return this.#list;
  }

  serves(collection: string): boolean {
    this.#collections ??= new Set(
      this.list().flatMap(({ groupVersion, resources = [] }) =>
        resources.map(({ name = '' }) => collectionName(parseApiVersion(groupVersion).group, name)),
      ),
    );
    return this.#collections.has(collection);
  }

  #forget(): void {
    this.#list = null;
    this.#collections = null;
  }
}

function enablementsOf(spec: Readonly<Record<string, unknown>>): readonly ApiEnablement[] {
  const { group, names, versions } = spec;
  if (typeof group !== 'string' || !isObject(names) || !Array.isArray(versions)) return [];
  const resource = { name: String(names.plural), kind: String(names.kind) };
  return versions
    .filter((version) => isObject(version) && version.served !== false)
    .map((version) => ({
      groupVersion: formatApiVersion(group, String((version as Record<string, unknown>).name)),
      resources: [resource],
    }));
}

/** One entry a group and version. */
function merged(all: readonly ApiEnablement[]): readonly ApiEnablement[] {
  const byVersion = new Map<string, { name?: string; kind: string }[]>();
  for (const { groupVersion, resources = [] } of all) {
    byVersion.set(groupVersion, [...(byVersion.get(groupVersion) ?? []), ...resources]);
  }
  return [...byVersion].map(([groupVersion, resources]) => ({ groupVersion, resources }));
}
