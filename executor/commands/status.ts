// muster status: how the fleet is at a glance: its clusters, and what was placed, sent and applied.
import { type Cluster, findCondition, isObject, type KubeObject, type Work } from '../../engine/index.ts';
import type { HttpApi } from '../live/http-api.ts';
import { type Command, CommandError } from '../terminal/command.ts';
import { type Listing, printListing, withOutputOption } from '../terminal/output.ts';
import { hubApiOf, withHubOptions } from './hub-access.ts';

interface ClusterRow {
  readonly name: string;
  readonly version: string;
  readonly mode: string;
  readonly ready: string;
  readonly nodes: string;
  readonly works: number;
  readonly applied: number;
  readonly cluster: KubeObject;
}

export const command: Command = {
  declare: (yargs) => withHubOptions(withOutputOption(yargs)),
  run: async (args) => {
    const api = await hubApiOf(args);
    try {
      const clusters = await list(api, '/apis/cluster.karmada.io/v1alpha1/clusters');
      const works = (await list(api, '/apis/work.karmada.io/v1alpha1/works')) as unknown as Work[];
      await printListing(listingOf(clusters, works), args);
      return 0;
    } finally {
      api.close();
    }
  },
};

async function list(api: HttpApi, path: string): Promise<readonly KubeObject[]> {
  const answer = await api.send({ method: 'GET', path });
  if (!answer.ok) throw new CommandError(`the hub does not answer: ${answer.message}`);
  if (answer.status !== 200) throw new CommandError(`the hub answers ${path} with status ${answer.status}`);
  const found: unknown = JSON.parse(answer.text);
  return isObject(found) && Array.isArray(found.items) ? (found.items as KubeObject[]) : [];
}

function listingOf(clusters: readonly KubeObject[], works: readonly Work[]): Listing<ClusterRow> {
  const rows = clusters.map((cluster) => rowOf(cluster, works));
  return {
    columns: [
      { title: 'NAME', value: ({ name }) => name },
      { title: 'VERSION', value: ({ version }) => version },
      { title: 'MODE', value: ({ mode }) => mode },
      { title: 'READY', value: ({ ready }) => ready },
      { title: 'NODES', value: ({ nodes }) => nodes },
      { title: 'WORKS', align: 'right', value: ({ works }) => works },
      { title: 'APPLIED', align: 'right', value: ({ applied }) => applied },
    ],
    rows,
    name: ({ name }) => `cluster.cluster.karmada.io/${name}`,
    document: () => ({ apiVersion: 'v1', kind: 'List', metadata: {}, items: rows.map(({ cluster }) => cluster) }),
    empty: 'no cluster has joined',
  };
}

function rowOf(object: KubeObject, works: readonly Work[]): ClusterRow {
  const { metadata, spec, status } = object as unknown as Cluster;
  const own = works.filter((work) => work.metadata.namespace === `karmada-es-${metadata.name}`);
  const { readyNum = 0, totalNum = 0 } = status?.nodeSummary ?? {};
  return {
    name: metadata.name,
    version: status?.kubernetesVersion ?? '',
    mode: spec.syncMode ?? 'Push',
    ready: findCondition(status?.conditions, 'Ready')?.status ?? 'Unknown',
    nodes: `${readyNum}/${totalNum}`,
    works: own.length,
    applied: own.filter((work) => findCondition(work.status?.conditions, 'Applied')?.status === 'True').length,
    cluster: object,
  };
}
