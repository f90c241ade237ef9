// What built-in kinds and their most used fields are for, in a sentence each; `kubectl explain` shows them.

/** "Type: sentence" for types, "Type.field: sentence" for fields of one type, ".field: sentence" for all others of that name. */
const TEXT = `
Binding: Puts a pod on a node.
ConfigMap: Plain data that workloads read.
ControllerRevision: One version of what a controller rolled out.
CronJob: Makes jobs by the clock.
CustomResourceDefinition: Adds a kind to the API.
CSIDriver: What a driver of volumes can do.
CSINode: The drivers of volumes on a node.
CSIStorageCapacity: How much room a driver of volumes has left.
DaemonSet: Keeps one pod on every node that its template allows.
Deployment: Keeps so many pods of a template, and replaces them step by step when the template changes.
EndpointSlice: Some of the addresses behind a service.
Endpoints: The addresses behind a service.
Event: Something that happened to an object.
FlowSchema: Which requests belong to which level of priority.
HorizontalPodAutoscaler: Scales a workload by what is measured of it.
IPAddress: An address that a service has taken.
Ingress: Leads requests from outside to services, by host and path.
IngressClass: Who carries out ingresses of a class.
Job: Runs pods until enough of them have succeeded.
Lease: Who leads, and until when.
LimitRange: What pods of a namespace may ask for, and what they get if they ask for nothing.
LocalSubjectAccessReview: Asks whether somebody may do something in a namespace.
MutatingWebhookConfiguration: Who is asked to change objects before they are stored.
Namespace: A room for objects, in which names are unique.
NetworkPolicy: Which traffic pods allow.
Node: A machine that pods run on.
PersistentVolume: A piece of storage.
PersistentVolumeClaim: Asks for a piece of storage.
Pod: Containers that run together on one node.
PodDisruptionBudget: How many pods must stay when others are moved on purpose.
PodTemplate: A template that pods are made from.
PriorityClass: How important pods are.
PriorityLevelConfiguration: How much of the server a level of priority gets.
ReplicaSet: Keeps so many pods of a template.
ReplicationController: Keeps so many pods of a template; its successor is the ReplicaSet.
ResourceQuota: What a namespace may use altogether.
Role: What may be done in a namespace, by whom it is bound to.
RoleBinding: Who has a role in a namespace.
ClusterRole: What may be done anywhere, by whom it is bound to.
ClusterRoleBinding: Who has a role everywhere.
RuntimeClass: How containers of a class are run.
Secret: Data that not everybody should see.
SelfSubjectAccessReview: Asks whether the user may do something.
SelfSubjectReview: Tells the user who they are.
SelfSubjectRulesReview: Tells what the user may do in a namespace.
Service: One address for many pods.
ServiceAccount: Who the processes in a pod are to the API.
StatefulSet: Keeps so many pods, each with a name and volumes of its own.
StorageClass: How storage of a class is made.
SubjectAccessReview: Asks whether somebody may do something.
TokenReview: Asks whose a token is.
ValidatingAdmissionPolicy: Rules that objects must hold to be stored.
ValidatingWebhookConfiguration: Who is asked whether objects may be stored.
VolumeAttachment: A volume that is attached to a node, or to be.
APIService: Who serves one version of an API group.
CertificateSigningRequest: Asks for a certificate.

.apiVersion: The API group and version in which the object is written.
.kind: The kind of the object.
.metadata: Name, labels and all else that every object has.
.spec: What is wished.
.status: What was last observed.
.name: Its name.
.namespace: The namespace that it is in.
.labels: Marks by which it is selected.
.annotations: Notes that nothing is selected by.
.conditions: What holds of it right now, one aspect an entry.
.replicas: How many there are to be.
.selector: Which objects are meant, by their labels.
.template: What new pods look like.
.matchLabels: Labels that must be there with these values.
.matchExpressions: Further demands on labels.
.ports: The ports, one an entry.
.type: Which sort it is.
.reason: Why, as one word for programs.
.message: Why, as a sentence for people.
.lastTransitionTime: When its status last changed.
.observedGeneration: The generation of the object that this was said of.
.key: The key.
.value: The value.
.operator: How the key and the values are held against each other.
.effect: What happens to what does not fit.
.namespaceSelector: The namespaces that are meant, by their labels.
ObjectMeta.creationTimestamp: When it was made.
ObjectMeta.deletionTimestamp: When its deletion was asked for; it goes when its finalizers are gone.
ObjectMeta.deletionGracePeriodSeconds: How long it has to end by itself.
ObjectMeta.finalizers: What has to be done before it is gone; each name is taken away by who did it.
ObjectMeta.generateName: The beginning of a name that the server completes.
ObjectMeta.generation: How often what is wished of it changed.
ObjectMeta.managedFields: Who wrote which of its fields.
ObjectMeta.ownerReferences: The objects that it goes with.
ObjectMeta.resourceVersion: The revision of the store at which it was written.
ObjectMeta.uid: Its identity, which no later object of the same name has.
DeploymentSpec.minReadySeconds: How long a new pod must be ready before it counts as available.
DeploymentSpec.paused: Whether changes of the template wait.
DeploymentSpec.progressDeadlineSeconds: How long a rollout may stand still before it counts as failed.
DeploymentSpec.revisionHistoryLimit: How many old versions are kept to go back to.
DeploymentSpec.strategy: How pods of the old template give way to new ones.
DeploymentStrategy.type: Recreate, or RollingUpdate, which keeps most pods running.
RollingUpdateDeployment.maxSurge: How many pods there may be beyond the wished ones, as a number or a share.
RollingUpdateDeployment.maxUnavailable: How many pods may be missing meanwhile, as a number or a share.
StatefulSetSpec.serviceName: The service that gives the pods their names.
StatefulSetSpec.volumeClaimTemplates: The claims that each pod gets of its own.
JobSpec.completions: How many pods have to succeed.
JobSpec.parallelism: How many pods run at a time.
JobSpec.backoffLimit: How many pods may fail before the job does.
JobSpec.ttlSecondsAfterFinished: How long the job is kept when it is done.
CronJobSpec.schedule: When, as cron writes it.
CronJobSpec.concurrencyPolicy: What happens when the last job still runs: Allow, Forbid or Replace.
PodSpec.containers: The containers.
PodSpec.initContainers: Containers that run to their end, one after the other, before the others start.
PodSpec.ephemeralContainers: Containers for looking around, added while the pod runs.
PodSpec.volumes: The volumes that containers can mount.
PodSpec.nodeName: The node that it runs on.
PodSpec.nodeSelector: The labels that the node must have.
PodSpec.affinity: Further wishes as to the node, and to other pods on it.
PodSpec.tolerations: The taints of nodes that do not matter.
PodSpec.restartPolicy: When containers are started again: Always, OnFailure or Never.
PodSpec.serviceAccountName: Who its processes are to the API.
PodSpec.priorityClassName: How important it is.
PodSpec.schedulerName: The scheduler that picks the node.
PodSpec.terminationGracePeriodSeconds: How long it has to end by itself.
PodSpec.topologySpreadConstraints: How evenly such pods spread over nodes.
PodSpec.imagePullSecrets: The secrets by which images are fetched.
Container.image: What it runs.
Container.command: The program, in place of the image's own.
Container.args: What the program is told.
Container.env: The environment, one variable an entry.
Container.envFrom: Where further variables come from.
Container.resources: What it asks for, and what it may use at most.
Container.volumeMounts: Where volumes appear in it.
Container.livenessProbe: How it is found to hang; it is started again then.
Container.readinessProbe: How it is found to be ready for requests.
Container.startupProbe: How it is found to have started; other probes wait for that.
Container.imagePullPolicy: When the image is fetched: Always, IfNotPresent or Never.
Container.securityContext: Which rights its processes have.
Container.workingDir: The folder that the program starts in.
ResourceRequirements.requests: What is asked for.
ResourceRequirements.limits: What may be used at most.
ServiceSpec.clusterIP: The address; None for no single one.
ServiceSpec.externalName: The name outside that it stands for.
ServiceSpec.sessionAffinity: Whether a client keeps the pod that it got.
ServicePort.port: The port of the service.
ServicePort.targetPort: The port of the pods, as a number or a name.
ServicePort.nodePort: The port on every node.
ServicePort.protocol: TCP, UDP or SCTP.
ConfigMap.data: The data, as text.
ConfigMap.binaryData: The data, as bytes in base64.
ConfigMap.immutable: Whether it stays as it is for good.
Secret.data: The data, in base64.
Secret.stringData: The data as text, for writing only.
Secret.immutable: Whether it stays as it is for good.
IngressSpec.rules: Which requests go where.
IngressSpec.tls: The certificates.
IngressSpec.ingressClassName: Who carries it out.
PolicyRule.apiGroups: The API groups.
PolicyRule.resources: The resources, by their plural names.
PolicyRule.resourceNames: Only objects of these names.
PolicyRule.verbs: What may be done.
PolicyRule.nonResourceURLs: Paths of the server that are no resources.
RoleBinding.roleRef: The role.
RoleBinding.subjects: Who has it.
ClusterRoleBinding.roleRef: The role.
ClusterRoleBinding.subjects: Who has it.
HorizontalPodAutoscalerSpec.minReplicas: The fewest replicas.
HorizontalPodAutoscalerSpec.maxReplicas: The most replicas.
HorizontalPodAutoscalerSpec.metrics: What is measured, and what it should come to.
HorizontalPodAutoscalerSpec.scaleTargetRef: The workload.
PodDisruptionBudgetSpec.minAvailable: How many must stay, as a number or a share.
PodDisruptionBudgetSpec.maxUnavailable: How many may be missing, as a number or a share.
NodeSpec.taints: Marks that keep away pods that do not tolerate them.
NodeSpec.unschedulable: Whether new pods are kept away.
PersistentVolumeClaimSpec.accessModes: How many may mount it, and for what.
PersistentVolumeClaimSpec.storageClassName: The class of the storage.
CustomResourceDefinitionSpec.group: The API group.
CustomResourceDefinitionSpec.names: What the kind is called.
CustomResourceDefinitionSpec.scope: Whether objects are in namespaces: Namespaced or Cluster.
CustomResourceDefinitionSpec.versions: The versions, each with its schema.
`;

const KNOWN: ReadonlyMap<string, string> = new Map(
  TEXT.trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)] as const;
    }),
);

/** Undefined where nothing is known. */
export const describeType = (type: string): string | undefined => KNOWN.get(type);

export const describeField = (type: string, field: string): string | undefined =>
  KNOWN.get(`${type}.${field}`) ?? KNOWN.get(`.${field}`);
