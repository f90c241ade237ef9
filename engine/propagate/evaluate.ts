// Answers one question about propagation, as recorded cases put it: what would Karmada do to this object here?
import type { AggregatedStatusItem } from '../api/binding.ts';
import type { Cluster } from '../api/cluster.ts';
import type { ResourceInterpreterCustomization } from '../api/interpreter-customization.ts';
import type { OverridePolicy } from '../api/override.ts';
import type { PropagationPolicy } from '../api/policy.ts';
import { formatProblem, problemsOf, type Shape } from '../base/shape.ts';
import { isObject } from '../kube/json.ts';
import { type KubeObject, objectKey } from '../kube/meta.ts';
import { type Millis, parseTime } from '../kube/time.ts';
import { PropagationError } from './errors.ts';
import { type Fields, fieldsAt, listAt, numberAt, textAt } from './fields.ts';
import { customizedLayer } from './interpret/customized/layer.ts';
import type { Interpreter } from './interpret/interpreter.ts';
import { rankPolicies } from './match.ts';
import type { YamlCodec } from './override/field.ts';
import { applyOverrides } from './override/override.ts';
import { pruneManifest } from './prune.ts';
import { cluster, customization, overridePolicy, propagationPolicy } from './question-shapes.ts';

export interface EvaluatePorts {
  readonly interpreter: Interpreter;
  readonly yaml: YamlCodec;
}

/** A question that cannot be read; what Karmada would refuse is a PropagationError instead. */
export class MalformedQuestion extends Error {
  override readonly name = 'MalformedQuestion';
}

export type Answer = Readonly<Record<string, unknown>>;
/** Reads what the operation needs, and returns how to find the answer. */
type Reader = (question: Fields, object: KubeObject) => (ports: EvaluatePorts) => Answer;

const READERS: Readonly<Record<string, Reader>> = {
  match: readMatch,
  override: readOverride,
  prune: (_, object) => () => ({ object: pruneManifest(object) }),
  replicas:
    (_, object) =>
    ({ interpreter }) => ({ ...(interpreter.replicas(object) ?? { replicas: 0, requirements: null }) }),
  components:
    (_, object) =>
    ({ interpreter }) => ({ components: interpreter.components(object) }),
  revise: (question, object) => {
    const replicas = required('replicas', numberAt(question, 'replicas'));
    return ({ interpreter }) => ({ object: interpreter.revise(object, replicas) });
  },
  retain: (question, object) => {
    const observed = objectOf(question, 'observed');
    return ({ interpreter }) => ({ object: interpreter.retain(object, observed) });
  },
  reflect:
    (_, object) =>
    ({ interpreter }) => ({ status: interpreter.reflect(object) }),
  aggregate: (question, object) => {
    const items = listAt(question, 'items') as unknown as AggregatedStatusItem[];
    const now = timeOf(question);
    return ({ interpreter }) => ({ object: interpreter.aggregate(object, items, now) });
  },
  health:
    (_, object) =>
    ({ interpreter }) => ({ healthy: interpreter.healthy(object) }),
  dependencies:
    (_, object) =>
    ({ interpreter }) => ({ dependencies: interpreter.dependencies(object) }),
};

/** Throws MalformedQuestion, and PropagationError where Karmada would refuse too. */
export function evaluate(question: unknown, { interpreter, yaml }: EvaluatePorts): Answer {
  const answer = read(question);
  const told = customizationsIn(question as Fields);
  return answer({ yaml, interpreter: told.length === 0 ? interpreter : interpreter.after(customizedLayer(told)) });
}

const customizationsIn = (question: Fields): readonly ResourceInterpreterCustomization[] =>
  listAt(question, 'customizations').map((one, at) => shaped(customization, one, `customizations[${at}]`));

function read(question: unknown): (ports: EvaluatePorts) => Answer {
  if (!isObject(question)) throw new MalformedQuestion('it must be an object');
  try {
    const op = required('op', textAt(question, 'op'));
    if (!Object.hasOwn(READERS, op)) {
      throw new MalformedQuestion(`op must be one of ${Object.keys(READERS).join(', ')}, not "${op}"`);
    }
    return READERS[op]!(question, objectOf(question, 'object'));
  } catch (error) {
    throw error instanceof PropagationError ? new MalformedQuestion(error.message) : error;
  }
}

function readMatch(question: Fields, object: KubeObject): () => Answer {
  const policies = policiesOf<PropagationPolicy>(question, 'propagationPolicies', propagationPolicy);
  const clusterPolicies = policiesOf<PropagationPolicy>(question, 'clusterPropagationPolicies', propagationPolicy);
  // A namespaced policy never claims an object without a namespace; here it is ranked for one all the same, because the
  // question is which policy of each kind would win.
  const { namespace } = object.metadata;
  const inReach = policies.filter((policy) => !namespace || policy.metadata.namespace === namespace);
  return () => {
    const policy = rankPolicies(object, inReach)[0]?.policy.metadata;
    const clusterPolicy = rankPolicies(object, clusterPolicies)[0]?.policy.metadata;
    return {
      ...(policy && { propagationPolicy: objectKey(policy.namespace, policy.name) }),
      ...(clusterPolicy && { clusterPropagationPolicy: clusterPolicy.name }),
    };
  };
}

function readOverride(question: Fields, object: KubeObject): (ports: EvaluatePorts) => Answer {
  const policies = {
    clusterOverridePolicies: policiesOf<OverridePolicy>(question, 'clusterOverridePolicies', overridePolicy),
    overridePolicies: policiesOf<OverridePolicy>(question, 'overridePolicies', overridePolicy),
  };
  const target = shaped<Cluster>(cluster, required('cluster', fieldsAt(question, 'cluster')), 'cluster');
  return ({ yaml }) => {
    const overridden = applyOverrides(object, target, policies, yaml);
    return {
      object: overridden.object,
      clusterOverridePolicies: overridden.clusterOverrides.map(({ policyName }) => policyName),
      overridePolicies: overridden.namespacedOverrides.map(({ policyName }) => policyName),
    };
  };
}

const policiesOf = <T>(question: Fields, field: string, shape: Shape): readonly T[] =>
  listAt(question, field).map((policy, at) => shaped<T>(shape, policy, `${field}[${at}]`));

function shaped<T>(shape: Shape, value: Fields, place: string): T {
  const [problem] = problemsOf((own, _, problems) => shape(own, place, problems), value);
  if (problem !== undefined) throw new MalformedQuestion(formatProblem(problem));
  return value as T;
}

function objectOf(question: Fields, field: string): KubeObject {
  const object = required(field, fieldsAt(question, field));
  required(`${field}.metadata`, fieldsAt(object, 'metadata'));
  for (const name of ['apiVersion', 'kind']) required(`${field}.${name}`, textAt(object, name));
  return object as KubeObject;
}

function required<T>(place: string, value: T | undefined): T {
  if (value === undefined || value === '') throw new MalformedQuestion(`${place} is missing`);
  return value;
}

/** New conditions carry the question's own time, so that the answer is the same on every day. */
function timeOf(question: Fields): Millis {
  const text = textAt(question, 'now');
  const time = text === undefined ? 0 : parseTime(text);
  if (time === null) throw new MalformedQuestion(`now must be a timestamp, not "${text}"`);
  return time;
}
