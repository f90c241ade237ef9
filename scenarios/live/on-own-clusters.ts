// What a scenario may not do in clusters that the user has: take over what is there, which would be taken away with the rest, or leave
// something behind.
import { ANNOTATIONS, isObject, type KubeObject } from '../../engine/index.ts';

export function whyNotOnOwn(object: KubeObject): readonly string[] {
  const spec = isObject(object.spec) ? object.spec : {};
  const annotations = object.metadata.annotations ?? {};
  const name = `${object.kind} ${object.metadata.name}`;
  const takesOver =
    spec.conflictResolution === 'Overwrite' || annotations[ANNOTATIONS.conflictResolution] === 'overwrite';
  const leavesBehind = spec.preserveResourcesOnDeletion === true;
  return [
    ...(takesOver ? [`${name} takes over what has its name: that is not done in clusters of your own`] : []),
    ...(leavesBehind ? [`${name} leaves things where they were sent: that is not done in clusters of your own`] : []),
  ];
}
