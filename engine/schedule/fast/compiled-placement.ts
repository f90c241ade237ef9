// A placement compiled against a fleet: the clusters open to it, kept up to date through the fleet's change log.

import type { Cluster } from '../../api/cluster.ts';
import { type AffinityCheck, compileAffinity } from '../../api/cluster-affinity.ts';
import type { ClusterAffinity, Placement } from '../../api/placement.ts';
import { Bitset } from '../../base/bitset.ts';
import { affinityMembers } from '../../fleet/affinity.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { apiText } from '../../fleet/properties.ts';
import { isTolerated } from '../../kube/taint.ts';
import { servesKind } from '../filter/api-enablement.ts';
import { hasProperty } from '../filter/spread-property.ts';

export interface PlacementKey {
  readonly placement: Placement;
  readonly tiers: readonly ClusterAffinity[];
  readonly apiVersion: string;
  readonly kind: string;
  /** Label constraints keep out clusters without the label. */
  readonly labelsSpread: boolean;
}

const OUTSIDE = -1;

export class CompiledPlacement {
  readonly #fleet: Fleet;
  readonly #key: PlacementKey;
  readonly #checks: readonly AffinityCheck[];
  /** Clusters within the affinity that have every property the spread needs: what a running workload may keep. */
  #member = new Bitset();
  /** Of these, the ones that also serve the kind and whose taints are tolerated: what anybody may use. */
  #open = new Bitset();
  /** The overflow tier of each member; null where there is only one. */
  #tierOf: Int16Array | null = null;
  #indices: Int32Array | null = null;
  #version = -1;

  constructor(fleet: Fleet, key: PlacementKey) {
    this.#fleet = fleet;
    this.#key = key;
    this.#checks = key.tiers.map(compileAffinity);
  }

  /** Call before reading anything: follows the fleet to its present version. */
  catchUp(): void {
    const { changes } = this.#fleet;
    if (this.#version === changes.version) return;
    if (this.#version < 0 || !changes.reaches(this.#version)) {
      this.#compile();
    } else {
      for (let version = this.#version; version < changes.version; version += 1) {
        this.#reconsider(changes.changedAt(version));
      }
    }
    this.#version = changes.version;
  }

  /** The open clusters in rising order; the array is replaced, never changed, when they change. */
  openIndices(): Int32Array {
    if (this.#indices === null) {
      this.#indices = new Int32Array(this.#open.count());
      this.#open.toIndices(this.#indices);
    }
    return this.#indices;
  }

  isOpen(index: number): boolean {
    return this.#open.has(index);
  }

  isMember(index: number): boolean {
    return this.#member.has(index);
  }

  tierOf(index: number): number {
    return this.#tierOf === null ? 0 : this.#tierOf[index]!;
  }

  #compile(): void {
    const fleet = this.#fleet;
    const { tiers, placement, apiVersion, kind } = this.#key;
    this.#member = new Bitset(fleet.slots);
    this.#tierOf = tiers.length > 1 ? new Int16Array(fleet.slots).fill(OUTSIDE) : null;
    if (tiers.length === 0) this.#member.or(fleet.live);
    for (let tier = tiers.length - 1; tier >= 0; tier -= 1) {
      const members = affinityMembers(tiers[tier]!, fleet);
      this.#member.or(members);
      if (this.#tierOf !== null) for (const index of members) this.#tierOf[index] = tier;
    }
    for (const { spreadByField, spreadByLabel } of placement.spreadConstraints ?? []) {
      if (spreadByField === 'provider') this.#member.and(fleet.hasProvider);
      else if (spreadByField === 'region') this.#member.and(fleet.hasRegion);
      else if (spreadByField === 'zone') this.#member.and(fleet.hasZone);
      else if (!spreadByField && spreadByLabel && this.#key.labelsSpread) this.#restrictToLabel(spreadByLabel);
    }
    this.#open = this.#member.clone();
    const serving = new Bitset(fleet.slots);
    fleet.apis.of(apiText(apiVersion, kind))?.addTo(serving);
    this.#open.and(serving);
    for (const [text, tainted] of fleet.taints.entries()) {
      if (!isTolerated(fleet.taintOf.get(text)!, placement.clusterTolerations ?? [])) tainted.removeFrom(this.#open);
    }
    this.#indices = null;
  }

  #restrictToLabel(key: string): void {
    const labelled = new Bitset(this.#fleet.slots);
    this.#fleet.labelKeys.of(key)?.addTo(labelled);
    this.#member.and(labelled);
  }

  #reconsider(index: number): void {
    const cluster = this.#fleet.cluster(index);
    const tier = cluster === undefined || !this.#fleet.live.has(index) ? OUTSIDE : this.#tierFor(cluster);
    const member = tier !== OUTSIDE;
    const open = member && this.#isOpenTo(cluster!);
    this.#member.set(index, member);
    if (this.#tierOf !== null) this.#setTier(index, tier);
    if (open === this.#open.has(index)) return;
    this.#open.set(index, open);
    this.#indices = null;
  }

  #tierFor(cluster: Cluster): number {
    for (const { spreadByField, spreadByLabel } of this.#key.placement.spreadConstraints ?? []) {
      if (spreadByField) {
        if (!hasProperty(cluster, spreadByField)) return OUTSIDE;
      } else if (
        spreadByLabel &&
        this.#key.labelsSpread &&
        !Object.hasOwn(cluster.metadata.labels ?? {}, spreadByLabel)
      ) {
        return OUTSIDE;
      }
    }
    return this.#checks.length === 0 ? 0 : this.#checks.findIndex((check) => check(cluster) === null);
  }

  #isOpenTo(cluster: Cluster): boolean {
    const { placement, apiVersion, kind } = this.#key;
    return (
      servesKind(cluster, apiVersion, kind) &&
      (cluster.spec.taints ?? []).every(
        (taint) => taint.effect === 'PreferNoSchedule' || isTolerated(taint, placement.clusterTolerations ?? []),
      )
    );
  }

  #setTier(index: number, tier: number): void {
    if (index >= this.#tierOf!.length) {
      const grown = new Int16Array(Math.max(index + 1, this.#tierOf!.length * 2)).fill(OUTSIDE);
      grown.set(this.#tierOf!);
      this.#tierOf = grown;
    }
    this.#tierOf![index] = tier;
  }
}
