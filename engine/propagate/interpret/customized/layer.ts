// What customizations say of kinds, as the layer that is asked before all others.
import type { Component, ReplicaRequirements } from '../../../api/binding.ts';
import {
  CUSTOMIZED_OPERATIONS,
  type CustomizedOperation,
  type ResourceInterpreterCustomization,
} from '../../../api/interpreter-customization.ts';
import { byKey, byText, inOrder } from '../../../base/order.ts';
import { canonicalJson, isObject } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { formatQuantity, parseQuantity } from '../../../kube/quantity.ts';
import { LuaError, type LuaValue, typeName } from '../../../lua/value.ts';
import { PropagationError } from '../../errors.ts';
import type { DependentReference, InterpreterLayer, KindInterpreter } from '../interpreter.ts';
import { verifyReferences } from '../reference-problem.ts';
import { run, type Script, tableIn, told } from './scripts.ts';

type Scripts = ReadonlyMap<CustomizedOperation, readonly Script[]>;

/** Of several for one kind, the first by name that says something of an operation counts; of dependencies all together. */
export function customizedLayer(customizations: readonly ResourceInterpreterCustomization[]): InterpreterLayer {
  const byKind = new Map<string, Map<CustomizedOperation, Script[]>>();
  const inTurn = [...customizations].sort(inOrder(byKey(({ metadata }) => metadata.name, byText)));
  for (const customization of inTurn) {
    const { target, customizations: rules } = customization.spec;
    const key = `${target.apiVersion} ${target.kind}`;
    const scripts = byKind.get(key) ?? new Map<CustomizedOperation, Script[]>();
    byKind.set(key, scripts);
    for (const operation of CUSTOMIZED_OPERATIONS) {
      if (!rules[operation]?.luaScript) continue;
      scripts.set(operation, [...(scripts.get(operation) ?? []), { customization, operation }]);
    }
  }
  const kinds = new Map([...byKind].map(([kind, scripts]) => [kind, interpreterOf(scripts)]));
  return (apiVersion, kind) => kinds.get(`${apiVersion} ${kind}`) ?? null;
}

function interpreterOf(scripts: Scripts): KindInterpreter {
  const first = (operation: CustomizedOperation): Script | undefined => scripts.get(operation)?.[0];
  const known: { -readonly [O in keyof KindInterpreter]: KindInterpreter[O] } = {};
  const replicas = first('replicaResource');
  if (replicas) known.replicas = (object) => run(replicas, [object], ([count, needs]) => replicasIn(count, needs));
  const components = first('componentResource');
  if (components) known.components = (object) => run(components, [object], ([list]) => componentsIn(list));
  const revision = first('replicaRevision');
  if (revision) {
    known.revise = (object, count) => run(revision, [object, count], ([revised]) => objectIn(revised, [object]));
  }
  const retention = first('retention');
  if (retention) {
    known.retain = (desired, observed) =>
      run(retention, [desired, observed], ([kept]) => objectIn(kept, [desired, observed]));
  }
  const reflection = first('statusReflection');
  if (reflection) {
    known.reflect = (object) => run(reflection, [object], ([status]) => told(tableIn(status, 'the status')) ?? {});
  }
  const aggregation = first('statusAggregation');
  if (aggregation) {
    known.aggregate = (object, items) => run(aggregation, [object, items], ([gathered]) => objectIn(gathered, []));
  }
  const health = first('healthInterpretation');
  if (health) known.healthy = (object) => run(health, [object], ([isWell]) => flagIn(isWell));
  const dependencies = scripts.get('dependencyInterpretation');
  if (dependencies) known.dependencies = (object) => allReferences(dependencies, object);
  return known;
}

function replicasIn(count: LuaValue, needs: LuaValue) {
  if (typeof count !== 'number') throw new LuaError(`the number of replicas is a ${typeName(count)}`);
  const replicas = Math.trunc(count) | 0;
  return {
    replicas,
    requirements: needs === undefined ? null : requirementsIn(told(tableIn(needs, 'what they ask for')) ?? {}),
  };
}

function requirementsIn(value: unknown): ReplicaRequirements {
  if (!isObject(value)) throw new LuaError('what replicas ask for should have names');
  const { resourceRequest } = value;
  if (resourceRequest === undefined) return value as ReplicaRequirements;
  if (!isObject(resourceRequest)) throw new LuaError('resourceRequest should have names');
  const amounts = Object.fromEntries(
    Object.keys(resourceRequest).map((name) => [name, amountIn(name, resourceRequest[name])]),
  );
  return { ...value, resourceRequest: amounts } as ReplicaRequirements;
}

function amountIn(name: string, value: unknown): string {
  const quantity = typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : null;
  if (quantity === null) throw new LuaError(`what replicas ask for of ${name} is no quantity`);
  return formatQuantity(quantity);
}

function componentsIn(list: LuaValue): readonly Component[] {
  const found = told(tableIn(list, 'the list of components')) ?? [];
  if (!Array.isArray(found)) throw new LuaError('the components should be a list');
  return found.map((component) => {
    if (!isObject(component) || typeof component.name !== 'string' || !Number.isInteger(component.replicas ?? 0)) {
      throw new LuaError('a component should have a name and a number of replicas');
    }
    const { replicaRequirements } = component;
    return {
      ...(component as unknown as Component),
      replicas: Number(component.replicas ?? 0),
      ...(replicaRequirements !== undefined && { replicaRequirements: requirementsIn(replicaRequirements) }),
    };
  });
}

function objectIn(value: LuaValue, references: readonly unknown[]): KubeObject {
  const object = told(tableIn(value, 'what the script answers'), references);
  if (!isObject(object) || !isObject(object.metadata)) throw new LuaError('what the script answers is no object');
  return object as unknown as KubeObject;
}

function flagIn(value: LuaValue): boolean {
  if (typeof value !== 'boolean') throw new LuaError(`the health is a ${typeName(value)}, and should be true or false`);
  return value;
}

const inReading = inOrder<DependentReference>(
  byKey(({ apiVersion }) => apiVersion, byText),
  byKey(({ kind }) => kind, byText),
  byKey(({ namespace }) => namespace ?? '', byText),
  byKey(({ name }) => name ?? '', byText),
);

function allReferences(scripts: readonly Script[], object: KubeObject): readonly DependentReference[] {
  const found = scripts.flatMap((script) =>
    run(script, [object], ([list]) => {
      const references = told(tableIn(list, 'the list of references')) ?? [];
      if (!Array.isArray(references)) throw new LuaError('the references should be a list');
      return references.map(referenceIn);
    }),
  );
  const unique = new Map(verifyReferences(found).map((reference) => [canonicalJson(reference), reference]));
  return [...unique.values()].sort(inReading);
}

function referenceIn(value: unknown): DependentReference {
  if (!isObject(value)) throw new LuaError('a reference should have an apiVersion, a kind and a name');
  const { apiVersion, kind, namespace, name, labelSelector } = value;
  for (const part of [apiVersion, kind, namespace, name]) {
    if (part !== undefined && typeof part !== 'string') throw new LuaError('a reference is made of texts');
  }
  if (labelSelector !== undefined && !isObject(labelSelector)) throw new PropagationError('a labelSelector has names');
  return {
    apiVersion: apiVersion as string,
    kind: kind as string,
    ...(namespace !== undefined && { namespace: namespace as string }),
    ...(name !== undefined && { name: name as string }),
    ...(labelSelector !== undefined && { labelSelector: labelSelector as DependentReference['labelSelector'] }),
  };
}
