// Where an object lives or a command goes: the hub's API, or that of one member cluster.

/** A member's place carries a prefix, so that a cluster may well be called "hub". */
export type Place = 'hub' | `member/${string}`;

export const HUB: Place = 'hub';

const MEMBER_PREFIX = 'member/';

export const memberPlace = (cluster: string): Place => `${MEMBER_PREFIX}${cluster}` as Place;

/** The cluster's name, or null for the hub. */
export const clusterOf = (place: Place): string | null => (place === HUB ? null : place.slice(MEMBER_PREFIX.length));
