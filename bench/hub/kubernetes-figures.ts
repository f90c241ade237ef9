// What a kube-apiserver 1.36 with etcd did on a machine of two cores, over TLS, with the client beside it.
export const KUBERNETES = {
  createsPerSecond: 2350,
  createP50Ms: 5.8,
  createP99Ms: 20.6,
  listMs: 85,
  /** Both processes together. */
  residentMiB: 560,
} as const;

/** What a thousand watchers are to get here, all together. */
export const WATCH_EVENTS_PER_SECOND_WANTED = 50_000;
