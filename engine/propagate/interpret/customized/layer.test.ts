// What users say of kinds in scripts counts before what is known of them, and a script that fails is a refusal.
import { describe, expect, it } from 'vitest';
import type { CustomizedOperation, ResourceInterpreterCustomization } from '../../../api/interpreter-customization.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { PropagationError } from '../../errors.ts';
import { interpreterWith } from '../built-in.ts';

const arena: KubeObject = {
  apiVersion: 'example.com/v1',
  kind: 'Arena',
  metadata: { name: 'games', namespace: 'play', labels: {} },
  spec: {
    halls: 6,
    seats: [],
    rules: ['chess', 'go'],
    template: {
      spec: {
        nodeSelector: {},
        containers: [
          { name: 'a', resources: { requests: { cpu: '500m' } }, envFrom: [{ secretRef: { name: 'key' } }] },
        ],
      },
    },
  },
};

const said = (name: string, scripts: { readonly [operation in CustomizedOperation]?: string }, kind = 'Arena') =>
  ({
    apiVersion: 'config.karmada.io/v1alpha1',
    kind: 'ResourceInterpreterCustomization',
    metadata: { name },
    spec: {
      target: { apiVersion: kind === 'Arena' ? 'example.com/v1' : 'apps/v1', kind },
      customizations: Object.fromEntries(Object.entries(scripts).map(([key, luaScript]) => [key, { luaScript }])),
    },
  }) as ResourceInterpreterCustomization;

const with1 = (scripts: { readonly [operation in CustomizedOperation]?: string }) =>
  interpreterWith([said('arenas', scripts)]);

