// Admission of Remedy: the same as its definition says to those who have a server.
import { listOf, oneOf, onlyFields, text } from '../../base/shape.ts';
import { kindShape, texts } from './words.ts';

const match = onlyFields({ conditionType: text, operator: oneOf('Equal', 'NotEqual'), conditionStatus: text });

export const remedyShape = kindShape(
  onlyFields(
    {},
    {
      clusterAffinity: onlyFields({}, { clusterNames: texts }),
      decisionMatches: listOf(onlyFields({}, { clusterConditionMatch: match })),
      actions: texts,
    },
  ),
);
