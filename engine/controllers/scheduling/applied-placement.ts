// By which placement a binding was placed: noted on it when it is, as Karmada does it, since its policy may say otherwise by now.
import { ANNOTATIONS } from '../../api/names.ts';
import { type Placement, placementSchema } from '../../api/placement.ts';
import { noteReader } from '../annotations.ts';

/** Null where it has not been placed, and where nobody knows any more by what. */
export const appliedPlacementOf = noteReader<Placement>(ANNOTATIONS.appliedPlacement, placementSchema);
