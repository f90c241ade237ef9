// Work (work.karmada.io/v1alpha1): the manifests for one member cluster, and what became of them there.
import type { Condition, KubeObject, ObjectMeta } from '../kube/meta.ts';
import { kindSchema } from '../kube/schema/kind-schema.ts';
import { conditions } from '../kube/schema/kube-types.ts';
import type { StructuralSchema } from '../kube/schema/structural-schema.ts';
import {
  described,
  filled,
  flag,
  listOf,
  must,
  objectOf,
  oneOf,
  openObject,
  type SchemaOf,
  text,
  whole,
} from '../kube/schema/typed-schema.ts';
import { LABELS, SUPPRESSED } from './names.ts';

export interface WorkloadTemplate {
  manifests?: KubeObject[];
}

export interface WorkSpec {
  workload: WorkloadTemplate;
  /** The manifests are not to be created or updated in the member for now. */
  suspendDispatching?: boolean;
  preserveResourcesOnDeletion?: boolean;
}

export interface ResourceIdentifier {
  /** The manifest's position in the Work. */
  ordinal: number;
  group?: string;
  version: string;
  kind: string;
  resource?: string;
  namespace?: string;
  name: string;
}

export type ResourceHealth = 'Healthy' | 'Unhealthy' | 'Unknown';

export interface ManifestStatus {
  identifier: ResourceIdentifier;
  status?: unknown;
  health?: ResourceHealth;
}

export interface WorkStatus {
  conditions?: Condition[];
  manifestStatuses?: ManifestStatus[];
}

export interface Work {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: WorkSpec;
  status?: WorkStatus;
}

export const WORK_API_VERSION = 'work.karmada.io/v1alpha1';
export const BINDING_API_VERSION = 'work.karmada.io/v1alpha2';

export const WORK_CONDITIONS = {
  applied: 'Applied',
  progressing: 'Progressing',
  available: 'Available',
  degraded: 'Degraded',
  dispatching: 'Dispatching',
} as const;

export const BINDING_CONDITIONS = { scheduled: 'Scheduled', fullyApplied: 'FullyApplied' } as const;

/** It stands for something, and is neither carried out nor reported on. */
export const isSuppressed = ({ metadata }: Pick<Work, 'metadata'>): boolean =>
  metadata.labels?.[LABELS.propagationInstruction] === SUPPRESSED;

type Name = Pick<ObjectMeta, 'name' | 'namespace'>;

/** Of any kind: only what it is known by is looked at. */
const manifestSchema = objectOf<Pick<KubeObject, 'apiVersion' | 'kind'> & { metadata: Name }>(
  'An object of any kind.',
  {
    apiVersion: must(filled('The API version of its kind.')),
    kind: must(filled('Its kind.')),
    metadata: must(
      objectOf<Name>(
        'What it is known by, and what is noted on it.',
        { name: must(filled('Its name.')), namespace: text('Its namespace, if it is in one.') },
        { preserveUnknown: true },
      ),
    ),
  },
  { preserveUnknown: true },
) as StructuralSchema as SchemaOf<KubeObject>;

const workloadSchema = objectOf<WorkloadTemplate>('What is to be in the member.', {
  manifests: listOf('The objects.', manifestSchema),
});

const specSchema = objectOf<WorkSpec>('What is to be in one member.', {
  workload: must(described('The manifests.', workloadSchema)),
  suspendDispatching: flag('Whether nothing is created or updated in the member for now.'),
  preserveResourcesOnDeletion: flag('Whether the member keeps its objects when the Work is deleted.'),
});

const identifierSchema = objectOf<ResourceIdentifier>('One of the manifests.', {
  ordinal: must(whole('Its position, from 0.')),
  group: text('The API group.'),
  version: must(text('The API version.')),
  kind: must(text('The kind.')),
  resource: text('The plural name of the kind.'),
  namespace: text('The namespace, if it is in one.'),
  name: must(text('The name.')),
});

const manifestStatusSchema = objectOf<ManifestStatus>('What became of one manifest.', {
  identifier: must(described('Which one.', identifierSchema)),
  status: openObject('Its status in the member.'),
  health: oneOf('Whether it is well.', ['Healthy', 'Unhealthy', 'Unknown']),
});

const statusSchema = objectOf<WorkStatus>('What became of the manifests.', {
  conditions: conditions('Whether they are applied, available, degraded or held back.'),
  manifestStatuses: listOf('What became of each.', manifestStatusSchema),
});

export const workSchema: SchemaOf<Work> = kindSchema<Work>('The manifests for one member cluster.', {
  spec: must(specSchema),
  status: statusSchema,
});
