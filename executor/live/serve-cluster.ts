// What an agent does while it leads: the work of its cluster, fetched from the hub.
import {
  agentControllersOf,
  CLUSTER_NAMESPACE,
  COLLECTIONS,
  type ControlPorts,
  executionSpaceOf,
} from '../../engine/index.ts';
import { EventWriter } from './event-writer.ts';
import { type ApiAddress, HttpApi, type HttpApiOptions } from './http-api.ts';
import { HttpClient } from './http-client.ts';
import { LiveProcess } from './live-process.ts';
import type { Observer } from './observe/observer.ts';
import type { RequestRate } from './request-rate.ts';
import type { TraceFile } from './trace-file.ts';
import { wallTime } from './wall-time.ts';

export interface ServingOptions {
  readonly name: string;
  readonly hub: ApiAddress;
  readonly hubProblem: NonNullable<HttpApiOptions['problem']>;
  readonly own: ApiAddress;
  /** Of requests to the cluster. */
  readonly rate: RequestRate;
  readonly ports: ControlPorts;
  readonly observer: Observer;
  readonly trace: TraceFile | null;
}

export function serveCluster(options: ServingOptions): { stop(): Promise<void> } {
  const { name, ports, observer, hubProblem, rate, trace } = options;
  const { requested } = observer;
  const time = { now: wallTime(), chance: Math.random };
  const spaces = new Map<string, string>([
    [COLLECTIONS.works, executionSpaceOf(name)],
    [COLLECTIONS.leases, CLUSTER_NAMESPACE],
  ]);
  const hub = new HttpClient(new HttpApi(options.hub, { requested, problem: hubProblem }), {
    ...time,
    // It may read nobody else's.
    namespaceOf: (one) => spaces.get(one) ?? '',
  });
  const member = new HttpClient(new HttpApi(options.own, { requested, rate }), time);
  const live = new LiveProcess({
    name: `agent-${name}`,
    controllers: agentControllersOf(ports, name),
    hub,
    memberOf: (cluster) => (cluster === name ? member : null),
    now: time.now,
    ...(trace !== null && { trace: trace.write }),
    onSettled: (task, results, tookMs) => {
      for (const record of task.outcome.events) events.tell(task.controller, record);
      observer.settled(task, results, tookMs);
    },
  });
  const events = new EventWriter({
    hub,
    now: time.now,
    find: ({ on, key }) => live.manager.cache.reader(on).get(key.collection, key.namespace, key.name),
  });
  const ended = observer.begun(live.manager);
  return {
    stop: async () => {
      await live.stop();
      ended();
      for (const client of [hub, member]) client.close();
    },
  };
}
