// Which rules each built-in kind answers to, on creation and on change.
import {
  type FieldError,
  type KubeObject,
  labelName,
  type NameRule,
  pathSegmentName,
  required,
  serviceName,
  subdomainName,
} from '../../../../engine/index.ts';
import { read } from '../cells.ts';
import { signingRequestProblems } from './certificates.ts';
import { fieldsOf, forbiddenOnChange, immutable } from './change.ts';
import { claimChange, claimProblems, podChange } from './claim-and-pod.ts';
import { contentChangeProblems, contentProblems, secretProblems } from './content.ts';
import { definitionChangeProblems, definitionNameProblems, definitionProblems } from './definition.ts';
import { cronJobProblems, jobChange, jobSpecProblems } from './jobs.ts';
import { budgetProblems, eventProblems, scalerProblems } from './limits.ts';
import { notNegative, podSpecProblems } from './pod-spec.ts';
import { bindingChange, bindingProblems, roleProblems } from './roles.ts';
import { ingressProblems, serviceChange, serviceProblems } from './traffic.ts';
import {
  daemonSetProblems,
  deploymentChange,
  deploymentProblems,
  deploymentStatusProblems,
  replicaSetProblems,
  statefulSetChange,
  statefulSetProblems,
  templateProblems,
} from './workloads.ts';

type Check = (next: KubeObject) => FieldError[];

type ChangeCheck = (next: KubeObject, old: KubeObject) => FieldError[];

const CHECKS: Readonly<Record<string, Check>> = {
  '/ConfigMap': contentProblems,
  '/Secret': secretProblems,
  '/Service': serviceProblems,
  '/Pod': (object) => podSpecProblems(fieldsOf(object.spec), 'spec'),
  '/PodTemplate': (object) => templateProblems(fieldsOf(object.template), 'template'),
  '/PersistentVolumeClaim': claimProblems,
  '/Event': eventProblems,
  '/ReplicationController': (object) => notNegative(read(object, 'spec.replicas'), 'spec.replicas'),
  'apps/Deployment': deploymentProblems,
  'apps/StatefulSet': statefulSetProblems,
  'apps/DaemonSet': daemonSetProblems,
  'apps/ReplicaSet': replicaSetProblems,
  'batch/Job': (object) => jobSpecProblems(fieldsOf(object.spec), 'spec'),
  'batch/CronJob': cronJobProblems,
  'autoscaling/HorizontalPodAutoscaler': scalerProblems,
  'policy/PodDisruptionBudget': budgetProblems,
  'certificates.k8s.io/CertificateSigningRequest': signingRequestProblems,
  'networking.k8s.io/Ingress': ingressProblems,
  'rbac.authorization.k8s.io/Role': roleProblems,
  'rbac.authorization.k8s.io/ClusterRole': roleProblems,
  'rbac.authorization.k8s.io/RoleBinding': bindingProblems,
  'rbac.authorization.k8s.io/ClusterRoleBinding': bindingProblems,
  'apiextensions.k8s.io/CustomResourceDefinition': definitionProblems,
  'storage.k8s.io/StorageClass': (object) => (object.provisioner ? [] : [required('provisioner')]),
};

const CHANGE_CHECKS: Readonly<Record<string, ChangeCheck>> = {
  '/ConfigMap': contentChangeProblems,
  '/Secret': (next, old) => [...immutable(next.type, old.type, 'type'), ...contentChangeProblems(next, old)],
  '/Service': serviceChange,
  '/Pod': podChange,
  '/PersistentVolumeClaim': claimChange,
  'apps/Deployment': deploymentChange,
  'apps/DaemonSet': deploymentChange,
  'apps/ReplicaSet': deploymentChange,
  'apps/StatefulSet': statefulSetChange,
  'batch/Job': jobChange,
  'apiextensions.k8s.io/CustomResourceDefinition': definitionChangeProblems,
  'rbac.authorization.k8s.io/RoleBinding': bindingChange,
  'rbac.authorization.k8s.io/ClusterRoleBinding': bindingChange,
  'storage.k8s.io/StorageClass': (next, old) => [
    ...forbiddenOnChange(next.parameters, old.parameters, 'parameters', 'updates to parameters are forbidden.'),
    ...immutable(next.provisioner, old.provisioner, 'provisioner'),
    ...immutable(next.reclaimPolicy, old.reclaimPolicy, 'reclaimPolicy'),
    ...immutable(next.volumeBindingMode, old.volumeBindingMode, 'volumeBindingMode'),
  ],
  'scheduling.k8s.io/PriorityClass': (next, old) =>
    forbiddenOnChange(next.value, old.value, 'value', 'may not be changed in an update.'),
};

const NAME_RULES: Readonly<Record<string, NameRule>> = {
  '/Namespace': labelName,
  '/Service': serviceName,
  'rbac.authorization.k8s.io/Role': pathSegmentName,
  'rbac.authorization.k8s.io/ClusterRole': pathSegmentName,
  'rbac.authorization.k8s.io/RoleBinding': pathSegmentName,
  'rbac.authorization.k8s.io/ClusterRoleBinding': pathSegmentName,
};

const key = (group: string, kind: string) => `${group}/${kind}`;

export const nameRuleOf = (group: string, kind: string): NameRule => NAME_RULES[key(group, kind)] ?? subdomainName;

/** What holds only while an object is made. */
export const kindCreationProblems = (group: string, kind: string, next: KubeObject): FieldError[] =>
  key(group, kind) === 'apiextensions.k8s.io/CustomResourceDefinition' ? definitionNameProblems(next) : [];

export const kindProblems = (group: string, kind: string, next: KubeObject): FieldError[] =>
  CHECKS[key(group, kind)]?.(next) ?? [];

export const kindChangeProblems = (group: string, kind: string, next: KubeObject, old: KubeObject): FieldError[] =>
  CHANGE_CHECKS[key(group, kind)]?.(next, old) ?? [];

/** What a write to the status alone must satisfy. */
export const statusProblems = (group: string, kind: string, next: KubeObject): FieldError[] =>
  key(group, kind) === 'apps/Deployment' ? deploymentStatusProblems(next) : [];
