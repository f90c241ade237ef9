// What claims demand, and what of a claim or a pod may change.
import { type FieldError, type KubeObject, required } from '../../../../engine/index.ts';
import { items, read } from '../cells.ts';
import { fieldsOf, forbiddenOnChange } from './change.ts';
import { oneOf } from './pod-spec.ts';

export function claimChange(next: KubeObject, old: KubeObject): FieldError[] {
  const rest = (object: KubeObject) => {
    const spec = fieldsOf(object.spec);
    const { requests: _requests, ...resources } = fieldsOf(spec.resources);
    const { volumeAttributesClassName: _class, ...kept } = spec;
    // A claim's volume is filled in once by the one who binds it.
    if (read(old, 'spec.volumeName') === undefined) delete kept.volumeName;
    if (read(old, 'spec.storageClassName') === undefined) delete kept.storageClassName;
    return { ...kept, resources };
  };
  return forbiddenOnChange(
    rest(next),
    rest(old),
    'spec',
    'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
  );
}

export function claimProblems(object: KubeObject): FieldError[] {
  const spec = fieldsOf(object.spec);
  const problems: FieldError[] = [];
  const modes = Array.isArray(spec.accessModes) ? spec.accessModes : [];
  if (modes.length === 0) problems.push(required('spec.accessModes', 'at least 1 access mode is required'));
  for (const mode of modes) {
    problems.push(
      ...oneOf(mode, 'spec.accessModes', ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod']),
    );
  }
  if (read(spec, 'resources.requests.storage') === undefined) problems.push(required('spec.resources[storage]'));
  return problems;
}

export function podChange(next: KubeObject, old: KubeObject): FieldError[] {
  const rest = (object: KubeObject) => {
    const spec = fieldsOf(object.spec);
    const plain = (list: unknown) => items(list).map(({ image: _image, ...kept }) => kept);
    const { activeDeadlineSeconds: _deadline, tolerations: _tolerations, schedulingGates: _gates, ...kept } = spec;
    if (kept.terminationGracePeriodSeconds === 1 || Number(kept.terminationGracePeriodSeconds) < 0) {
      delete kept.terminationGracePeriodSeconds;
    }
    return { ...kept, containers: plain(spec.containers), initContainers: plain(spec.initContainers) };
  };
  return forbiddenOnChange(
    rest(next),
    rest(old),
    'spec',
    'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
      '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
      '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
  );
}
