// The image overrider: changes registry, repository or tag of one image, or of every container's image of a workload.
import type { ImageOverrider } from '../../api/override.ts';
import { parsePointer } from '../../kube/json-pointer.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { PropagationError } from '../errors.ts';
import { listAt, textAt } from '../fields.ts';
import { formatImage, type ImageReference, parseImage, withTagOrDigest } from './image-reference.ts';
import { type Edit, patchObject } from './patch.ts';

/** Where a kind keeps its pod's containers; init containers stay as they are. */
const CONTAINERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  Pod: ['spec', 'containers'],
  ReplicaSet: ['spec', 'template', 'spec', 'containers'],
  Deployment: ['spec', 'template', 'spec', 'containers'],
  DaemonSet: ['spec', 'template', 'spec', 'containers'],
  StatefulSet: ['spec', 'template', 'spec', 'containers'],
  Job: ['spec', 'template', 'spec', 'containers'],
};

export function overrideImages(object: KubeObject, overrider: ImageOverrider): KubeObject {
  const edits = overrider.predicate
    ? [editAt(object, overrider, overrider.predicate.path)]
    : editsOfContainers(object, overrider);
  return patchObject(object, edits, 'imageOverrider');
}

function editsOfContainers(object: KubeObject, overrider: ImageOverrider): Edit[] {
  const path = Object.hasOwn(CONTAINERS, object.kind) ? CONTAINERS[object.kind] : undefined;
  if (path === undefined) return [];
  return listAt(object, ...path).map((container, at) => ({
    op: 'replace',
    path: `/${path.join('/')}/${at}/image`,
    value: overrideImage(textAt(container, 'image') ?? '', overrider),
  }));
}

function editAt(object: KubeObject, overrider: ImageOverrider, path: string): Edit {
  let node: unknown = object;
  for (const token of parsePointer(path) ?? []) {
    const inside = typeof node === 'object' && node !== null && Object.hasOwn(node, token);
    node = inside ? (node as Record<string, unknown>)[token] : undefined;
  }
  if (typeof node !== 'string') {
    throw new PropagationError(`imageOverrider: there is no image at predicate path "${path}"`);
  }
  return { op: 'replace', path, value: overrideImage(node, overrider) };
}

function overrideImage(text: string, overrider: ImageOverrider): string {
  const image = parseImage(text);
  if (image === null) throw new PropagationError(`imageOverrider: "${text}" is not the name of an image`);
  return formatImage(changed(image, overrider));
}

function changed(image: ImageReference, overrider: ImageOverrider): ImageReference {
  const { component, operator } = overrider;
  const value = overrider.value ?? '';
  switch (component) {
    case 'Registry':
      return { ...image, registry: changedPart(image.registry, operator, value) };
    case 'Repository':
      return { ...image, repository: changedPart(image.repository, operator, value) };
    case 'Tag': {
      const tag = image.tag === '' ? image.digest : image.tag;
      if (operator === 'remove') return { ...image, tag: '', digest: '' };
      return withTagOrDigest(image, changedPart(tag, operator, value));
    }
    default:
      throw new PropagationError(`imageOverrider: component must be Registry, Repository or Tag, not "${component}"`);
  }
}

/** An unknown operator changes nothing. */
function changedPart(part: string, operator: ImageOverrider['operator'], value: string): string {
  switch (operator) {
    case 'add':
      return part + value;
    case 'replace':
      return value;
    case 'remove':
      return '';
    default:
      return part;
  }
}
