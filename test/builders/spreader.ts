// A toy of a control plane for tests of the simulation: an App becomes a Deployment in each of its clusters.
import type { Command } from '../../engine/control/command.ts';
import { type Controller, NOTHING_TO_DO } from '../../engine/control/controller.ts';
import { HUB, memberPlace } from '../../engine/control/place.ts';
import type { KubeObject } from '../../engine/kube/meta.ts';

export const APPS = 'toys.example/apps';
export const DEPLOYMENTS = 'apps/deployments';

export const app = (name: string, replicas: number, clusters: readonly string[]): KubeObject => ({
  apiVersion: 'toys.example/v1',
  kind: 'App',
  metadata: { name, namespace: 'default' },
  spec: { replicas, clusters },
});

export interface AppSpec {
  readonly replicas: number;
  readonly clusters: readonly string[];
}

/** A small propagation: an App becomes a Deployment in each of its clusters, and its status counts what is ready. */
export const spreader: Controller = {
  name: 'spreader',
  watches: [
    { on: 'hub', collection: APPS, keysOf: ({ object }) => [object.metadata.name] },
    { on: 'members', collection: DEPLOYMENTS, keysOf: ({ object }) => [object.metadata.name] },
  ],
  backOff: { baseMs: 100, maxMs: 5_000 },
  reconcile: (name, view) => {
    const found = view.get(APPS, 'default', name);
    if (found === null) return NOTHING_TO_DO;
    const { replicas, clusters } = found.spec as AppSpec;
    const commands: Command[] = [];
    let ready = 0;
    for (const cluster of clusters) {
      const on = memberPlace(cluster);
      const member = view.member(cluster);
      if (!member.isWatched(DEPLOYMENTS))
        commands.push({ on, verb: 'watch', collection: DEPLOYMENTS, isIndependent: true });
      if (!member.isSynced(DEPLOYMENTS)) continue;
      const key = { collection: DEPLOYMENTS, namespace: 'default', name };
      const there = member.get(DEPLOYMENTS, 'default', name);
      const object = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace: 'default' },
        spec: {
          replicas,
          selector: { matchLabels: { app: name } },
          template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'a', image: 'b' }] } },
        },
      };
      if (there === null) commands.push({ on, verb: 'create', key, object, isIndependent: true });
      else if ((there.spec as { replicas: number }).replicas !== replicas) {
        const metadata = { ...object.metadata, resourceVersion: there.metadata.resourceVersion! };
        commands.push({ on, verb: 'update', key, object: { ...object, metadata }, isIndependent: true });
      }
      ready += Number((there?.status as { readyReplicas?: number } | undefined)?.readyReplicas ?? 0);
    }
    if ((found.status as { ready?: number } | undefined)?.ready !== ready) {
      const key = { collection: APPS, namespace: 'default', name };
      const { resourceVersion } = found.metadata;
      commands.push({
        on: HUB,
        verb: 'update-status',
        key,
        object: { ...found, metadata: { ...found.metadata, resourceVersion }, status: { ready } },
      });
    }
    // Whoever waits for a member that does not answer looks again.
    const isWaiting = clusters.some((cluster) => !view.member(cluster).isSynced(DEPLOYMENTS));
    return { commands, requeue: isWaiting ? { afterMs: 1_000 } : 'await-change', events: [] };
  },
};
