// Answers one question about propagation, as recorded cases put it: what would Karmada do to this object here?
import type { AggregatedStatusItem } from '../api/binding.ts';
import type { Cluster } from '../api/cluster.ts';
import type { OverridePolicy } from '../api/override.ts';
import type { PropagationPolicy } from '../api/policy.ts';
import { isObject } from '../kube/json.ts';
import { type KubeObject, objectKey } from '../kube/meta.ts';
import { type Millis, parseTime } from '../kube/time.ts';
import { PropagationError } from './errors.ts';
import { fieldsAt, listAt, numberAt, textAt } from './fields.ts';
import type { Interpreter } from './interpret/interpreter.ts';
import { rankPolicies } from './match.ts';
import type { YamlCodec } from './override/field.ts';
import { applyOverrides } from './override/override.ts';
import { pruneManifest } from './prune.ts';

export interface EvaluatePorts {
  readonly interpreter: Interpreter;
  readonly yaml: YamlCodec;
}

type Question = Readonly<Record<string, unknown>>;
export type Answer = Readonly<Record<string, unknown>>;
type Evaluator = (object: KubeObject, question: Question, ports: EvaluatePorts) => Answer;

const EVALUATORS: Readonly<Record<string, Evaluator>> = {
  match: (object, question) => {
    const policies = listAt(question, 'propagationPolicies') as unknown as PropagationPolicy[];
    const clusterPolicies = listAt(question, 'clusterPropagationPolicies') as unknown as PropagationPolicy[];
    // A namespaced policy never claims an object without a namespace; here it is ranked for one all the same, because the
    // question is which policy of each kind would win.
    const { namespace } = object.metadata;
    const inReach = policies.filter((policy) => !namespace || policy.metadata.namespace === namespace);
    const policy = rankPolicies(object, inReach)[0]?.policy.metadata;
    const clusterPolicy = rankPolicies(object, clusterPolicies)[0]?.policy.metadata;
    return {
      ...(policy && { propagationPolicy: objectKey(policy.namespace, policy.name) }),
      ...(clusterPolicy && { clusterPropagationPolicy: clusterPolicy.name }),
    };
  },
  override: (object, question, { yaml }) => {
    const policies = {
      clusterOverridePolicies: listAt(question, 'clusterOverridePolicies') as unknown as OverridePolicy[],
      overridePolicies: listAt(question, 'overridePolicies') as unknown as OverridePolicy[],
    };
    const overridden = applyOverrides(object, objectOf(question, 'cluster') as unknown as Cluster, policies, yaml);
    return {
      object: overridden.object,
      clusterOverridePolicies: overridden.clusterOverrides.map(({ policyName }) => policyName),
      overridePolicies: overridden.namespacedOverrides.map(({ policyName }) => policyName),
    };
  },
  prune: (object) => ({ object: pruneManifest(object) }),
  replicas: (object, _, { interpreter }) => ({
    ...(interpreter.replicas(object) ?? { replicas: 0, requirements: null }),
  }),
  revise: (object, question, { interpreter }) => {
    const replicas = numberAt(question, 'replicas');
    if (replicas === undefined) throw new PropagationError('replicas is missing');
    return { object: interpreter.revise(object, replicas) };
  },
  retain: (object, question, { interpreter }) => ({
    object: interpreter.retain(object, kubeObjectOf(question, 'observed')),
  }),
  reflect: (object, _, { interpreter }) => ({ status: interpreter.reflect(object) }),
  aggregate: (object, question, { interpreter }) => {
    const items = listAt(question, 'items') as unknown as AggregatedStatusItem[];
    return { object: interpreter.aggregate(object, items, timeOf(question)) };
  },
  health: (object, _, { interpreter }) => ({ healthy: interpreter.healthy(object) }),
  dependencies: (object, _, { interpreter }) => ({ dependencies: interpreter.dependencies(object) }),
};

/** Throws PropagationError for a question that cannot be read, and where Karmada would refuse too. */
export function evaluate(question: Question, ports: EvaluatePorts): Answer {
  const op = textAt(question, 'op');
  const evaluator = op !== undefined && Object.hasOwn(EVALUATORS, op) ? EVALUATORS[op] : undefined;
  if (evaluator === undefined) {
    const known = Object.keys(EVALUATORS).join(', ');
    throw new PropagationError(`op must be one of ${known}, not ${op === undefined ? 'absent' : `"${op}"`}`);
  }
  return evaluator(kubeObjectOf(question, 'object'), question, ports);
}

function objectOf(question: Question, field: string): Question {
  const value = fieldsAt(question, field);
  if (value === undefined) throw new PropagationError(`${field} is missing`);
  if (!isObject(value.metadata)) throw new PropagationError(`${field}.metadata must be an object`);
  return value;
}

function kubeObjectOf(question: Question, field: string): KubeObject {
  const value = objectOf(question, field);
  for (const name of ['apiVersion', 'kind']) {
    if (!textAt(value, name)) throw new PropagationError(`${field}.${name} must be a text that is not empty`);
  }
  return value as KubeObject;
}

/** New conditions carry the question's own time, so that the answer is the same on every day. */
function timeOf(question: Question): Millis {
  const text = textAt(question, 'now');
  const time = text === undefined ? 0 : parseTime(text);
  if (time === null) throw new PropagationError(`now must be a timestamp, not "${text}"`);
  return time;
}
