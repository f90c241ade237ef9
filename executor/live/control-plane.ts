// The whole control plane, live: all controllers, or those that are picked, on a hub and the members that it tells of.
import { type Controller, type ControlPorts, controllersOf, memberPlace, type TraceLine } from '../../engine/index.ts';
import { FleetClients } from './fleet-clients.ts';
import type { Observer } from './observe/observer.ts';
import { startObserved } from './observed-process.ts';
import type { PlaceClient } from './place-client.ts';
import type { RequestRate } from './request-rate.ts';
import { wallTime } from './wall-time.ts';

export interface ControlPlaneOptions {
  readonly hub: PlaceClient;
  readonly controllers: readonly Controller[];
  readonly trace?: (line: TraceLine) => void;
  readonly observer?: Observer;
  /** Requests a second to each member, and how many at once. */
  readonly memberRate?: RequestRate;
}

export class UnknownController extends Error {
  override readonly name = 'UnknownController';
}

export interface ControlPlane {
  stop(): Promise<void>;
}

/** Those of the names, or all; a name that there is not is an error. */
export function pickControllers(ports: ControlPorts, names: readonly string[] | null): readonly Controller[] {
  const all = controllersOf(ports);
  for (const name of names ?? []) {
    if (all.some((one) => one.name === name)) continue;
    throw new UnknownController(`there is no controller ${name}: they are ${all.map((one) => one.name).join(', ')}`);
  }
  return names === null ? all : all.filter(({ name }) => names.includes(name));
}

export function startControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { hub, controllers, trace, observer, memberRate } = options;
  const now = wallTime();
  const api = {
    ...(observer !== undefined && { requested: observer.requested }),
    ...(memberRate !== undefined && { rate: memberRate }),
  };
  const fleet = new FleetClients(hub, now, api, {
    changed: (cluster, client) => {
      const place = memberPlace(cluster);
      if (client === null) live.forget(place);
      else live.reconnect(place, client);
    },
  });
  const { live, stop } = startObserved({
    name: 'control-plane',
    controllers,
    hub,
    memberOf: (cluster) => fleet.client(cluster),
    memberSoon: (cluster) => fleet.clientSoon(cluster),
    whyNoMember: (cluster) => fleet.whyNoWay(cluster),
    now,
    ...(trace === undefined ? {} : { trace }),
    ...(observer === undefined ? {} : { observer }),
    eventsWait: true,
  });
  return {
    stop: async () => {
      await stop();
      fleet.close();
    },
  };
}
