// What a staged rollout is about: which objects, and which changes of them.
import { ROLLOUT_CHANGES, type RolloutChange, type StagedResource, type StagedRollout } from '../api/staged-rollout.ts';
import { formatApiVersion, type KubeObject, parseApiVersion } from '../kube/meta.ts';

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

export const stages = ({ spec }: StagedRollout, change: RolloutChange): boolean =>
  (spec.changes ?? ROLLOUT_CHANGES).includes(change);
