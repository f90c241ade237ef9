// Works that a controller makes for its own sake, and not for a binding: there as they should be, and taken away again.
import { COLLECTIONS } from '../../api/kinds.ts';
import type { Work } from '../../api/work.ts';
import { merged } from '../../base/merged.ts';
import type { Command } from '../../control/command.ts';
import { deepEqual } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { renewWork } from '../../propagate/works.ts';
import { keyOf } from '../../store/key.ts';
import { createIn, remove, updateWish } from '../writes.ts';

/** Made, or brought up to date where it is not as it should be; what is going is made anew when it has gone. */
export function written(stored: Work | null, wanted: Work): readonly Command[] {
  const object = wanted as unknown as KubeObject;
  if (stored === null) return [merged(createIn(COLLECTIONS.works, object), { isIndependent: true })];
  if (stored.metadata.deletionTimestamp !== undefined) return [];
  const isSame = deepEqual(stored.spec, wanted.spec) && deepEqual(stored.metadata, wanted.metadata);
  return isSame ? [] : [merged(updateWish(COLLECTIONS.works, object), { isIndependent: true })];
}

/** The same, where what others noted on it stays. */
export const renewed = (stored: Work | null, wanted: Work): readonly Command[] =>
  written(stored, stored === null ? wanted : renewWork(stored, wanted));

export const taken = (work: Work): Command =>
  merged(remove(keyOf(COLLECTIONS.works, work as unknown as KubeObject), work), { isIndependent: true });
