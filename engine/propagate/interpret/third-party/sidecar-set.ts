// OpenKruise's SidecarSet: it has no pods of its own, and is counted by those that it reaches.
import type { KubeObject } from '../../../kube/meta.ts';
import { type Fields, fieldsAt, listAt, numberAt, valueAt } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf, sumOf } from '../native/generation.ts';
import { podReferences } from '../native/pod-references.ts';
import { sortedReferences } from './pods.ts';
import { type Statuses, withStatus } from './status.ts';

export const sidecarSet: KindInterpreter = {
  replicas: () => ({ replicas: 0, requirements: null }),
  retain: (desired) => desired,
  reflect: (object) => {
    const status = fieldsAt(object, 'status');
    return status === undefined ? {} : countersOf([status]);
  },
  aggregate: (object, items) => withStatus(object, countersOf(statusesOf(items))),
  healthy: (object) => {
    const status = fieldsAt(object, 'status');
    if (status === undefined) return false;
    const matched = numberAt(status, 'matchedPods') ?? 0;
    return matched === 0 || matched === (numberAt(status, 'updatedPods') ?? 0);
  },
  dependencies: (object) => sortedReferences(podReferences(injectedInto(object), object.metadata.namespace)),
};

const countersOf = (statuses: Statuses): Fields => ({
  matchedPods: sumOf(statuses, 'matchedPods'),
  updatedPods: sumOf(statuses, 'updatedPods'),
  readyPods: sumOf(statuses, 'readyPods'),
});

/** What a pod gets that follows its objects: containers, and volumes of config maps and secrets. */
function injectedInto(object: KubeObject): Fields {
  const sources = ['configMap', 'secret', 'projected'];
  const volumes = listAt(object, 'spec', 'volumes');
  return {
    containers: valueAt(object, 'spec', 'containers'),
    volumes: volumes.filter((volume) => sources.some((source) => valueAt(volume, source) !== undefined)),
  };
}
