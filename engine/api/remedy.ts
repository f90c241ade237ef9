// Remedy (remedy.karmada.io/v1alpha1): what is to be done about clusters with certain conditions.
import type { ObjectMeta } from '../kube/meta.ts';
import { kindSchema } from '../kube/schema/kind-schema.ts';
import { listOf, must, objectOf, oneOf, type SchemaOf, text, textList } from '../kube/schema/typed-schema.ts';

export interface ClusterConditionMatch {
  conditionType: string;
  operator: 'Equal' | 'NotEqual';
  conditionStatus: string;
}

export interface DecisionMatch {
  clusterConditionMatch?: ClusterConditionMatch;
}

export interface RemedySpec {
  /** Every cluster where it is left out. */
  clusterAffinity?: { clusterNames?: string[] };
  /** Any of them will do; without any it is done at once. */
  decisionMatches?: DecisionMatch[];
  actions?: string[];
}

export interface Remedy {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec: RemedySpec;
}

const matchSchema = objectOf<ClusterConditionMatch>('What a condition of the cluster says.', {
  conditionType: must(text('The condition.')),
  operator: must(oneOf('Whether it is to say that, or anything else.', ['Equal', 'NotEqual'])),
  conditionStatus: must(text('What it says.')),
});

export const remedySchema: SchemaOf<Remedy> = kindSchema<Remedy>('What is to be done about clusters.', {
  spec: must(
    objectOf<RemedySpec>('What, where and when.', {
      clusterAffinity: objectOf<{ clusterNames?: string[] }>('Which clusters.', {
        clusterNames: textList('Their names.'),
      }),
      decisionMatches: listOf(
        'What it is done for.',
        objectOf<DecisionMatch>('One reason.', { clusterConditionMatch: matchSchema }),
      ),
      actions: textList('What is done, such as TrafficControl.'),
    }),
  ),
});
