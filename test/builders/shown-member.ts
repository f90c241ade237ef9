// A member in virtual time that looks as embedded ones do, whose pods all take the same time.
import {
  always,
  type BehaviorRule,
  Clock,
  type KubeObject,
  Member,
  type NodePool,
  Random,
} from '../../engine/index.ts';
import { Appearance } from '../../executor/members/appearance/appearance.ts';

export const COLLECTIONS: Readonly<Record<string, string>> = {
  ControllerRevision: 'apps/controllerrevisions',
  CronJob: 'batch/cronjobs',
  DaemonSet: 'apps/daemonsets',
  Deployment: 'apps/deployments',
  Endpoints: '/endpoints',
  EndpointSlice: 'discovery.k8s.io/endpointslices',
  Event: '/events',
  Job: 'batch/jobs',
  Namespace: '/namespaces',
  Node: '/nodes',
  Pod: '/pods',
  ReplicaSet: 'apps/replicasets',
  Service: '/services',
  StatefulSet: 'apps/statefulsets',
};

const GROUPS: Readonly<Record<string, string>> = { apps: 'apps/v1', batch: 'batch/v1', '': 'v1' };

const QUICK: BehaviorRule = { match: {}, behavior: { start: always(2_000), stop: always(1_000), run: always(5_000) } };
const NODES: readonly NodePool[] = [{ name: 'node', count: 3, allocatable: { cpu: '4', memory: '8Gi', pods: 110 } }];

export interface ShownOptions {
  readonly nodes?: readonly NodePool[];
  readonly behaviors?: readonly BehaviorRule[];
}

export class ShownMember {
  readonly clock = new Clock(1_700_000_000_000);
  readonly member: Member;
  readonly #random = new Random('appearance');

  constructor({ nodes = NODES, behaviors = [] }: ShownOptions = {}) {
    let uids = 0;
    this.member = new Member({
      name: 'm',
      clock: this.clock,
      random: new Random('seed'),
      nodes,
      behaviors: [...behaviors, QUICK],
      historyMax: 10_000,
      showing: (inside) =>
        new Appearance(inside, {
          version: 'v1.36.0',
          create: (object) => {
            const made = inside.api.create(COLLECTIONS[object.kind]!, object);
            return made.ok ? made.object : made.message;
          },
          uid: () => `uid-${++uids}`,
          draw: (bound) => this.#random.integer(0, bound - 1),
        }),
    });
  }

  apply(
    kind: string,
    name: string,
    spec: Record<string, unknown>,
    metadata: Partial<KubeObject['metadata']> = {},
  ): void {
    const collection = COLLECTIONS[kind]!;
    const known = this.find(kind, name);
    const apiVersion = GROUPS[collection.split('/')[0]!]!;
    const object = {
      apiVersion,
      kind,
      metadata: { ...known?.metadata, name, namespace: 'default', ...metadata },
      spec,
    };
    const { api } = this.member;
    const result = known === null ? api.create(collection, object) : api.writer.update(collection, object);
    if (!result.ok) throw new Error(result.message);
  }

  /** Changes a part of a workload's spec. */
  change(kind: string, name: string, part: Record<string, unknown>): void {
    this.apply(kind, name, { ...(this.get(kind, name).spec as object), ...part });
  }

  delete(kind: string, name: string, gracePeriodSeconds = 0): void {
    const key = { collection: COLLECTIONS[kind]!, namespace: 'default', name };
    this.member.api.writer.delete(key, this.member.api.now, { gracePeriodSeconds });
  }

  find(kind: string, name: string, namespace = 'default'): KubeObject | null {
    return this.member.api.store.get(COLLECTIONS[kind]!, kind === 'Node' ? '' : namespace, name);
  }

  get(kind: string, name: string): KubeObject {
    const found = this.find(kind, name);
    if (found === null) throw new Error(`there is no ${kind} ${name}`);
    return found;
  }

  list(kind: string): readonly KubeObject[] {
    return this.member.api.store.list(COLLECTIONS[kind]!);
  }

  /** By reason, in the order in which they were told. */
  told(about: string): readonly string[] {
    return this.list('Event')
      .filter((event) => (event.involvedObject as { name: string }).name === about)
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
      .map(({ reason, message }) => `${reason}: ${message}`);
  }

  run(ms: number): void {
    this.clock.runUntil(this.clock.now + ms);
  }
}

export const template = (image = 'web:1', pod: Record<string, unknown> = {}) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image }], ...pod },
});

export const workload = (replicas: number, image = 'web:1', pod: Record<string, unknown> = {}) => ({
  replicas,
  selector: { matchLabels: { app: 'web' } },
  template: template(image, pod),
});
