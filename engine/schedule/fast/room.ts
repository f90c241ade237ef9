// Room for replicas of one size in many clusters at once: a division a cluster, straight from the fleet's columns.
import type { ReplicaRequirements } from '../../api/binding.ts';
import { type CapacityColumns, SUMMARY } from '../../fleet/capacity.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { type GradeTable, modelledReplicas, type RequestedUnits } from '../../fleet/grades.ts';
import { countsInMilli, exactUnits } from '../../kube/quantity-units.ts';
import { roomForReplicas } from '../estimate/general.ts';

const MAX_INT32 = 2_147_483_647;
const NO_ROOM = 0;
/** Sizes asked for repeatedly keep their answers for the whole fleet, patched as clusters change. */
const KEPT_SIZES_MAX = 64;

/** Only the readable path can answer: a figure lies outside what a column holds exactly. */
export const BEYOND_COLUMNS = Symbol('beyond columns');

export class RoomColumns {
  readonly #fleet: Fleet;
  readonly #sizes = new Map<string, ReplicaSize>();

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /**
   * Writes the room of each listed cluster to `into`. An answer beyond 32 bits stands for "as many as wanted", or where
   * answers wrap around is left to the readable path.
   */
  fill(
    requirements: ReplicaRequirements | null | undefined,
    indices: Int32Array,
    size: number,
    wanted: number,
    saturates: boolean,
    into: Float64Array,
  ): typeof BEYOND_COLUMNS | null {
    const replicaSize = this.#sizeOf(requirements);
    if (replicaSize === null) return BEYOND_COLUMNS;
    replicaSize.fill(indices, size, into);
    for (let at = 0; at < size; at += 1) {
      if (into[at]! < MAX_INT32) continue;
      if (!saturates && into[at] !== MAX_INT32) return BEYOND_COLUMNS;
      into[at] = wanted;
    }
    return null;
  }

  #sizeOf(requirements: ReplicaRequirements | null | undefined): ReplicaSize | null {
    const key = requirements == null ? '' : JSON.stringify(requirements.resourceRequest ?? {});
    let size = this.#sizes.get(key);
    if (size !== undefined) return size;
    const request = requirements == null ? null : requestedUnits(requirements);
    if (request?.some(({ units }) => !Number.isSafeInteger(units))) return null;
    size = new ReplicaSize(this.#fleet, request, requirements ?? undefined);
    if (this.#sizes.size >= KEPT_SIZES_MAX) this.#sizes.delete(this.#sizes.keys().next().value!);
    this.#sizes.set(key, size);
    return size;
  }
}

function requestedUnits(requirements: ReplicaRequirements): RequestedUnits[] {
  return Object.entries(requirements.resourceRequest ?? {})
    .map(([resource, text]) => ({ resource, units: Number(exactUnits(text, countsInMilli(resource))) }))
    .filter(({ units }) => units > 0);
}

class ReplicaSize {
  readonly #fleet: Fleet;
  readonly #request: readonly RequestedUnits[] | null;
  readonly #requirements: ReplicaRequirements | undefined;
  readonly #perNode = new Map<GradeTable, Float64Array>();
  #kept: Float64Array | null = null;
  #version = -1;
  #asked = 0;

  constructor(fleet: Fleet, request: readonly RequestedUnits[] | null, requirements: ReplicaRequirements | undefined) {
    this.#fleet = fleet;
    this.#request = request;
    this.#requirements = requirements;
  }

  fill(indices: Int32Array, size: number, into: Float64Array): void {
    this.#asked += 1;
    // The first time only the listed clusters are worth the work.
    if (this.#asked < 2) {
      this.#compute(indices, size, into);
      return;
    }
    const kept = this.#keep();
    for (let at = 0; at < size; at += 1) into[at] = kept[indices[at]!]!;
  }

  #keep(): Float64Array {
    const { changes, slots } = this.#fleet;
    if (this.#kept === null || this.#kept.length < slots || !changes.reaches(this.#version)) {
      this.#kept = new Float64Array(slots);
      const all = Int32Array.from({ length: slots }, (_, index) => index);
      this.#compute(all, slots, this.#kept);
    } else {
      const one = new Int32Array(1);
      const room = new Float64Array(1);
      for (let version = this.#version; version < changes.version; version += 1) {
        one[0] = changes.changedAt(version);
        this.#compute(one, 1, room);
        this.#kept[one[0]!] = room[0]!;
      }
    }
    this.#version = changes.version;
    return this.#kept;
  }

  #compute(indices: Int32Array, size: number, into: Float64Array): void {
    const { capacity } = this.#fleet;
    const request = this.#request ?? [];
    const [first, second] = request;
    if (request.length === 2) {
      const [free, other] = [capacity.free(first!.resource), capacity.free(second!.resource)];
      if (free === undefined || other === undefined) into.fill(NO_ROOM, 0, size);
      else limitByTwo(indices, size, capacity.pods, free, first!.units, other, second!.units, into);
    } else {
      for (let at = 0; at < size; at += 1) into[at] = capacity.pods[indices[at]!]!;
      for (const { resource, units } of request) limit(indices, size, capacity.free(resource), units, into);
    }
    if (capacity.specials === 0) return;
    const { kinds } = capacity;
    for (let at = 0; at < size; at += 1) {
      const kind = kinds[indices[at]!]!;
      if (kind >= SUMMARY.models) into[at] = this.#special(indices[at]!, kind, capacity);
    }
  }

  #special(index: number, kind: number, capacity: CapacityColumns): number {
    if (kind === SUMMARY.models) {
      const pods = capacity.pods[index]!;
      if (pods <= 0 || this.#request === null) return pods;
      const { table, counts } = capacity.models.get(index)!;
      return Math.min(pods, modelledReplicas(counts, this.#perNodeOf(table)));
    }
    const gates = { CustomizedClusterResourceModeling: true };
    const cluster = this.#fleet.cluster(index)!;
    const promised = this.#fleet.ledger.of(cluster.metadata.name);
    return Number(roomForReplicas(cluster, this.#requirements, gates, promised));
  }

  #perNodeOf(table: GradeTable): Float64Array {
    let fits = this.#perNode.get(table);
    if (fits === undefined) {
      fits = table.perNode(this.#request!);
      this.#perNode.set(table, fits);
    }
    return fits;
  }
}

/** Lowers each figure to what one resource allows; a cluster that does not know the resource has no room. */
function limit(
  indices: Int32Array,
  size: number,
  free: Float64Array | undefined,
  units: number,
  into: Float64Array,
): void {
  if (free === undefined) {
    into.fill(0, 0, size);
    return;
  }
  for (let at = 0; at < size; at += 1) {
    const room = Math.floor(free[indices[at]!]! / units);
    if (!(room >= into[at]!)) into[at] = room > 0 ? room : NO_ROOM;
  }
}

/** The usual request, CPU and memory, in one pass. */
function limitByTwo(
  indices: Int32Array,
  size: number,
  pods: Float64Array,
  free: Float64Array,
  units: number,
  other: Float64Array,
  otherUnits: number,
  into: Float64Array,
): void {
  for (let at = 0; at < size; at += 1) {
    const index = indices[at]!;
    const room = Math.min(Math.floor(free[index]! / units), Math.floor(other[index]! / otherUnits), pods[index]!);
    into[at] = room > 0 ? room : NO_ROOM;
  }
}
