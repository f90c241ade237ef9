// muster top: what nodes and pods of many clusters use, as their metrics servers measured it, through the hub.
import { isObject, parseQuantity } from '../../engine/index.ts';
import type { HttpApi } from '../live/http-api.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { type Listing, printListing, withOutputOption } from '../terminal/output.ts';
import { type Answer, ask, chosenClusters, relevant, tellFailures, withClustersOption } from './across/fleet-access.ts';
import { withHub, withHubOptions, withNamespaceOption } from './hub-access.ts';

const METRICS = '/apis/metrics.k8s.io/v1beta1';
const MEBI = 1024 ** 2;
const NOT_FOUND = 404;

export const command: Command = {
  declare: (yargs) =>
    withNamespaceOption(withClustersOption(withHubOptions(withOutputOption(yargs))), 'of the pods')
      .positional('what', {
        describe: 'nodes or pods',
        choices: ['nodes', 'node', 'no', 'pods', 'pod', 'po'],
        demandOption: true,
      })
      .positional('name', { describe: 'only the one of this name', type: 'string' })
      .option('all-namespaces', { alias: 'A', describe: 'of all of them', type: 'boolean', default: false })
      .option('selector', { alias: 'l', describe: 'labels that they must have', type: 'string' })
      .option('sort-by', { describe: 'the greatest first', choices: ['cpu', 'memory'] })
      .epilogue('Clusters need a metrics server for it.'),
  run: async (args) => {
    if (typeof args.name === 'string' && typeof args.selector === 'string') {
      throw new CommandError('either one by its name or many by --selector, not both');
    }
    return withHub(args, async (hub, objects) => {
      const clusters = await chosenClusters(objects, args);
      return String(args.what).startsWith('no') ? topNodes(hub, clusters, args) : topPods(hub, clusters, args);
    });
  },
};

interface Usage {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly cores: number;
  readonly bytes: number;
  /** What a node has for workloads; null for pods. */
  readonly room: { readonly cores: number; readonly bytes: number } | null;
}

const amount = (value: unknown): number => {
  const quantity = typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : null;
  return quantity === null ? 0 : Number(quantity.nano) / 1e9;
};

const used = (usage: unknown): Pick<Usage, 'cores' | 'bytes'> => {
  const { cpu, memory } = isObject(usage) ? usage : {};
  return { cores: amount(cpu), bytes: amount(memory) };
};

/** Without a metrics server its API is not there. */
const understood = (answer: Answer): Answer =>
  answer.ok || answer.status !== NOT_FOUND || answer.isMissing
    ? answer
    : { ...answer, problem: 'it has no metrics API: a metrics server would serve it' };

function itemsOf(answer: Answer): readonly Record<string, unknown>[] {
  if (!answer.ok) return [];
  return Array.isArray(answer.body.items) ? answer.body.items.filter(isObject) : [answer.body];
}

const metadataOf = (one: Record<string, unknown>): Record<string, unknown> =>
  isObject(one.metadata) ? one.metadata : {};

function pathOf(collection: string, { name, selector }: Arguments): string {
  const one = typeof name === 'string' ? `/${encodeURIComponent(name)}` : '';
  return collection + one + (typeof selector === 'string' ? `?labelSelector=${encodeURIComponent(selector)}` : '');
}

async function topNodes(hub: HttpApi, clusters: readonly string[], args: Arguments): Promise<ExitCode> {
  const answers: Answer[] = [];
  const rows: Usage[] = [];
  for (const cluster of clusters) {
    const [measured, nodes] = await Promise.all([
      ask(hub, cluster, pathOf(`${METRICS}/nodes`, args)),
      ask(hub, cluster, pathOf('/api/v1/nodes', args)),
    ]);
    answers.push(understood(measured));
    const rooms = new Map(
      itemsOf(nodes).map((node) => {
        const { allocatable } = isObject(node.status) ? node.status : {};
        return [metadataOf(node).name, used(allocatable)] as const;
      }),
    );
    for (const one of itemsOf(measured)) {
      const { name } = metadataOf(one);
      rows.push({ cluster, namespace: '', name: String(name), ...used(one.usage), room: rooms.get(name) ?? null });
    }
  }
  return tell(rows, answers, args, false);
}

async function topPods(hub: HttpApi, clusters: readonly string[], args: Arguments): Promise<ExitCode> {
  const isAll = args['all-namespaces'] === true;
  if (isAll && typeof args.name === 'string') throw new CommandError('a pod by its name is in one namespace');
  const space = isAll ? '' : `/namespaces/${encodeURIComponent(String(args.namespace))}`;
  const path = pathOf(`${METRICS}${space}/pods`, args);
  const answers = (await Promise.all(clusters.map((cluster) => ask(hub, cluster, path)))).map(understood);
  const rows = answers.flatMap((answer) =>
    itemsOf(answer).map((one) => {
      const { name, namespace } = metadataOf(one);
      const containers = Array.isArray(one.containers) ? one.containers.filter(isObject) : [];
      const all = containers.map(({ usage }) => used(usage));
      return {
        cluster: answer.cluster,
        namespace: String(namespace),
        name: String(name),
        cores: all.reduce((sum, { cores }) => sum + cores, 0),
        bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
        room: null,
      };
    }),
  );
  return tell(rows, answers, args, isAll);
}

const share = (part: number, whole: number | undefined): string =>
  whole === undefined || whole === 0 ? '<unknown>' : `${Math.round((part / whole) * 100)}%`;

const milli = (cores: number): string => `${Math.round(cores * 1000)}m`;
const mebi = (bytes: number): string => `${Math.round(bytes / MEBI)}Mi`;

async function tell(rows: Usage[], answers: readonly Answer[], args: Arguments, isAll: boolean): Promise<ExitCode> {
  const order = args['sort-by'];
  if (order === 'cpu') rows.sort((a, b) => b.cores - a.cores);
  if (order === 'memory') rows.sort((a, b) => b.bytes - a.bytes);
  const isOfNodes = rows.some(({ room }) => room !== null);
  const listing: Listing<Usage> = {
    rows,
    columns: [
      { title: 'CLUSTER', value: ({ cluster }) => cluster },
      ...(isAll ? [{ title: 'NAMESPACE', value: ({ namespace }: Usage) => namespace }] : []),
      { title: 'NAME', value: ({ name }) => name },
      { title: 'CPU(cores)', align: 'right', value: ({ cores }) => milli(cores) },
      ...(isOfNodes
        ? [{ title: 'CPU%', align: 'right' as const, value: ({ cores, room }: Usage) => share(cores, room?.cores) }]
        : []),
      { title: 'MEMORY(bytes)', align: 'right', value: ({ bytes }) => mebi(bytes) },
      ...(isOfNodes
        ? [{ title: 'MEMORY%', align: 'right' as const, value: ({ bytes, room }: Usage) => share(bytes, room?.bytes) }]
        : []),
    ],
    name: ({ cluster, name }) => `${cluster}/${name}`,
    document: () => ({ items: rows.map(({ room, ...one }) => ({ ...one, ...(room !== null && { room }) })) }),
  };
  if (rows.length > 0) await printListing(listing, args, { out: process.stdout, notes: process.stderr });
  const hasFailed = tellFailures(relevant(answers, args));
  if (rows.length === 0 && !hasFailed) process.stderr.write('nothing found\n');
  return hasFailed ? 1 : 0;
}
