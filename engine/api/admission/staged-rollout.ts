// Admission of StagedRollout: the same as its schema says to those who have a server, for files and simulations.
import { flag, listOf, oneOf, onlyFields, text, wholeNumber } from '../../base/shape.ts';
import { ROLLOUT_CHANGES, type StagedResource, type StagedRolloutSpec } from '../staged-rollout.ts';
import { clusterAffinity } from './placement.ts';
import { count, filled, kindShape, positive, rule, ruled } from './words.ts';

const resource = ruled(
  onlyFields({ apiVersion: filled, kind: filled, name: filled }),
  rule<StagedResource>(({ kind }, report) => {
    if (kind === 'Secret')
      report('.kind', 'is Secret, and Secrets are not staged: their content would lie in snapshots');
  }),
);

const wave = onlyFields(
  {},
  {
    name: text,
    clusters: clusterAffinity,
    maxClusters: positive,
    maxPercent: wholeNumber(1, 100),
    bakeSeconds: count,
    approval: flag,
  },
);

const spec = ruled(
  onlyFields(
    { resources: listOf(resource) },
    {
      changes: listOf(oneOf(...ROLLOUT_CHANGES)),
      waves: listOf(wave),
      paused: flag,
      healthTimeoutSeconds: positive,
      maxFailures: count,
      onFailure: oneOf('Stop', 'RollBack'),
    },
  ),
  rule<StagedRolloutSpec>(({ resources, changes }, report) => {
    if (resources.length === 0) report('.resources', 'is empty, and should name what is rolled out');
    if (changes?.length === 0) report('.changes', 'is empty: leave it out for every sort of change');
  }),
);

export const stagedRolloutShape = kindShape(spec);
