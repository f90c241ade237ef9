// What the handlers work on: the store, the resources served, a clock and a source of names, all handed in.
import type { HubCircumstances, Millis, ObjectStore } from '../../engine/index.ts';
import type { ComputedReaders } from './computed.ts';
import type { Registry } from './registry.ts';

/** What a cluster that runs pods does, and a hub that only keeps templates does otherwise. */
export interface ClusterHabits {
  /** Pods get a service account and its token. */
  readonly serviceAccounts: boolean;
  /** Volumes and claims are held as long as they are in use. */
  readonly storageProtection: boolean;
  /** What bears Karmada's label for that is not deleted. */
  readonly deletionProtection: boolean;
}

/** As Karmada's own API server is run: what is kept here is a template, to be sent out as its author wrote it. */
export const HUB_HABITS: ClusterHabits = { serviceAccounts: false, storageProtection: false, deletionProtection: true };
export const CLUSTER_HABITS: ClusterHabits = {
  serviceAccounts: true,
  storageProtection: true,
  deletionProtection: false,
};

export interface Hub {
  readonly habits: ClusterHabits;
  readonly circumstances: HubCircumstances;
  /** Decisions are held against the FederatedResourceQuotas of their namespace. */
  readonly enforcesQuotas: boolean;
  readonly store: ObjectStore;
  readonly registry: Registry;
  /** Who answers for collections that are not in the store. */
  readonly computed: ComputedReaders;
  readonly now: () => Millis;
  /** A fresh UUID. */
  readonly uid: () => string;
  /** A whole number from zero up to, and without, the bound. */
  readonly draw: (bound: number) => number;
}

const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
const PREFIX_MAX = 63 - SUFFIX_LENGTH;

/** The name for a prefix: five letters and digits that spell no words. */
export function generateName(hub: Hub, prefix: string): string {
  let suffix = '';
  while (suffix.length < SUFFIX_LENGTH) suffix += SUFFIX_LETTERS[hub.draw(SUFFIX_LETTERS.length)];
  return `${prefix.slice(0, PREFIX_MAX)}${suffix}`;
}
