// KubeRay's RayJob: a Ray cluster made for one job.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { type Fields, fieldsAt, textAt } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf } from '../native/generation.ts';
import { gravest } from './gravity.ts';
import { templatesReferences } from './pods.ts';
import { rayComponents, rayTemplatesOf } from './ray-groups.ts';
import { soleStatus, withStatus } from './status.ts';

/** The graver, the later; one that is not listed is as grave as none. */
const DEPLOYMENT_GRAVITY = new Map([
  ['Initializing', 1],
  ['Waiting', 2],
  ['Suspending', 3],
  ['Suspended', 3],
  ['Retrying', 4],
  ['Running', 5],
  ['Complete', 6],
  ['ValidationFailed', 7],
  ['Failed', 8],
]);
const JOB_GRAVITY = new Map([
  ['PENDING', 1],
  ['RUNNING', 2],
  ['SUCCEEDED', 3],
  ['STOPPED', 4],
  ['FAILED', 5],
]);

export const rayJob: KindInterpreter = {
  components: (object) => rayComponents(clusterOf(object)),
  aggregate: aggregateStatus,
  healthy: (object) => {
    const deployment = textAt(object, 'status', 'jobDeploymentStatus');
    return (
      deployment === 'Running' || (deployment === 'Complete' && textAt(object, 'status', 'jobStatus') === 'SUCCEEDED')
    );
  },
  dependencies: (object) =>
    templatesReferences(object, [
      ...rayTemplatesOf(clusterOf(object)),
      fieldsAt(object, 'spec', 'submitterPodTemplate'),
    ]),
};

const clusterOf = (object: KubeObject): Fields => fieldsAt(object, 'spec', 'rayClusterSpec') ?? {};

function aggregateStatus(object: KubeObject, items: readonly AggregatedStatusItem[]): KubeObject {
  const statuses = statusesOf(items);
  const sole = soleStatus(statuses);
  if (sole !== null) return withStatus(object, sole);
  const deployment = gravest(statuses, 'jobDeploymentStatus', DEPLOYMENT_GRAVITY);
  return withStatus(object, {
    ...fieldsAt(object, 'status'),
    jobStatus: gravest(statuses, 'jobStatus', JOB_GRAVITY)?.jobStatus,
    jobDeploymentStatus: deployment?.jobDeploymentStatus,
    reason: deployment?.reason,
    message: deployment?.message,
  });
}
