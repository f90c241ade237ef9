// A whole control plane over simulated members, for tests of the controllers together.

import type { ResourceBinding } from '../../engine/api/binding.ts';
import { builtInCollectionOf, COLLECTIONS } from '../../engine/api/kinds.ts';
import { HUB, memberPlace } from '../../engine/control/place.ts';
import type { TraceLine } from '../../engine/control/trace.ts';
import { agentControllersOf, indexesOf, processesOf } from '../../engine/controllers/index.ts';
import type { ControlPorts } from '../../engine/controllers/ports.ts';
import type { KubeObject } from '../../engine/kube/meta.ts';
import type { Millis } from '../../engine/kube/time.ts';
import { circumstancesOf, MUSTER_PROFILE, type Profile } from '../../engine/profile/profile.ts';
import { builtInLayers } from '../../engine/propagate/interpret/built-in.ts';
import { Interpreter } from '../../engine/propagate/interpret/interpreter.ts';
import { Simulation } from '../../engine/simulate/driver.ts';
import { hubAdmission } from '../../engine/simulate/hub-admission.ts';
import { timeZones } from '../../executor/script/time-zones.ts';
import { yamlCodec } from '../../executor/script/yaml-codec.ts';
import { dynamic, weighted } from './binding.ts';

export const portsFor = (profile: Profile): ControlPorts => ({
  profile,
  interpreter: new Interpreter(builtInLayers),
  yaml: yamlCodec,
  scores: [],
  zones: timeZones,
});

export interface Fixture {
  readonly simulation: Simulation;
  readonly put: (object: KubeObject) => void;
  readonly change: (
    object: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>,
    change: (object: KubeObject) => KubeObject,
  ) => void;
  readonly remove: (object: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>) => void;
  readonly get: (apiVersion: string, kind: string, name: string, namespace?: string) => KubeObject | null;
  readonly binding: (name: string) => ResourceBinding | null;
  /** "m1=2 m2=1", as decided. */
  readonly places: (name: string) => string;
  /** Replicas that serve in truth, by cluster. */
  readonly serving: (name: string) => string;
}

export interface FixtureOptions {
  readonly profile?: Profile;
  readonly seed?: string;
  readonly clusters?: readonly string[];
  readonly cpu?: string;
  /** Clusters that have an agent of their own. */
  readonly pull?: readonly string[];
  readonly trace?: (line: TraceLine) => void;
}

const START: Millis = 1_767_225_600_000;

export function controlPlane(options: FixtureOptions = {}): Fixture {
  const {
    profile = MUSTER_PROFILE,
    seed = 'seed',
    clusters = ['m1', 'm2', 'm3'],
    cpu = '8',
    pull = [],
    trace,
  } = options;
  const ports = portsFor(profile);
  let ids = 0;
  const time = { now: () => START };
  const simulation: Simulation = new Simulation({
    seed,
    start: START,
    indexes: indexesOf(ports),
    admit: hubAdmission({
      uid: () => `id-${++ids}`,
      now: () => time.now(),
      zones: timeZones,
      ...circumstancesOf(profile),
      ...(profile.gates.FederatedQuotaEnforcement && {
        quotasHold: (collection, namespace) => simulation.world.hub.store.list(collection, namespace),
      }),
    }),
  });
  time.now = () => simulation.now;
  const { hub } = simulation.world;
  const collectionOf = ({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>) =>
    builtInCollectionOf(apiVersion, kind)!;
  const put = (object: KubeObject) => {
    const collection = collectionOf(object);
    const { namespace = '', name } = object.metadata;
    const known = hub.store.get(collection, namespace, name);
    const result = known === null ? hub.create(collection, object) : hub.writer.update(collection, object);
    if (!result.ok) throw new Error(result.message);
  };
  for (const name of clusters) {
    simulation.addMember({
      name,
      nodes: [{ name: 'node', count: 2, allocatable: { cpu, memory: '64Gi', pods: 110 } }],
    });
    put(clusterObject(name, pull.includes(name) ? { syncMode: 'Pull' } : {}));
    if (pull.includes(name)) {
      const controllers = agentControllersOf(ports, name);
      simulation.addProcess({ name: `agent/${name}`, at: memberPlace(name), controllers, ...(trace && { trace }) });
    }
  }
  for (const process of processesOf(ports)) simulation.addProcess({ ...process, at: HUB, ...(trace && { trace }) });
  const keyOf = (object: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>) => ({
    collection: collectionOf(object),
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
  });
  const binding = (name: string) =>
    hub.store.get(COLLECTIONS.bindings, 'default', name) as unknown as ResourceBinding | null;
  return {
    simulation,
    put,
    change: (object, change) => {
      const result = hub.writer.patch(keyOf(object), change);
      if (!result.ok) throw new Error(result.message);
    },
    remove: (object) => void hub.writer.delete(keyOf(object), hub.now),
    get: (apiVersion, kind, name, namespace = 'default') =>
      hub.store.get(collectionOf({ apiVersion, kind }), namespace, name),
    binding,
    places: (name) =>
      (binding(`${name}-deployment`)?.spec.clusters ?? [])
        .map(({ name: one, replicas }) => `${one}=${replicas}`)
        .join(' '),
    serving: (name) =>
      simulation.world.members
        .map((member) => [
          member.name,
          member.servingPods({ collection: 'apps/deployments', namespace: 'default', name }),
        ])
        .filter(([, count]) => count !== 0)
        .map((pair) => pair.join('='))
        .join(' '),
  };
}

export const clusterObject = (name: string, spec: object = {}, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name, labels },
  spec: { syncMode: 'Push', apiEndpoint: `https://${name}.example`, ...spec },
});

export const deployment = (name: string, replicas: number, image = 'shop/app:1'): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image, resources: { requests: { cpu: '500m' } } }] },
    },
  },
});

export const DYNAMIC = { replicaScheduling: dynamic };

export const policyFor = (
  { apiVersion, kind, metadata: { name } }: KubeObject,
  placement: object = DYNAMIC,
  spec: object = {},
): KubeObject => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name, namespace: 'default' },
  spec: { resourceSelectors: [{ apiVersion, kind, name }], placement, ...spec },
});

/** Time to begin, the objects, and time to come to rest. */
export const started = (plane: Fixture = controlPlane(), ...objects: KubeObject[]): Fixture => {
  plane.simulation.runFor(5_000);
  for (const object of objects) plane.put(object);
  plane.simulation.runFor(60_000);
  return plane;
};

export const withSpec =
  (change: object) =>
  (object: KubeObject): KubeObject => ({ ...object, spec: { ...(object.spec as object), ...change } });

/** The same with pods of which each asks for so much. */
export function sized(object: KubeObject, cpu: string): KubeObject {
  const spec = object.spec as { template: { spec: { containers: object[] } } };
  const [first] = spec.template.spec.containers;
  const containers = [{ ...first, resources: { requests: { cpu } } }];
  return withSpec({ template: { ...spec.template, spec: { ...spec.template.spec, containers } } })(object);
}

/** The placement in these clusters alone. */
export const onlyIn = (...clusterNames: string[]) => ({ clusterAffinity: { clusterNames } });

/** The placement in these clusters alone, its replicas divided by these weights. */
export const weighedIn = (weights: Readonly<Record<string, number>>) => ({
  ...onlyIn(...Object.keys(weights)),
  replicaScheduling: weighted(weights),
});

/** Alike in each of these clusters. */
export const evenlyIn = (...clusterNames: readonly string[]) =>
  weighedIn(Object.fromEntries(clusterNames.map((name) => [name, 1])));
