// Field numbers of the Kubernetes messages that clients send in Protobuf: number -> name and type.
//
// A dot for a name puts the message's fields into its parent. Types: string bytes bool int time quantity intOrString strings, a message's name, [T] repeated, {T} a map.

export type MessageType = Readonly<Record<number, readonly [name: string, type: string]>>;

/** "1 name string, 2 spec PodSpec" */
function message(text: string): MessageType {
  return Object.fromEntries(
    text.split(',').map((entry) => {
      const [number, name, type] = entry.trim().split(' ');
      return [Number(number), [name!, type!] as const];
    }),
  );
}

const TEXTS: Readonly<Record<string, string>> = {
  ObjectMeta:
    '1 name string, 2 generateName string, 3 namespace string, 4 selfLink string, 5 uid string, 6 resourceVersion string,' +
    '7 generation int, 8 creationTimestamp time, 9 deletionTimestamp time, 10 deletionGracePeriodSeconds int,' +
    '11 labels {string}, 12 annotations {string}, 13 ownerReferences [OwnerReference], 14 finalizers [string]',
  OwnerReference:
    '1 kind string, 3 name string, 4 uid string, 5 apiVersion string, 6 controller bool, 7 blockOwnerDeletion bool',
  LabelSelector: '1 matchLabels {string}, 2 matchExpressions [LabelSelectorRequirement]',
  LabelSelectorRequirement: '1 key string, 2 operator string, 3 values [string]',
  Namespace: '1 metadata ObjectMeta, 2 spec NamespaceSpec, 3 status NamespaceStatus',
  NamespaceSpec: '1 finalizers [string]',
  NamespaceStatus: '1 phase string',
  ConfigMap: '1 metadata ObjectMeta, 2 data {string}, 3 binaryData {bytes}, 4 immutable bool',
  Secret: '1 metadata ObjectMeta, 2 data {bytes}, 3 type string, 4 stringData {string}, 5 immutable bool',
  ServiceAccount:
    '1 metadata ObjectMeta, 2 secrets [ObjectReference], 3 imagePullSecrets [LocalObjectReference],' +
    '4 automountServiceAccountToken bool',
  ObjectReference:
    '1 kind string, 2 namespace string, 3 name string, 4 uid string, 5 apiVersion string, 6 resourceVersion string,' +
    '7 fieldPath string',
  LocalObjectReference: '1 name string',
  Service: '1 metadata ObjectMeta, 2 spec ServiceSpec, 3 status ServiceStatus',
  ServiceSpec:
    '1 ports [ServicePort], 2 selector {string}, 3 clusterIP string, 4 type string, 5 externalIPs [string],' +
    '7 sessionAffinity string, 8 loadBalancerIP string, 9 loadBalancerSourceRanges [string], 10 externalName string,' +
    '11 externalTrafficPolicy string, 12 healthCheckNodePort int, 13 publishNotReadyAddresses bool,' +
    '14 sessionAffinityConfig SessionAffinityConfig, 17 ipFamilyPolicy string, 18 clusterIPs [string],' +
    '19 ipFamilies [string], 20 allocateLoadBalancerNodePorts bool, 21 loadBalancerClass string,' +
    '22 internalTrafficPolicy string, 23 trafficDistribution string',
  ServicePort:
    '1 name string, 2 protocol string, 3 port int, 4 targetPort intOrString, 5 nodePort int, 6 appProtocol string',
  ServiceStatus: '1 loadBalancer LoadBalancerStatus',
  LoadBalancerStatus: '1 ingress [LoadBalancerIngress]',
  LoadBalancerIngress: '1 ip string, 2 hostname string, 3 ipMode string',
  SessionAffinityConfig: '1 clientIP ClientIPConfig',
  ClientIPConfig: '1 timeoutSeconds int',
  Deployment: '1 metadata ObjectMeta, 2 spec DeploymentSpec, 3 status DeploymentStatus',
  DeploymentSpec:
    '1 replicas int, 2 selector LabelSelector, 3 template PodTemplateSpec, 4 strategy DeploymentStrategy,' +
    '5 minReadySeconds int, 6 revisionHistoryLimit int, 7 paused bool, 9 progressDeadlineSeconds int',
  DeploymentStrategy: '1 type string, 2 rollingUpdate RollingUpdateDeployment',
  RollingUpdateDeployment: '1 maxUnavailable intOrString, 2 maxSurge intOrString',
  DeploymentStatus:
    '1 observedGeneration int, 2 replicas int, 3 updatedReplicas int, 4 availableReplicas int, 5 unavailableReplicas int,' +
    '6 conditions [DeploymentCondition], 7 readyReplicas int, 8 collisionCount int',
  DeploymentCondition:
    '1 type string, 2 status string, 4 reason string, 5 message string, 6 lastUpdateTime time, 7 lastTransitionTime time',
  PodTemplateSpec: '1 metadata ObjectMeta, 2 spec PodSpec',
  Pod: '1 metadata ObjectMeta, 2 spec PodSpec',
  PodSpec:
    '1 volumes [Volume], 2 containers [Container], 3 restartPolicy string, 4 terminationGracePeriodSeconds int,' +
    '5 activeDeadlineSeconds int, 6 dnsPolicy string, 7 nodeSelector {string}, 8 serviceAccountName string,' +
    '9 serviceAccount string, 10 nodeName string, 11 hostNetwork bool, 12 hostPID bool, 13 hostIPC bool,' +
    '14 securityContext PodSecurityContext, 15 imagePullSecrets [LocalObjectReference], 16 hostname string,' +
    '17 subdomain string, 19 schedulerName string, 20 initContainers [Container], 21 automountServiceAccountToken bool,' +
    '22 tolerations [Toleration], 24 priorityClassName string, 25 priority int, 27 shareProcessNamespace bool,' +
    '29 runtimeClassName string, 30 enableServiceLinks bool, 31 preemptionPolicy string',
  PodSecurityContext:
    '2 runAsUser int, 3 runAsNonRoot bool, 4 supplementalGroups [int], 5 fsGroup int, 6 runAsGroup int',
  Toleration: '1 key string, 2 operator string, 3 value string, 4 effect string, 5 tolerationSeconds int',
  Container:
    '1 name string, 2 image string, 3 command [string], 4 args [string], 5 workingDir string, 6 ports [ContainerPort],' +
    '7 env [EnvVar], 8 resources ResourceRequirements, 9 volumeMounts [VolumeMount], 13 terminationMessagePath string,' +
    '14 imagePullPolicy string, 15 securityContext SecurityContext, 16 stdin bool, 17 stdinOnce bool, 18 tty bool,' +
    '19 envFrom [EnvFromSource], 20 terminationMessagePolicy string',
  ContainerPort: '1 name string, 2 hostPort int, 3 containerPort int, 4 protocol string, 5 hostIP string',
  EnvVar: '1 name string, 2 value string, 3 valueFrom EnvVarSource',
  EnvVarSource:
    '1 fieldRef ObjectFieldSelector, 2 resourceFieldRef ResourceFieldSelector, 3 configMapKeyRef KeySelector,' +
    '4 secretKeyRef KeySelector',
  ObjectFieldSelector: '1 apiVersion string, 2 fieldPath string',
  ResourceFieldSelector: '1 containerName string, 2 resource string, 3 divisor quantity',
  KeySelector: '1 . LocalObjectReference, 2 key string, 3 optional bool',
  EnvFromSource: '1 prefix string, 2 configMapRef NamedSource, 3 secretRef NamedSource',
  NamedSource: '1 . LocalObjectReference, 2 optional bool',
  ResourceRequirements: '1 limits {quantity}, 2 requests {quantity}',
  VolumeMount:
    '1 name string, 2 readOnly bool, 3 mountPath string, 4 subPath string, 5 mountPropagation string, 6 subPathExpr string',
  SecurityContext:
    '2 privileged bool, 4 runAsUser int, 5 runAsNonRoot bool, 6 readOnlyRootFilesystem bool,' +
    '7 allowPrivilegeEscalation bool, 8 runAsGroup int',
  Volume: '1 name string, 2 . VolumeSource',
  VolumeSource:
    '1 hostPath HostPathVolumeSource, 2 emptyDir EmptyDirVolumeSource, 6 secret SecretVolumeSource,' +
    '10 persistentVolumeClaim ClaimSource, 19 configMap ConfigMapVolumeSource',
  HostPathVolumeSource: '1 path string, 2 type string',
  EmptyDirVolumeSource: '1 medium string, 2 sizeLimit quantity',
  SecretVolumeSource: '1 secretName string, 2 items [KeyToPath], 3 defaultMode int, 4 optional bool',
  ConfigMapVolumeSource: '1 . LocalObjectReference, 2 items [KeyToPath], 3 defaultMode int, 4 optional bool',
  KeyToPath: '1 key string, 2 path string, 3 mode int',
  ClaimSource: '1 claimName string, 2 readOnly bool',
  Job: '1 metadata ObjectMeta, 2 spec JobSpec',
  JobSpec:
    '1 parallelism int, 2 completions int, 3 activeDeadlineSeconds int, 4 selector LabelSelector, 5 manualSelector bool,' +
    '6 template PodTemplateSpec, 7 backoffLimit int, 8 ttlSecondsAfterFinished int, 9 completionMode string,' +
    '10 suspend bool',
  CronJob: '1 metadata ObjectMeta, 2 spec CronJobSpec',
  CronJobSpec:
    '1 schedule string, 2 startingDeadlineSeconds int, 3 concurrencyPolicy string, 4 suspend bool,' +
    '5 jobTemplate JobTemplateSpec, 6 successfulJobsHistoryLimit int, 7 failedJobsHistoryLimit int, 8 timeZone string',
  JobTemplateSpec: '1 metadata ObjectMeta, 2 spec JobSpec',
  Role: '1 metadata ObjectMeta, 2 rules [PolicyRule]',
  ClusterRole: '1 metadata ObjectMeta, 2 rules [PolicyRule], 3 aggregationRule AggregationRule',
  AggregationRule: '1 clusterRoleSelectors [LabelSelector]',
  PolicyRule:
    '1 verbs [string], 2 apiGroups [string], 3 resources [string], 4 resourceNames [string], 5 nonResourceURLs [string]',
  RoleBinding: '1 metadata ObjectMeta, 2 subjects [Subject], 3 roleRef RoleRef',
  ClusterRoleBinding: '1 metadata ObjectMeta, 2 subjects [Subject], 3 roleRef RoleRef',
  Subject: '1 kind string, 2 apiGroup string, 3 name string, 4 namespace string',
  RoleRef: '1 apiGroup string, 2 kind string, 3 name string',
  PodDisruptionBudget: '1 metadata ObjectMeta, 2 spec PodDisruptionBudgetSpec',
  PodDisruptionBudgetSpec:
    '1 minAvailable intOrString, 2 selector LabelSelector, 3 maxUnavailable intOrString, 4 unhealthyPodEvictionPolicy string',
  ResourceQuota: '1 metadata ObjectMeta, 2 spec ResourceQuotaSpec',
  ResourceQuotaSpec: '1 hard {quantity}, 2 scopes [string]',
  PriorityClass:
    '1 metadata ObjectMeta, 2 value int, 3 globalDefault bool, 4 description string, 5 preemptionPolicy string',
  Ingress: '1 metadata ObjectMeta, 2 spec IngressSpec',
  IngressSpec: '1 defaultBackend IngressBackend, 2 tls [IngressTLS], 3 rules [IngressRule], 4 ingressClassName string',
  IngressTLS: '1 hosts [string], 2 secretName string',
  IngressRule: '1 host string, 2 . IngressRuleValue',
  IngressRuleValue: '1 http HTTPIngressRuleValue',
  HTTPIngressRuleValue: '1 paths [HTTPIngressPath]',
  HTTPIngressPath: '1 path string, 2 backend IngressBackend, 3 pathType string',
  IngressBackend: '3 resource TypedLocalObjectReference, 4 service IngressServiceBackend',
  TypedLocalObjectReference: '1 apiGroup string, 2 kind string, 3 name string',
  IngressServiceBackend: '1 name string, 2 port ServiceBackendPort',
  ServiceBackendPort: '1 name string, 2 number int',
  HorizontalPodAutoscaler: '1 metadata ObjectMeta, 2 spec HorizontalPodAutoscalerSpec',
  HorizontalPodAutoscalerSpec:
    '1 scaleTargetRef CrossVersionObjectReference, 2 minReplicas int, 3 maxReplicas int, 4 metrics [MetricSpec]',
  'autoscaling/v1.HorizontalPodAutoscaler': '1 metadata ObjectMeta, 2 spec ScalerSpecV1',
  ScalerSpecV1:
    '1 scaleTargetRef CrossVersionObjectReference, 2 minReplicas int, 3 maxReplicas int, 4 targetCPUUtilizationPercentage int',
  CrossVersionObjectReference: '1 kind string, 2 name string, 3 apiVersion string',
  MetricSpec: '1 type string, 3 resource ResourceMetricSource',
  ResourceMetricSource: '1 name string, 2 target MetricTarget',
  MetricTarget: '1 type string, 2 value quantity, 3 averageValue quantity, 4 averageUtilization int',
  SelfSubjectAccessReview: '1 metadata ObjectMeta, 2 spec SelfSubjectAccessReviewSpec',
  SelfSubjectAccessReviewSpec: '1 resourceAttributes ResourceAttributes, 2 nonResourceAttributes NonResourceAttributes',
  SubjectAccessReview: '1 metadata ObjectMeta, 2 spec SubjectAccessReviewSpec',
  SubjectAccessReviewSpec:
    '1 resourceAttributes ResourceAttributes, 2 nonResourceAttributes NonResourceAttributes, 3 user string,' +
    '4 groups [string], 5 extra {strings}, 6 uid string',
  ResourceAttributes:
    '1 namespace string, 2 verb string, 3 group string, 4 version string, 5 resource string, 6 subresource string,' +
    '7 name string',
  NonResourceAttributes: '1 path string, 2 verb string',
  SelfSubjectRulesReview: '1 metadata ObjectMeta, 2 spec SelfSubjectRulesReviewSpec',
  SelfSubjectRulesReviewSpec: '1 namespace string',
  SelfSubjectReview: '1 metadata ObjectMeta',
  TokenRequest: '1 metadata ObjectMeta, 2 spec TokenRequestSpec',
  TokenRequestSpec: '1 audiences [string], 3 boundObjectRef BoundObjectReference, 4 expirationSeconds int',
  BoundObjectReference: '1 kind string, 2 apiVersion string, 3 name string, 4 uid string',
  Eviction: '1 metadata ObjectMeta, 2 deleteOptions DeleteOptions',
  DeleteOptions:
    '1 gracePeriodSeconds int, 2 preconditions Preconditions, 3 orphanDependents bool, 4 propagationPolicy string,' +
    '5 dryRun [string]',
  Preconditions: '1 uid string, 2 resourceVersion string',
  Scale: '1 metadata ObjectMeta, 2 spec ScaleSpec',
  ScaleSpec: '1 replicas int',
  Lease: '1 metadata ObjectMeta, 2 spec LeaseSpec',
  LeaseSpec:
    '1 holderIdentity string, 2 leaseDurationSeconds int, 3 acquireTime time, 4 renewTime time, 5 leaseTransitions int',
  Binding: '1 metadata ObjectMeta, 2 target ObjectReference',
};

export const messages: Readonly<Record<string, MessageType>> = Object.fromEntries(
  Object.entries(TEXTS).map(([name, text]) => [name, message(text)]),
);
