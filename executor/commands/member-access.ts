// A member cluster's API for a command: as the hub's own Cluster and Secret lead there, or by a kubeconfig of the user's.
import type { Argv } from 'yargs';
import { CLUSTER_NAMESPACE } from '../../engine/index.ts';
import { accessAddress, clusterAccess } from '../live/address.ts';
import { ApiObjects } from '../live/api-objects.ts';
import { HttpApi } from '../live/http-api.ts';
import { contextAddress } from '../members/kubeconfig.ts';
import { ApiUnreadable } from '../members/member.ts';
import { type Arguments, CommandError } from '../terminal/command.ts';

export const CLUSTER_KIND = { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster' };

export const withMemberOptions = (yargs: Argv): Argv =>
  yargs
    .option('cluster-kubeconfig', {
      describe: 'the way to the cluster, in place of that by which the hub reaches it',
      type: 'string',
    })
    .option('cluster-context', { describe: "its context; the cluster's name if left out", type: 'string' });

export async function memberOf(hub: ApiObjects, name: string, args: Arguments = {}): Promise<ApiObjects> {
  const cluster = await hub.get({ ...CLUSTER_KIND, name });
  if (cluster === null) throw new CommandError(await unknownCluster(hub, name));
  const title = `cluster ${name}`;
  const file = args['cluster-kubeconfig'];
  if (typeof file === 'string') {
    const context = typeof args['cluster-context'] === 'string' ? args['cluster-context'] : name;
    try {
      return new ApiObjects(new HttpApi(await contextAddress({ file, context })), title);
    } catch (error) {
      if (error instanceof ApiUnreadable) throw new CommandError(error.message);
      throw error;
    }
  }
  const secret = await hub.get({ apiVersion: 'v1', kind: 'Secret', namespace: CLUSTER_NAMESPACE, name });
  const access = clusterAccess(cluster, secret);
  if (access === null) {
    throw new CommandError(`the hub has no way to cluster ${name}: give --cluster-kubeconfig`);
  }
  return new ApiObjects(new HttpApi(accessAddress(access)), title);
}

async function unknownCluster(hub: ApiObjects, name: string): Promise<string> {
  const known = (await hub.list(CLUSTER_KIND)).map(({ metadata }) => metadata.name).join(', ');
  return `the hub knows no cluster ${name}: it knows ${known || 'none'}`;
}
