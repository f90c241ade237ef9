import { describe, expect, it } from 'vitest';
import type { PropagationPolicy } from '../api/policy.ts';
import { claimOf, isClaimed, withClaim, withoutClaim } from './claim.ts';
import { PropagationError } from './errors.ts';

const spec = { resourceSelectors: [] };
const namespaced: PropagationPolicy = {
  metadata: { name: 'p', namespace: 'shop', labels: { 'propagationpolicy.karmada.io/permanent-id': 'id-p' } },
  spec,
};
const clusterWide: PropagationPolicy = {
  metadata: { name: 'c', labels: { 'clusterpropagationpolicy.karmada.io/permanent-id': 'id-c' } },
  spec,
};

describe('claim of a policy', () => {
  it('names a PropagationPolicy by id, namespace and name', () => {
    expect(claimOf(namespaced)).toEqual({
      labels: { 'propagationpolicy.karmada.io/permanent-id': 'id-p' },
      annotations: { 'propagationpolicy.karmada.io/namespace': 'shop', 'propagationpolicy.karmada.io/name': 'p' },
    });
  });

  it('names a ClusterPropagationPolicy by id and name', () => {
    expect(claimOf(clusterWide)).toEqual({
      labels: { 'clusterpropagationpolicy.karmada.io/permanent-id': 'id-c' },
      annotations: { 'clusterpropagationpolicy.karmada.io/name': 'c' },
    });
  });

  it('cannot be made for a policy without a permanent id, nor with the id of the other kind', () => {
    expect(() => claimOf({ ...namespaced, metadata: { name: 'p', namespace: 'shop' } })).toThrow(PropagationError);
    const wrongId = { ...namespaced.metadata, labels: clusterWide.metadata.labels };
    expect(() => claimOf({ ...namespaced, metadata: wrongId })).toThrow('propagationpolicy.karmada.io/permanent-id');
  });

  it('replaces the claim of the other kind and leaves all other keys alone', () => {
    const own = { labels: { app: 'web' }, annotations: { note: 'mine' } };
    const first = withClaim({ name: 'web', ...own }, claimOf(clusterWide));
    const second = withClaim(first, claimOf(namespaced));
    expect(second).toEqual(withClaim({ name: 'web', ...own }, claimOf(namespaced)));
    expect(isClaimed(second)).toBe(true);
    expect(withoutClaim(second)).toEqual({ name: 'web', ...own });
    expect(isClaimed(withoutClaim(second))).toBe(false);
  });

  it('leaves what it was given unchanged', () => {
    const metadata = Object.freeze({ labels: Object.freeze({ app: 'web' }) });
    withClaim(metadata, claimOf(namespaced));
    expect(metadata).toEqual({ labels: { app: 'web' } });
    expect(withoutClaim({})).toEqual({});
  });
});
