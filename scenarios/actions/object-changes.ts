// What the users of the control plane do: apply, patch and delete objects, scale workloads, roll out images.
import { applyMergePatch, isObject, type KubeObject } from '../../engine/index.ts';
import { patchProblems } from '../../executor/files/template-problems.ts';
import { about, anyObject, count, either, list, someText } from '../format/form.ts';
import type { ActionKind, ObjectRef } from './action.ts';

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
    for (const { path, message } of patchProblems(ref, entry.with as object)) reader.refuse(`with.${path}`, message);
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
    const container = typeof entry.container === 'string' ? entry.container : null;
    const versions = reader.versions(ref) ?? [];
    if (versions.length > 0 && !versions.some((object) => containersOf(object).some(isMeant(container)))) {
      reader.refuse(container === null ? 'rollout' : 'container', whyNoContainer(ref, container, versions.at(-1)!));
    }
    return {
      perform: (stage) => {
        stage.change(ref.key, (object) => {
          const containers = containersOf(object);
          if (containers.some(isMeant(container))) return withImage(object, image, isMeant(container));
          stage.refuse(whyNoContainer(ref, container, object));
          return object;
        });
        return `${ref.text} rolls out ${image}`;
      },
    };
  },
};

interface Container extends Readonly<Record<string, unknown>> {
  readonly name?: unknown;
}

type ContainerTest = (container: Container, at: number) => boolean;

const isMeant =
  (name: string | null): ContainerTest =>
  (container, at) =>
    name === null ? at === 0 : container.name === name;

const fieldOf = (value: unknown, key: string): Readonly<Record<string, unknown>> => {
  const field = isObject(value) ? value[key] : undefined;
  return isObject(field) ? field : {};
};

function containersOf(object: KubeObject): readonly Container[] {
  const { containers } = fieldOf(fieldOf(object.spec, 'template'), 'spec');
  return Array.isArray(containers) ? containers.filter(isObject) : [];
}

function whyNoContainer({ kind, text }: ObjectRef, name: string | null, object: KubeObject): string {
  const names = containersOf(object).map((container) => String(container.name));
  if (names.length === 0) return `${kind} ${text} has no containers in a pod template, and so no image to roll out`;
  return `${kind} ${text} has no container "${name}": there are ${names.join(', ')}`;
}

function withImage(object: KubeObject, image: string, isIt: ContainerTest): KubeObject {
  const template = fieldOf(object.spec, 'template');
  const containers = containersOf(object).map((one, at) => (isIt(one, at) ? { ...one, image } : one));
  return {
    ...object,
    spec: { ...(object.spec as object), template: { ...template, spec: { ...fieldOf(template, 'spec'), containers } } },
  } as KubeObject;
}
