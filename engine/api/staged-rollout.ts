// StagedRollout (muster.dev/v1alpha1): a change of some objects goes to their clusters in waves, and stops where it does harm.
import type { ObjectMeta } from '../kube/meta.ts';
import { kindSchema } from '../kube/schema/kind-schema.ts';
import {
  count,
  described,
  filled,
  flag,
  int64,
  listOf,
  must,
  objectOf,
  oneOf,
  type SchemaOf,
  text,
  textList,
  time,
} from '../kube/schema/typed-schema.ts';
import { type ClusterAffinity, clusterAffinitySchema } from './placement.ts';

/** An object in the rollout's own namespace. */
export interface StagedResource {
  apiVersion: string;
  kind: string;
  name: string;
}

export interface RolloutWave {
  name?: string;
  clusters?: ClusterAffinity;
  /** Of those that match and are in no wave before; all where neither is given. */
  maxClusters?: number;
  maxPercent?: number;
  bakeSeconds?: number;
  approval?: boolean;
}

/** What goes in waves: the object and what overrides make of it, and where a changed policy has it placed. */
export const ROLLOUT_CHANGES = ['Template', 'Placement'] as const;

export type RolloutChange = (typeof ROLLOUT_CHANGES)[number];

export interface StagedRolloutSpec {
  resources: StagedResource[];
  /** Both where it is left out. */
  changes?: RolloutChange[];
  waves?: RolloutWave[];
  paused?: boolean;
  healthTimeoutSeconds?: number;
  maxFailures?: number;
  onFailure?: 'Stop' | 'RollBack';
}

export const ROLLOUT_PHASES = ['Stable', 'Progressing', 'Waiting', 'Stopped', 'RolledBack'] as const;

export type RolloutPhase = (typeof ROLLOUT_PHASES)[number];

export interface ClusterTrouble {
  name: string;
  message: string;
}

export interface StagedRolloutStatus {
  observedGeneration?: number;
  phase?: RolloutPhase;
  message?: string;
  stableRevision?: string;
  updateRevision?: string;
  wave?: number;
  waves?: number;
  waveName?: string;
  waveStartTime?: string;
  wellSince?: string;
  endTime?: string;
  updatedClusters?: string[];
  passedClusters?: string[];
  failedClusters?: ClusterTrouble[];
  progress?: string;
}

export interface StagedRollout {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec: StagedRolloutSpec;
  status?: StagedRolloutStatus;
}

/** What people say of one revision, as annotations. */
export const ROLLOUT_WORDS = {
  /** "revision/wave": that wave may begin. */
  approved: 'rollout.muster.dev/approved',
  /** "revision": everything goes back to what was stable. */
  aborted: 'rollout.muster.dev/aborted',
  /** A time: what has ended before goes on. */
  retried: 'rollout.muster.dev/retried',
} as const;

/** On a Work, which revision its manifest is of; on a snapshot, whose it is. */
export const ROLLOUT_REVISION = 'rollout.muster.dev/revision';
/** On a binding: where it is and goes while a changed placement is let through. Whoever places it by hand takes that away. */
export const STAGED_PLACEMENT = 'rollout.muster.dev/placement';
export const ROLLOUT_NAME = 'rollout.muster.dev/name';

const resourceSchema = objectOf<StagedResource>(
  'An object of this namespace.',
  {
    apiVersion: must(filled('Its API version.')),
    kind: must(filled('Its kind.')),
    name: must(filled('Its name.')),
  },
  {
    rules: [{ rule: "self.kind != 'Secret'", message: 'Secrets are not staged: their content would lie in snapshots' }],
  },
);

const waveSchema = objectOf<RolloutWave>('Clusters that get the change together.', {
  name: text('What people call it.'),
  clusters: described('Which clusters; any where it is left out.', clusterAffinitySchema),
  maxClusters: count('No more than so many of them.', { minimum: 1 }),
  maxPercent: count('No more than this share of them, rounded up.', { minimum: 1, maximum: 100 }),
  bakeSeconds: count('How long they must be well before the next wave begins.', { default: 30 }),
  approval: flag('Whether somebody must say that it may begin.'),
});

const specSchema = objectOf<StagedRolloutSpec>('What is rolled out, and how.', {
  resources: must(listOf('What goes to a cluster together.', resourceSchema, { minItems: 1 })),
  changes: listOf('Which changes go in waves; all where it is left out.', oneOf('A sort of change.', ROLLOUT_CHANGES), {
    minItems: 1,
  }),
  waves: listOf('One after the other; clusters in none of them come last.', waveSchema),
  paused: flag('Whether no further wave begins for now.'),
  healthTimeoutSeconds: count('How long a wave may take to become well.', { default: 600, minimum: 1 }),
  maxFailures: count('Clusters that may fail before it ends.', { default: 0 }),
  onFailure: oneOf('Whether clusters then keep the change that they have, or go back.', ['Stop', 'RollBack'], {
    default: 'Stop',
  }),
});

const troubleSchema = objectOf<ClusterTrouble>('A cluster that did not become well.', {
  name: must(text('The cluster.')),
  message: must(text('What is wrong there.')),
});

const statusSchema = objectOf<StagedRolloutStatus>('How far it is.', {
  observedGeneration: int64('The generation that this tells of.'),
  phase: oneOf('Whether it goes on.', ROLLOUT_PHASES),
  message: text('The same as a sentence.'),
  stableRevision: text('What clusters have whose wave has not come.'),
  updateRevision: text('What is being rolled out.'),
  wave: count('The wave that has begun last, from 1.'),
  waves: count('How many there are.'),
  waveName: text('What people call that wave.'),
  waveStartTime: time('When it began.'),
  wellSince: time('Since when all that have the change are well.'),
  endTime: time('When it was stopped or rolled back.'),
  updatedClusters: textList('Those that have the change, or are about to.'),
  passedClusters: textList('Those of them whose wave was well: others may count on what runs there.'),
  failedClusters: listOf('Those that did not become well.', troubleSchema),
  progress: text('How many clusters of how many.'),
});

export const stagedRolloutSchema: SchemaOf<StagedRollout> = kindSchema<StagedRollout>(
  'Sends changes of some objects to their clusters in waves, and stops where they do harm.',
  { spec: must(specSchema), status: statusSchema },
);
