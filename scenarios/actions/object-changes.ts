// What the users of the control plane do: apply, patch and delete objects, scale workloads, roll out images.
import { applyMergePatch, isObject, type KubeObject } from '../../engine/index.ts';
import { about, anyObject, count, either, list, someText } from '../format/form.ts';
import type { ActionKind } from './action.ts';

export const refForm = about('an object that the scenario applies, by "[kind/][namespace/]name"', someText);

export const manifestsForm = about(
  'files of Kubernetes objects, beside the scenario, or objects in place',
  either('a file, an object, or a list of them', {
    text: someText,
    object: anyObject,
    list: list(either('a file or an object', { text: someText, object: anyObject })),
  }),
  'Manifests',
);

const named = (objects: readonly KubeObject[]): string => {
  const shown = objects.slice(0, 4).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  return `${shown.join(', ')}${objects.length > 4 ? ` and ${objects.length - 4} more` : ''}`;
};

export const apply: ActionKind = {
  key: 'apply',
  value: about('objects are applied to the hub, as kubectl does it', manifestsForm),
  read: (_, reader) => {
    const objects = reader.manifests('apply');
    return {
      perform: (stage) => {
        for (const object of objects) stage.apply(object);
        return `${named(objects)} applied`;
      },
    };
  },
};

export const patch: ActionKind = {
  key: 'patch',
  value: refForm,
  required: { with: about('a merge patch', anyObject) },
  read: (entry, reader) => {
    const ref = reader.object('patch');
    return {
      perform: (stage) => {
        stage.change(ref.key, (object) => applyMergePatch(object, entry.with) as KubeObject);
        return `${ref.kind} ${ref.text} patched`;
      },
    };
  },
};

export const remove: ActionKind = {
  key: 'delete',
  value: refForm,
  read: (_, reader) => {
    const ref = reader.object('delete');
    return {
      perform: (stage) => {
        stage.delete(ref.key);
        return `${ref.kind} ${ref.text} deleted`;
      },
    };
  },
};

export const scale: ActionKind = {
  key: 'scale',
  value: refForm,
  required: { replicas: count(0, 1_000_000) },
  read: (entry, reader) => {
    const ref = reader.object('scale');
    const replicas = Number(entry.replicas);
    return {
      perform: (stage) => {
        stage.scale(ref.key, replicas);
        return `${ref.text} is scaled to ${replicas}`;
      },
    };
  },
};

export const rollout: ActionKind = {
  key: 'rollout',
  value: refForm,
  required: { image: someText },
  optional: { container: about('the first where it is left out', someText) },
  read: (entry, reader) => {
    const ref = reader.object('rollout');
    const image = String(entry.image);
    return {
      perform: (stage) => {
        stage.change(ref.key, (object) => withImage(object, image, entry.container));
        return `${ref.text} rolls out ${image}`;
      },
    };
  },
};

function withImage(object: KubeObject, image: string, container: unknown): KubeObject {
  const spec = isObject(object.spec) ? object.spec : {};
  const template = isObject(spec.template) ? spec.template : {};
  const podSpec = isObject(template.spec) ? template.spec : {};
  const containers = Array.isArray(podSpec.containers) ? podSpec.containers : [];
  const changed = containers.map((one: Record<string, unknown>, at) =>
    (typeof container === 'string' ? one.name === container : at === 0) ? { ...one, image } : one,
  );
  return {
    ...object,
    spec: { ...spec, template: { ...template, spec: { ...podSpec, containers: changed } } },
  } as KubeObject;
}
