// What judging a settled world takes besides the world: how objects are read and rendered.
import type { ResourceBinding } from '../../api/binding.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Gates } from '../../profile/gates.ts';
import type { WorkPorts } from '../../propagate/works.ts';

export interface SettledPorts extends Omit<WorkPorts, 'workId'> {
  /** Somebody lets what is asked for through little by little, and not all of it has come through. */
  readonly isHeldBack?: (binding: ResourceBinding) => boolean;
  /** Karmada leaves behind what a late write brought; what it promises is judged, and no more. */
  readonly collectsStrays: boolean;
  /** What is held up by a suspension keeps its old copies, and its old counts, for as long as that lasts. */
  readonly staysUntilArrived: boolean;
  /** In Karmada the scheduler has not seen what it refused. */
  readonly tellsEveryOutcome: boolean;
  /** In Karmada what waits for a node waits, whatever room there is elsewhere. */
  readonly leavesFullClusters: boolean;
  /** There a decision is for all replicas, or for none. */
  readonly placesWhatFits: boolean;
  readonly gates: Gates;
  /** Whether any process follows a collection of a member: what nobody sees nobody can find. */
  readonly isFollowed: (cluster: string, collection: string) => boolean;
  /** In which collection of the hub objects of a kind are kept; null where nobody serves it. */
  readonly collectionOf: (object: Pick<KubeObject, 'apiVersion' | 'kind'>) => string | null;
}
