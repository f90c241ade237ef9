// What would join a client with a running container, where none runs for real: says so, once the pod and its container are found.
import { badRequest } from '../../../engine/index.ts';
import type { Hub } from '../hub.ts';
import { liveObject } from '../objects/write.ts';
import type { Resource } from '../resource.ts';
import { containerOf } from './container-run.ts';

/** As their paths end. */
export type Connection = 'exec' | 'attach' | 'portforward';

const WANTED: Readonly<Record<Connection, string>> = {
  exec: 'no command can be run in them',
  attach: 'there is nothing to attach to',
  portforward: 'no port leads to them',
};

/** Throws a status, always. */
export function refuseConnection(
  hub: Hub,
  pods: Resource,
  namespace: string,
  name: string,
  connection: Connection,
  container: string,
): never {
  const pod = liveObject(hub, pods, namespace, name);
  if (connection !== 'portforward') containerOf(pod, container);
  throw badRequest(`the containers of pod ${name} do not run for real: ${WANTED[connection]}`);
}
