// Kyverno's Policy and ClusterPolicy.
import { booleanAt, fieldsAt } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf, sumOf } from '../native/generation.ts';
import { conditionsByCluster, isReadyBecause } from './conditions.ts';
import { lastValue, reflectFields, withStatus } from './status.ts';

const RULES = ['validate', 'generate', 'mutate', 'verifyimages'] as const;

export const kyvernoPolicy: KindInterpreter = {
  reflect: (object) => reflectFields(object, ['autogen', 'conditions', 'ready', 'rulecount']),
  aggregate: (object, items) => {
    const statuses = statusesOf(items);
    const counts = statuses.map((status) => (status && fieldsAt(status, 'rulecount')) ?? null);
    return withStatus(object, {
      autogen: lastValue(statuses, 'autogen'),
      ready: lastValue(statuses, 'ready'),
      rulecount: Object.fromEntries(RULES.map((rule) => [rule, sumOf(counts, rule)])),
      conditions: conditionsByCluster(items),
    });
  },
  /** Older versions say it in a field, newer ones in a condition. */
  healthy: (object) =>
    booleanAt(object, 'status', 'ready') ?? isReadyBecause(fieldsAt(object, 'status'), ['Succeeded']),
};
