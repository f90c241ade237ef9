// A service by its namespace and name, in the hub or in one of its clusters, as keys of controllers say it.
import type { KubeObject } from '../../kube/meta.ts';

export interface ServiceKey {
  readonly namespace: string;
  readonly name: string;
}

export const serviceText = ({ namespace, name }: ServiceKey): string => `${namespace}/${name}`;

/** Of an object that is called as its service. */
export const textOfObject = ({ metadata: { namespace = '', name } }: KubeObject): string =>
  serviceText({ namespace, name });

export function serviceKeyOf(text: string): ServiceKey {
  const slash = text.indexOf('/');
  return { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** A service in one cluster. */
export const textOf = (cluster: string, { namespace, name }: ServiceKey): string => `${cluster} ${namespace} ${name}`;

export function keyIn(text: string): ServiceKey & { readonly cluster: string } {
  const [cluster = '', namespace = '', name = ''] = text.split(' ');
  return { cluster, namespace, name };
}
