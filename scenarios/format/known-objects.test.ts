import { describe, expect, it } from 'vitest';
import { KnownObjects } from './known-objects.ts';

describe('a kind that is called by its name alone', () => {
  it("is looked for among all that are built in, Karmada's and Kubernetes' before those of others", () => {
    const known = new KnownObjects();
    expect(
      ['Work', 'Event', 'EndpointSlice', 'FederatedHPA', 'StagedRollout', 'PlacementDecision', 'Nothing'].map((kind) =>
        known.collectionCalled(kind),
      ),
    ).toEqual([
      'work.karmada.io/works',
      '/events',
      'discovery.k8s.io/endpointslices',
      'autoscaling.karmada.io/federatedhpas',
      'muster.dev/stagedrollouts',
      'multicluster.x-k8s.io/placementdecisions',
      null,
    ]);
  });
});
