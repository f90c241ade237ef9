// The engine's public face: re-exports only. Everything outside `engine/` imports from here.
export { assert, BrokenPromise } from './base/assert.ts';

// api
export { type AffinityCheck, affinityMismatch, clusterMatches, compileAffinity } from './api/cluster-affinity.ts';
