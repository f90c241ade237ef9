// Whether an embedded member of that name was there before and is no more: the hub's storage outlived the process it was in.
import { connect } from 'node:net';
import { type Cluster, isObject } from '../../../engine/index.ts';
import type { HttpApi } from '../../live/http-api.ts';

const ANSWER_MS = 2_000;

/** Clusters of any other kind, and those that still listen, are not to be replaced. */
export async function hasDeadForebear(hub: HttpApi, name: string): Promise<boolean> {
  const answer = await hub.send({ method: 'GET', path: `/apis/cluster.karmada.io/v1alpha1/clusters/${name}` });
  if (!answer.ok || answer.status !== 200) return false;
  const found: unknown = JSON.parse(answer.text);
  if (!isObject(found)) return false;
  const { provider, apiEndpoint } = (found as unknown as Cluster).spec;
  return provider === 'embedded' && apiEndpoint !== undefined && !(await listens(new URL(apiEndpoint)));
}

function listens({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const over = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket.setTimeout(ANSWER_MS, () => over(true));
    socket.once('connect', () => over(true));
    socket.once('error', () => over(false));
  });
}