describe('what users say of a kind', () => {
  it('is how many replicas it has, and what they ask for', () => {
    const interpreter = with1({
      replicaResource: `
        local kube = require("kube")
        function GetReplicas(obj) return obj.spec.halls, kube.accuratePodRequirements(obj.spec.template) end`,
    });
    expect(interpreter.replicas(arena)).toEqual({ replicas: 6, requirements: { resourceRequest: { cpu: '500m' } } });
    const bare = with1({ replicaResource: 'function GetReplicas(obj) return 2.9 end' });
    expect(bare.replicas(arena)).toEqual({ replicas: 2, requirements: null });
  });

  it('is of which parts it is made', () => {
    const interpreter = with1({
      componentResource: `
        local kube = require("kube")
        function GetComponents(obj)
          return {
            {name = "hall", replicas = obj.spec.halls, replicaRequirements = {resourceRequest = {memory = kube.getResourceQuantity("2Gi")}}},
            {name = "door", replicas = 1},
          }
        end`,
    });
    expect(interpreter.components(arena)).toEqual([
      { name: 'hall', replicas: 6, replicaRequirements: { resourceRequest: { memory: '2147483648' } } },
      { name: 'door', replicas: 1 },
    ]);
  });

  it('is how it is cut for a cluster, and what is empty in it stays what it was', () => {
    const interpreter = with1({
      replicaRevision: 'function ReviseReplica(obj, n) obj.spec.halls = n obj.spec.new = {} return obj end',
    });
    const revised = interpreter.revise(arena, 4);
    expect(revised).toEqual({ ...arena, spec: { ...(arena.spec as object), halls: 4 } });
    expect(arena.spec).toMatchObject({ halls: 6 });
  });

  it('is what the member keeps', () => {
    const interpreter = with1({
      retention:
        'function Retain(desired, observed) desired.spec.caretaker = observed.spec.caretaker return desired end',
    });
    const observed = { ...arena, spec: { caretaker: { tools: {} } } };
    expect(interpreter.retain(arena, observed).spec).toMatchObject({ caretaker: { tools: {} }, seats: [] });
  });

  it('is its status, where it is and all in all', () => {
    const interpreter = with1({
      statusReflection: 'function ReflectStatus(obj) return {open = obj.status.open, empty = {}} end',
      statusAggregation: `
        function AggregateStatus(obj, items)
          local open = 0
          for _, item in ipairs(items) do if item.status ~= nil then open = open + item.status.open end end
          obj.status = {open = open, names = #items}
          return obj
        end`,
    });
    expect(interpreter.reflect({ ...arena, status: { open: 3 } })).toEqual({ open: 3 });
    const items = [
      { clusterName: 'a', status: { open: 2 } },
      { clusterName: 'b', status: { open: 3 } },
      { clusterName: 'c' },
    ];
    expect(interpreter.aggregate(arena, items, 0).status).toEqual({ open: 5, names: 3 });
  });

  it('is whether it is well', () => {
    const interpreter = with1({
      healthInterpretation: 'function InterpretHealth(obj) return obj.status.open == obj.spec.halls end',
    });
    expect(interpreter.healthy({ ...arena, status: { open: 6 } })).toBe(true);
    expect(interpreter.healthy({ ...arena, status: { open: 5 } })).toBe(false);
    expect(() => interpreter.healthy(arena)).toThrow(
      new PropagationError(
        'healthInterpretation of the customization arenas: line 1: attempt to index a nil value with the key open',
      ),
    );
  });

  it('is what it cannot run without, by all that say something of it', () => {
    const rules = `function GetDependencies(obj)
      local found = {}
      for _, name in ipairs(obj.spec.rules) do
        found[#found + 1] = {apiVersion = "v1", kind = "ConfigMap", namespace = obj.metadata.namespace, name = name}
      end
      return found
    end`;
    const pods = `local kube = require("kube")
      function GetDependencies(obj) return kube.getPodDependencies(obj.spec.template, obj.metadata.namespace) end`;
    const interpreter = interpreterWith([
      said('b', { dependencyInterpretation: rules }),
      said('a', { dependencyInterpretation: pods }),
    ]);
    expect(interpreter.dependencies(arena).map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`)).toEqual([
      'ConfigMap play/chess',
      'ConfigMap play/go',
      'Secret play/key',
    ]);
    const nameless = with1({
      dependencyInterpretation: 'function GetDependencies() return {{apiVersion = "v1", kind = "X"}} end',
    });
    expect(() => nameless.dependencies(arena)).toThrow('has neither a name nor a labelSelector');
  });

  it('counts before what is known, and by the first of several in the order of their names', () => {
    const deployment = { ...arena, apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 3 } };
    const told = (name: string, count: number) =>
      said(name, { replicaResource: `function GetReplicas() return ${count} end` }, 'Deployment');
    expect(interpreterWith([told('b', 7), told('a', 5)]).replicas(deployment)?.replicas).toBe(5);
    expect(
      interpreterWith([said('c', { healthInterpretation: '' }, 'Deployment')]).replicas(deployment)?.replicas,
    ).toBe(3);
    expect(interpreterWith([told('b', 7)]).revise(deployment, 2).spec).toEqual({ replicas: 2 });
  });

  it.each([
    ['function GetReplicas() return "3" end', 'the number of replicas is a string'],
    ['function GetReplicas() return 1, 5 end', 'what they ask for is a number, and should be a table'],
    ['function GetReplicas() return 1, {resourceRequest = {cpu = "lots"}} end', 'of cpu is no quantity'],
    ['function Other() end', 'it has no function GetReplicas'],
    ['function GetReplicas( return end', 'line 1: there is "return", and should be'],
    ['function GetReplicas() while true do end end', 'more steps or room than it is given'],
    ['function GetReplicas() error("nothing doing") end', 'nothing doing'],
    [
      'local kube = require("kube") function GetReplicas() return 1, {resourceRequest = {cpu = kube.resourceAdd("x")}} end',
      'no quantity',
    ],
  ])('is refused where it makes no sense: %s', (replicaResource, message) => {
    expect(() => with1({ replicaResource }).replicas(arena)).toThrow(PropagationError);
    expect(() => with1({ replicaResource }).replicas(arena)).toThrow(message);
  });

  it('adds quantities as they are written', () => {
    const interpreter = with1({
      statusReflection: `local kube = require("kube")
        function ReflectStatus() return {a = kube.resourceAdd("1Gi", nil, "512Mi"), b = kube.resourceAdd("100m", "1"), c = kube.resourceAdd()} end`,
    });
    expect(interpreter.reflect(arena)).toEqual({ a: '1536Mi', b: '1100m', c: '0' });
  });
});
