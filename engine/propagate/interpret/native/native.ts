// The kinds that Karmada knows by heart, by API version and kind.
import type { InterpreterLayer, KindInterpreter } from '../interpreter.ts';
import { horizontalPodAutoscaler } from './autoscaler.ts';
import { secret, serviceAccount } from './credentials.ts';
import { cronJob } from './cron-job.ts';
import { daemonSet } from './daemon-set.ts';
import { deployment } from './deployment.ts';
import { podDisruptionBudget } from './disruption-budget.ts';
import { ingress } from './ingress.ts';
import { job } from './job.ts';
import { pod } from './pod.ts';
import { replicaSet } from './replica-set.ts';
import { service } from './service.ts';
import { serviceImport } from './service-import.ts';
import { statefulSet } from './stateful-set.ts';
import { persistentVolume, persistentVolumeClaim } from './volume.ts';

const NATIVE_KINDS: ReadonlyMap<string, KindInterpreter> = new Map([
  ['apps/v1 DaemonSet', daemonSet],
  ['apps/v1 Deployment', deployment],
  ['apps/v1 ReplicaSet', replicaSet],
  ['apps/v1 StatefulSet', statefulSet],
  ['autoscaling/v2 HorizontalPodAutoscaler', horizontalPodAutoscaler],
  ['batch/v1 CronJob', cronJob],
  ['batch/v1 Job', job],
  ['multicluster.x-k8s.io/v1alpha1 ServiceImport', serviceImport],
  ['networking.k8s.io/v1 Ingress', ingress],
  ['policy/v1 PodDisruptionBudget', podDisruptionBudget],
  ['v1 PersistentVolume', persistentVolume],
  ['v1 PersistentVolumeClaim', persistentVolumeClaim],
  ['v1 Pod', pod],
  ['v1 Secret', secret],
  ['v1 Service', service],
  ['v1 ServiceAccount', serviceAccount],
]);

export const nativeLayer: InterpreterLayer = (apiVersion, kind) => NATIVE_KINDS.get(`${apiVersion} ${kind}`) ?? null;
