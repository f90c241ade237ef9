// The built-in kinds in the order of discovery: one group version a heading, one resource a line.
//
//   plural singular Kind scope, then: verbs= where not all, short= names, in= categories, sub= subresources
//   as name, name=group/version/Kind where it speaks another kind, name:verb+verb where not get, patch and update.
export const builtinKinds = `
v1:
  bindings binding Binding namespaced verbs=create
  componentstatuses componentstatus ComponentStatus cluster verbs=get,list short=cs
  configmaps configmap ConfigMap namespaced short=cm
  endpoints endpoints Endpoints namespaced short=ep
  events event Event namespaced short=ev
  limitranges limitrange LimitRange namespaced short=limits
  namespaces namespace Namespace cluster verbs=create,delete,get,list,patch,update,watch short=ns sub=finalize:update,status
  nodes node Node cluster short=no sub=proxy=NodeProxyOptions:create+delete+get+patch+update,status
  persistentvolumeclaims persistentvolumeclaim PersistentVolumeClaim namespaced short=pvc sub=status
  persistentvolumes persistentvolume PersistentVolume cluster short=pv sub=status
  pods pod Pod namespaced short=po in=all sub=attach=PodAttachOptions:create+get,binding=Binding:create,ephemeralcontainers,eviction=policy/v1/Eviction:create,exec=PodExecOptions:create+get,log:get,portforward=PodPortForwardOptions:create+get,proxy=PodProxyOptions:create+delete+get+patch+update,resize,status
  podtemplates podtemplate PodTemplate namespaced
  replicationcontrollers replicationcontroller ReplicationController namespaced short=rc in=all sub=scale=autoscaling/v1/Scale,status
  resourcequotas resourcequota ResourceQuota namespaced short=quota sub=status
  secrets secret Secret namespaced
  serviceaccounts serviceaccount ServiceAccount namespaced short=sa sub=token=authentication.k8s.io/v1/TokenRequest:create
  services service Service namespaced short=svc in=all sub=proxy=ServiceProxyOptions:create+delete+get+patch+update,status
apiregistration.k8s.io/v1:
  apiservices apiservice APIService cluster in=api-extensions sub=status
apps/v1:
  controllerrevisions controllerrevision ControllerRevision namespaced
  daemonsets daemonset DaemonSet namespaced short=ds in=all sub=status
  deployments deployment Deployment namespaced short=deploy in=all sub=scale=autoscaling/v1/Scale,status
  replicasets replicaset ReplicaSet namespaced short=rs in=all sub=scale=autoscaling/v1/Scale,status
  statefulsets statefulset StatefulSet namespaced short=sts in=all sub=scale=autoscaling/v1/Scale,status
events.k8s.io/v1:
  events event Event namespaced short=ev
authentication.k8s.io/v1:
  selfsubjectreviews selfsubjectreview SelfSubjectReview cluster verbs=create
  tokenreviews tokenreview TokenReview cluster verbs=create
authorization.k8s.io/v1:
  localsubjectaccessreviews localsubjectaccessreview LocalSubjectAccessReview namespaced verbs=create
  selfsubjectaccessreviews selfsubjectaccessreview SelfSubjectAccessReview cluster verbs=create
  selfsubjectrulesreviews selfsubjectrulesreview SelfSubjectRulesReview cluster verbs=create
  subjectaccessreviews subjectaccessreview SubjectAccessReview cluster verbs=create
autoscaling/v2:
  horizontalpodautoscalers horizontalpodautoscaler HorizontalPodAutoscaler namespaced short=hpa in=all sub=status
autoscaling/v1:
  horizontalpodautoscalers horizontalpodautoscaler HorizontalPodAutoscaler namespaced short=hpa in=all sub=status
batch/v1:
  cronjobs cronjob CronJob namespaced short=cj in=all sub=status
  jobs job Job namespaced in=all sub=status
certificates.k8s.io/v1:
  certificatesigningrequests certificatesigningrequest CertificateSigningRequest cluster short=csr sub=approval,status
networking.k8s.io/v1:
  ingressclasses ingressclass IngressClass cluster
  ingresses ingress Ingress namespaced short=ing sub=status
  ipaddresses ipaddress IPAddress cluster short=ip
  networkpolicies networkpolicy NetworkPolicy namespaced short=netpol
  servicecidrs servicecidr ServiceCIDR cluster sub=status
policy/v1:
  poddisruptionbudgets poddisruptionbudget PodDisruptionBudget namespaced short=pdb sub=status
rbac.authorization.k8s.io/v1:
  clusterrolebindings clusterrolebinding ClusterRoleBinding cluster
  clusterroles clusterrole ClusterRole cluster
  rolebindings rolebinding RoleBinding namespaced
  roles role Role namespaced
storage.k8s.io/v1:
  csidrivers csidriver CSIDriver cluster
  csinodes csinode CSINode cluster
  csistoragecapacities csistoragecapacity CSIStorageCapacity namespaced
  storageclasses storageclass StorageClass cluster short=sc
  volumeattachments volumeattachment VolumeAttachment cluster sub=status
  volumeattributesclasses volumeattributesclass VolumeAttributesClass cluster short=vac
admissionregistration.k8s.io/v1:
  mutatingwebhookconfigurations mutatingwebhookconfiguration MutatingWebhookConfiguration cluster in=api-extensions
  validatingadmissionpolicies validatingadmissionpolicy ValidatingAdmissionPolicy cluster in=api-extensions sub=status
  validatingadmissionpolicybindings validatingadmissionpolicybinding ValidatingAdmissionPolicyBinding cluster in=api-extensions
  validatingwebhookconfigurations validatingwebhookconfiguration ValidatingWebhookConfiguration cluster in=api-extensions
apiextensions.k8s.io/v1:
  customresourcedefinitions customresourcedefinition CustomResourceDefinition cluster short=crd,crds in=api-extensions sub=status
scheduling.k8s.io/v1:
  priorityclasses priorityclass PriorityClass cluster short=pc
coordination.k8s.io/v1:
  leases lease Lease namespaced
node.k8s.io/v1:
  runtimeclasses runtimeclass RuntimeClass cluster
discovery.k8s.io/v1:
  endpointslices endpointslice EndpointSlice namespaced
flowcontrol.apiserver.k8s.io/v1:
  flowschemas flowschema FlowSchema cluster sub=status
  prioritylevelconfigurations prioritylevelconfiguration PriorityLevelConfiguration cluster sub=status
`;
