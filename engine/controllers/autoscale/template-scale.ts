// The replicas of what somebody refers to, as its template in the hub asks for them, and how others are asked for.
import type { ScaleTarget } from '../../api/autoscaling.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { Reader } from '../../control/controller.ts';
import { isObject, type JsonObject } from '../../kube/json.ts';
import { formatApiVersion, type KubeObject, parseApiVersion } from '../../kube/meta.ts';
import { collectionOf, DEFINED_KIND_INDEX } from '../kinds.ts';

export interface TemplateScale {
  readonly collection: string;
  readonly template: KubeObject;
  /** Where its replicas are. */
  readonly path: readonly string[];
  readonly replicas: number;
  /** Of Kubernetes' own kinds, whose forms are known. */
  readonly isBuiltIn: boolean;
}

export type NoScale = { readonly is: 'not there' | 'not scalable'; readonly message: string };

const REPLICATED: ReadonlySet<string> = new Set([
  '/replicationcontrollers',
  'apps/deployments',
  'apps/replicasets',
  'apps/statefulsets',
]);

export function templateScale(target: ScaleTarget, namespace: string, hub: Reader): TemplateScale | NoScale {
  const { apiVersion = '', kind, name } = target;
  const collection = collectionOf({ apiVersion, kind }, hub);
  if (collection === null) return { is: 'not there', message: `nobody serves ${apiVersion} ${kind}` };
  const template = hub.get(collection, namespace, name);
  if (template === null) return { is: 'not there', message: `there is no ${kind} ${namespace}/${name}` };
  const isBuiltIn = REPLICATED.has(collection);
  const path = isBuiltIn ? ['spec', 'replicas'] : definedPath(apiVersion, kind, hub);
  if (path === null) return { is: 'not scalable', message: `${kind} of ${apiVersion} has no replicas to scale` };
  const replicas = valueAt(template, path) ?? (isBuiltIn ? 1 : 0);
  if (typeof replicas !== 'number' || !Number.isSafeInteger(replicas)) {
    return { is: 'not scalable', message: `${path.join('.')} of ${kind} ${namespace}/${name} is no number` };
  }
  return { collection, template, path, replicas, isBuiltIn };
}

export const withReplicas = (path: readonly string[], replicas: number): JsonObject =>
  path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), replicas) as JsonObject;

/** As its definition says of the version that is meant. */
function definedPath(apiVersion: string, kind: string, hub: Reader): readonly string[] | null {
  const { group, version } = parseApiVersion(apiVersion);
  const [definition] = hub.byIndex(COLLECTIONS.definitions, DEFINED_KIND_INDEX.name, formatApiVersion(group, kind));
  const versions = valueAt(definition, ['spec', 'versions']);
  const own = Array.isArray(versions) ? versions.find((one) => isObject(one) && one.name === version) : undefined;
  const path = valueAt(own, ['subresources', 'scale', 'specReplicasPath']);
  return typeof path === 'string' ? path.split('.').filter((step) => step !== '') : null;
}

const valueAt = (object: unknown, path: readonly string[]): unknown =>
  path.reduce((inner, step) => (isObject(inner) ? inner[step] : undefined), object);
