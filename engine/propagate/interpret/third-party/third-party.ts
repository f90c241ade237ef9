// The kinds of other projects that Karmada knows by heart, by API version and kind.
import type { InterpreterLayer, KindInterpreter } from '../interpreter.ts';
import { flinkDeployment } from './flink-deployment.ts';
import { helmRelease, kustomization } from './flux-releases.ts';
import { bucket, gitRepository, helmChart, helmRepository, ociRepository } from './flux-sources.ts';
import { advancedCronJob, broadcastJob } from './kruise-jobs.ts';
import { cloneSet, daemonSet, statefulSet, unitedDeployment } from './kruise-workloads.ts';
import { kyvernoPolicy } from './kyverno.ts';
import { mpiJob } from './mpi-job.ts';
import { notebook } from './notebook.ts';
import { rayCluster } from './ray-cluster.ts';
import { rayJob } from './ray-job.ts';
import { rayService } from './ray-service.ts';
import { sidecarSet } from './sidecar-set.ts';
import { sparkApplication } from './spark-application.ts';
import { pyTorchJob, tfJob } from './training-jobs.ts';
import { volcanoJob } from './volcano-job.ts';
import { workflow } from './workflow.ts';

const KINDS: Readonly<Record<string, Readonly<Record<string, KindInterpreter>>>> = {
  'apps.kruise.io/v1alpha1': {
    AdvancedCronJob: advancedCronJob,
    BroadcastJob: broadcastJob,
    CloneSet: cloneSet,
    DaemonSet: daemonSet,
    SidecarSet: sidecarSet,
    UnitedDeployment: unitedDeployment,
  },
  'apps.kruise.io/v1beta1': { StatefulSet: statefulSet },
  'argoproj.io/v1alpha1': { Workflow: workflow },
  'batch.volcano.sh/v1alpha1': { Job: volcanoJob },
  'flink.apache.org/v1beta1': { FlinkDeployment: flinkDeployment },
  'helm.toolkit.fluxcd.io/v2beta1': { HelmRelease: helmRelease },
  'kubeflow.org/v1': { Notebook: notebook, PyTorchJob: pyTorchJob, TFJob: tfJob },
  'kubeflow.org/v2beta1': { MPIJob: mpiJob },
  'kustomize.toolkit.fluxcd.io/v1': { Kustomization: kustomization },
  'kyverno.io/v1': { ClusterPolicy: kyvernoPolicy, Policy: kyvernoPolicy },
  'ray.io/v1': { RayCluster: rayCluster, RayJob: rayJob, RayService: rayService },
  'source.toolkit.fluxcd.io/v1': { GitRepository: gitRepository },
  'source.toolkit.fluxcd.io/v1beta2': {
    Bucket: bucket,
    HelmChart: helmChart,
    HelmRepository: helmRepository,
    OCIRepository: ociRepository,
  },
  'sparkoperator.k8s.io/v1beta2': { SparkApplication: sparkApplication },
};

/** By API version first: Kubernetes' own kinds are asked for more often than all others, and end at the first look. */
const BY_VERSION: ReadonlyMap<string, ReadonlyMap<string, KindInterpreter>> = new Map(
  Object.entries(KINDS).map(([apiVersion, kinds]) => [apiVersion, new Map(Object.entries(kinds))]),
);

export const thirdPartyLayer: InterpreterLayer = (apiVersion, kind) => BY_VERSION.get(apiVersion)?.get(kind) ?? null;
