// The engine's public face: re-exports only. Everything outside `engine/` imports from here.

// api
export { type AffinityCheck, affinityMismatch, clusterMatches, compileAffinity } from './api/cluster-affinity.ts';
export { assert, BrokenPromise } from './base/assert.ts';

// kube: JSON documents and patches
export { type JsonNode, JsonScalar, parseJsonText, printJsonText } from './kube/json-text.ts';

// propagate
export type { YamlCodec } from './propagate/override/field.ts';
