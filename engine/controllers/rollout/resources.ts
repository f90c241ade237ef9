// The objects that a rollout is about, and the rollout that an object is in.
import { COLLECTIONS } from '../../api/kinds.ts';
import type { StagedResource, StagedRollout } from '../../api/staged-rollout.ts';
import type { Reader } from '../../control/controller.ts';
import { formatApiVersion, type KubeObject, parseApiVersion } from '../../kube/meta.ts';
import type { IndexDefinition } from '../../store/indexes.ts';

type Named = Pick<KubeObject, 'apiVersion' | 'kind'> & { readonly namespace: string; readonly name: string };

/** The same in every version of a group. */
export const resourceKeyOf = ({ apiVersion, kind, namespace, name }: Named): string =>
  `${formatApiVersion(parseApiVersion(apiVersion).group, kind)} ${namespace}/${name}`;

export const templateKeyOf = ({ apiVersion, kind, metadata: { namespace = '', name } }: KubeObject): string =>
  resourceKeyOf({ apiVersion, kind, namespace, name });

export const resourcesOf = ({
  metadata: { namespace = '' },
  spec,
}: StagedRollout): readonly (StagedResource & Named)[] => (spec.resources ?? []).map((one) => ({ ...one, namespace }));

/** Rollouts by what they roll out. */
export const ROLLOUTS_BY_RESOURCE: IndexDefinition = {
  name: 'rollout-by-resource',
  collection: COLLECTIONS.stagedRollouts,
  valuesOf: (object) => resourcesOf(object as unknown as StagedRollout).map(resourceKeyOf),
};

/** The first by name, where several want the same. */
export function rolloutOf(key: string, namespace: string, hub: Reader): StagedRollout | null {
  const found = hub.byIndex(COLLECTIONS.stagedRollouts, ROLLOUTS_BY_RESOURCE.name, key, namespace);
  const alive = found.find(({ metadata }) => metadata.deletionTimestamp === undefined);
  return (alive ?? null) as unknown as StagedRollout | null;
}
