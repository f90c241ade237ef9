// Resources whose objects nobody keeps: they are worked out when somebody asks, and can only be read.
import type { KubeObject } from '../../engine/index.ts';
import type { Resource } from './resource.ts';

export interface ComputedResource {
  /** What a definition of a custom resource would say of it. */
  readonly definition: KubeObject;
  /** All of a namespace's, or all there are; in the order of namespaces and names. */
  readonly read: (namespace: string | null) => readonly KubeObject[];
}

export type ComputedReaders = ReadonlyMap<string, ComputedResource['read']>;

const READ_ONLY = ['get', 'list'];

export const readOnly = (resource: Resource): Resource => ({ ...resource, verbs: READ_ONLY });
