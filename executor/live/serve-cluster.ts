// What an agent does while it leads: the work of its cluster, fetched from the hub.
import {
  agentControllersOf,
  CLUSTER_NAMESPACE,
  COLLECTIONS,
  type ControlPorts,
  executionSpaceOf,
} from '../../engine/index.ts';
import { type ApiAddress, HttpApi, type HttpApiOptions } from './http-api.ts';
import { HttpClient } from './http-client.ts';
import type { Observer } from './observe/observer.ts';
import { startObserved } from './observed-process.ts';
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
  const process = startObserved({
    name: `agent-${name}`,
    controllers: agentControllersOf(ports, name),
    hub,
    memberOf: (cluster) => (cluster === name ? member : null),
    now: time.now,
    ...(trace !== null && { trace: trace.write }),
    observer,
  });
  return {
    stop: async () => {
      await process.stop();
      for (const client of [hub, member]) client.close();
    },
  };
}
