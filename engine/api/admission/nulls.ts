// People leave fields empty, and templates print them so. To every kind that is known here a null says no more than an absent
// field does, and nobody who reads it later has to think of nulls.
import { merged } from '../../base/merged.ts';
import { rememberedOf } from '../../base/remembered.ts';
import { dropNulls, type IsMeant } from '../../kube/drop-nulls.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { builtInCollectionOf } from '../kinds.ts';

/** They hold documents of other kinds, in which a null may say something. */
const OF_OTHER_KINDS = new Set(['CustomResourceDefinition', 'Work', 'ControllerRevision']);

/** The value that a JSON patch puts somewhere. */
const isPatched: IsMeant = (owner, field) => field === 'value' && ('path' in owner || 'subPath' in owner);

/** Of a kind that is not known here only its own definition could tell, but for what all kinds share. */
export function withoutNulls(object: KubeObject): KubeObject {
  const isKnown = builtInCollectionOf(object.apiVersion, object.kind) !== null;
  if (isKnown && !OF_OTHER_KINDS.has(object.kind)) return dropNulls(object, isPatched) as KubeObject;
  const metadata = dropNulls(object.metadata) as KubeObject['metadata'];
  return metadata === object.metadata ? object : merged(object, { metadata });
}

/** The same for what an object asks for, which is written far less often than the object. */
export const specWithoutNulls = rememberedOf((spec: object) => dropNulls(spec, isPatched));
