// Pods: one replica each; in the hub a pod is in the worst phase that any cluster reports.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import { deepEqual } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { booleanAt, type Fields, fieldsAt, listAt, mapList, textAt, valueAt, withValue } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf } from './generation.ts';
import { worstPhase } from './phase.ts';
import { podReferences } from './pod-references.ts';
import { podRequirements } from './pod-requirements.ts';
import { retyped } from './typed.ts';

export const pod: KindInterpreter = {
  replicas: (object) => ({ replicas: 1, requirements: podRequirements(fieldsAt(object, 'spec') ?? {}) }),
  retain: retainScheduling,
  aggregate: aggregateStatus,
  healthy: isHealthy,
  dependencies: (object) => podReferences(fieldsAt(object, 'spec') ?? {}, object.metadata.namespace),
};

const PHASES_WORST_FIRST = ['Failed', 'Pending', 'Running', 'Succeeded'];

/** What the member's scheduler and admission have decided about a pod cannot be changed any more. */
function retainScheduling(desired: KubeObject, observed: KubeObject): KubeObject {
  let retained = typedPod(desired);
  const member = typedPod(observed);
  for (const field of ['nodeName', 'serviceAccountName', 'volumes'] as const) {
    retained = withValue(retained, valueAt(member, 'spec', field), 'spec', field);
  }
  for (const list of ['containers', 'initContainers'] as const) {
    // Of containers of the same name the member's last one decides, and it decides about the first one desired.
    const mounts = new Map(listAt(member, 'spec', list).map((item) => [item.name, valueAt(item, 'volumeMounts')]));
    const done = new Set<unknown>();
    retained = mapList(
      retained,
      (container) => {
        if (!mounts.has(container.name) || done.has(container.name)) return container;
        done.add(container.name);
        return withValue(container, mounts.get(container.name), 'volumeMounts');
      },
      'spec',
      list,
    );
  }
  return retained;
}

function typedPod(object: KubeObject): KubeObject {
  const state = (status: Fields): Fields => ({
    ...status,
    state: status.state ?? {},
    lastState: status.lastState ?? {},
  });
  let typed = retyped(object);
  if (listAt(typed, 'status', 'conditions').length === 0) typed = withValue(typed, undefined, 'status', 'conditions');
  for (const list of ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses']) {
    typed = mapList(typed, state, 'status', list);
  }
  return typed;
}

function aggregateStatus(object: KubeObject, items: readonly AggregatedStatusItem[]): KubeObject {
  const statuses = statusesOf(items);
  const containersIn = (list: string): readonly Fields[] =>
    statuses.flatMap((status) => listAt(status ?? {}, list).map(containerTold));
  const containerStatuses = containersIn('containerStatuses');
  const initContainerStatuses = containersIn('initContainerStatuses');
  // A cluster that has reported nothing yet is pending.
  const phase = worstPhase(
    statuses.map((status) => (status === null ? 'Pending' : textAt(status, 'phase'))),
    PHASES_WORST_FIRST,
  );
  const after = {
    ...(phase && { phase }),
    ...(initContainerStatuses.length > 0 && { initContainerStatuses }),
    ...(containerStatuses.length > 0 && { containerStatuses }),
  };
  const same = valueAt(object, 'status', 'containerStatuses') && deepEqual(fieldsAt(object, 'status'), after);
  return same ? object : withValue(retyped(object), after, 'status');
}

/** Whether it is ready and how it stands is told of all of them; which one it is, is not. */
function containerTold(container: Fields): Fields {
  const state = fieldsAt(container, 'state') ?? {};
  const terminated = fieldsAt(state, 'terminated');
  return {
    name: '',
    ready: booleanAt(container, 'ready') ?? false,
    restartCount: 0,
    image: '',
    imageID: '',
    state: terminated === undefined ? state : { ...state, terminated: { exitCode: 0, ...terminated } },
    lastState: {},
  };
}

function isHealthy(object: KubeObject): boolean {
  const phase = textAt(object, 'status', 'phase');
  if (phase === 'Succeeded') return true;
  const ready = listAt(object, 'status', 'conditions').find(({ type }) => type === 'Ready');
  return phase === 'Running' && ready?.status === 'True';
}
