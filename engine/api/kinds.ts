// The kinds that are served without a definition: Kubernetes', Karmada's, ours and our neighbours', and the collections in which they are kept.
import { formatApiVersion, type KubeObject, parseApiVersion } from '../kube/meta.ts';
import type { ApiEnablement } from './cluster.ts';

/** "group/plural" of what is kept where; "/pods" in the core group. */
export const COLLECTIONS = {
  clusters: 'cluster.karmada.io/clusters',
  policies: 'policy.karmada.io/propagationpolicies',
  clusterPolicies: 'policy.karmada.io/clusterpropagationpolicies',
  overrides: 'policy.karmada.io/overridepolicies',
  clusterOverrides: 'policy.karmada.io/clusteroverridepolicies',
  quotas: 'policy.karmada.io/federatedresourcequotas',
  taintPolicies: 'policy.karmada.io/clustertaintpolicies',
  bindings: 'work.karmada.io/resourcebindings',
  clusterBindings: 'work.karmada.io/clusterresourcebindings',
  works: 'work.karmada.io/works',
  rebalancers: 'apps.karmada.io/workloadrebalancers',
  customizations: 'config.karmada.io/resourceinterpretercustomizations',
  federatedHpas: 'autoscaling.karmada.io/federatedhpas',
  cronFederatedHpas: 'autoscaling.karmada.io/cronfederatedhpas',
  remedies: 'remedy.karmada.io/remedies',
  multiClusterServices: 'networking.karmada.io/multiclusterservices',
  serviceExports: 'multicluster.x-k8s.io/serviceexports',
  serviceImports: 'multicluster.x-k8s.io/serviceimports',
  stagedRollouts: 'muster.dev/stagedrollouts',
  clusterProfiles: 'multicluster.x-k8s.io/clusterprofiles',
  placementDecisions: 'multicluster.x-k8s.io/placementdecisions',
  ocmPlacementDecisions: 'cluster.open-cluster-management.io/placementdecisions',
  namespaces: '/namespaces',
  services: '/services',
  endpointSlices: 'discovery.k8s.io/endpointslices',
  leases: 'coordination.k8s.io/leases',
  definitions: 'apiextensions.k8s.io/customresourcedefinitions',
  priorityClasses: 'scheduling.k8s.io/priorityclasses',
  clusterRoles: 'rbac.authorization.k8s.io/clusterroles',
  clusterRoleBindings: 'rbac.authorization.k8s.io/clusterrolebindings',
} as const;

/** "plural Kind" lists, by group and version. */
const KUBERNETES: Readonly<Record<string, string>> = {
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

const KARMADA: Readonly<Record<string, string>> = {
  'apps.karmada.io/v1alpha1': 'workloadrebalancers WorkloadRebalancer',
  'autoscaling.karmada.io/v1alpha1': 'cronfederatedhpas CronFederatedHPA, federatedhpas FederatedHPA',
  'cluster.karmada.io/v1alpha1': 'clusters Cluster',
  'config.karmada.io/v1alpha1': 'resourceinterpretercustomizations ResourceInterpreterCustomization',
  'networking.karmada.io/v1alpha1':
    'multiclusteringresses MultiClusterIngress, multiclusterservices MultiClusterService',
  'policy.karmada.io/v1alpha1':
    'clusteroverridepolicies ClusterOverridePolicy, clusterpropagationpolicies ClusterPropagationPolicy,' +
    ' clustertaintpolicies ClusterTaintPolicy, federatedresourcequotas FederatedResourceQuota,' +
    ' overridepolicies OverridePolicy, propagationpolicies PropagationPolicy',
  'remedy.karmada.io/v1alpha1': 'remedies Remedy',
  'work.karmada.io/v1alpha1': 'works Work',
  'work.karmada.io/v1alpha2': 'clusterresourcebindings ClusterResourceBinding, resourcebindings ResourceBinding',
};

const OWN_AND_NEIGHBOURS: Readonly<Record<string, string>> = {
  'multicluster.x-k8s.io/v1alpha1':
    'clusterprofiles ClusterProfile, placementdecisions PlacementDecision, serviceexports ServiceExport,' +
    ' serviceimports ServiceImport',
  'cluster.open-cluster-management.io/v1beta1': 'placementdecisions PlacementDecision',
  'muster.dev/v1alpha1': 'stagedrollouts StagedRollout',
};

interface Resource {
  readonly name: string;
  readonly kind: string;
}

const resourcesIn = (list: string): Resource[] =>
  list.split(', ').map((pair) => {
    const [name = '', kind = ''] = pair.trim().split(' ');
    return { name, kind };
  });

/** What a member serves by itself, as a Cluster's status lists it. */
export const builtInApis = (): ApiEnablement[] =>
  Object.entries(KUBERNETES).map(([groupVersion, list]) => ({ groupVersion, resources: resourcesIn(list) }));

/** Every version of a group keeps its objects in the same collection. */
const builtIn = [KARMADA, KUBERNETES, OWN_AND_NEIGHBOURS].flatMap((table) =>
  Object.entries(table).flatMap(([groupVersion, list]) => {
    const { group } = parseApiVersion(groupVersion);
    return resourcesIn(list).map(({ name, kind }) => ({ group, kind, collection: `${group}/${name}` }));
  }),
);

const collectionsByKind: ReadonlyMap<string, string> = new Map(
  builtIn.map(({ group, kind, collection }) => [formatApiVersion(group, kind), collection]),
);

/** By the name of the kind alone: of several groups that have one, the first that is listed here. */
const collectionsByName: ReadonlyMap<string, string> = new Map(
  builtIn.map(({ kind, collection }) => [kind, collection] as const).reverse(),
);

/** Null for kinds that only a custom resource definition can tell of. */
export const builtInCollectionOf = (apiVersion: string, kind: string): string | null =>
  collectionsByKind.get(formatApiVersion(parseApiVersion(apiVersion).group, kind)) ?? null;

export const builtInCollectionCalled = (kind: string): string | null => collectionsByName.get(kind) ?? null;

/** Definitions are called by what they define: "plural.group". */
export const collectionDefinedBy = ({ metadata: { name } }: KubeObject): string =>
  name.replace(/^([^.]+)\.(.*)$/, '$2/$1');
