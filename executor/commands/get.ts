// muster get: objects of many clusters in one table, through the hub, with the rights that its user has there.
import { isObject, type KubeObject } from '../../engine/index.ts';
import { writeText } from '../files/write.ts';
import type { ApiObjects } from '../live/api-objects.ts';
import { pathFor, type Served } from '../live/directory.ts';
import type { HttpApi } from '../live/http-api.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { onInterrupt } from '../terminal/interrupt.ts';
import { type OutputFormat, withOutputOption } from '../terminal/output.ts';
import { type Answer, ask, chosenClusters, relevant, tellFailures, withClustersOption } from './across/fleet-access.ts';
import { followTable, revisionOf } from './across/follow-table.ts';
import { joinedTable, rowsOf, type TableShape, tableIn, titlesOf } from './across/table.ts';
import { withHub, withHubOptions } from './hub-access.ts';

const FORMATS: readonly OutputFormat[] = ['table', 'wide', 'json', 'yaml', 'name'];
const AS_TABLE = 'application/json;as=Table;g=meta.k8s.io;v=v1,application/json';
/** As Karmada marks objects that it shows of members. */
const FROM_CLUSTER = 'resource.karmada.io/cached-from-cluster';
const GAP = 3;

export const command: Command = {
  declare: (yargs) =>
    withClustersOption(withHubOptions(withOutputOption(yargs, FORMATS)))
      .positional('kind', { describe: 'deployments, deploy, pods, ...', type: 'string', demandOption: true })
      .positional('name', { describe: 'only the one of this name', type: 'string' })
      .option('namespace', { alias: 'n', describe: 'of the objects', type: 'string', default: 'default' })
      .option('all-namespaces', { alias: 'A', describe: 'of all of them', type: 'boolean', default: false })
      .option('selector', { alias: 'l', describe: 'labels that they must have', type: 'string' })
      .option('watch', { alias: 'w', describe: 'go on with a row for every change', type: 'boolean', default: false })
      .example('$0 get pods -A', 'all pods of the fleet')
      .example('$0 get deploy web -C member1,member2', ''),
  run: async (args) => {
    const format = args.output as OutputFormat;
    const isTable = format === 'table' || format === 'wide';
    if (args.watch === true && !isTable) throw new CommandError('--watch shows tables: leave -o out, or ask for wide');
    return withHub(args, (hub, objects) => get(hub, objects, args, isTable));
  },
};

async function get(hub: HttpApi, objects: ApiObjects, args: Arguments, isTable: boolean): Promise<ExitCode> {
  const served = await objects.called(String(args.kind));
  const clusters = await chosenClusters(objects, args);
  const path = pathOf(served, args);
  const answers = await Promise.all(
    clusters.map((cluster) => ask(hub, cluster, path, isTable ? AS_TABLE : 'application/json')),
  );
  const shape = {
    isWide: args.output === 'wide',
    showsNamespace: args['all-namespaces'] === true && served.namespaced,
  };
  const tables = answers.flatMap((answer) => (answer.ok ? [tableIn(answer.cluster, answer.body)] : []));
  const told = isTable ? joinedTable(tables, shape) : await documentOf(answers, served, args.output as OutputFormat);
  await writeText(process.stdout, told);
  const hasFailed = tellFailures(relevant(answers, args));
  if (args.watch === true) return follow(hub, answers, path, shape, told !== '');
  if (told === '' && !hasFailed) process.stderr.write('nothing found\n');
  return hasFailed ? 1 : 0;
}

function pathOf(served: Served, args: Arguments): string {
  const namespace = args['all-namespaces'] === true ? '' : String(args.namespace);
  const name = typeof args.name === 'string' ? args.name : '';
  // One object is watched in its collection.
  const isOne = name !== '' && args.watch !== true;
  const path = pathFor(served.apiVersion, served, namespace, isOne ? name : '');
  const query = new URLSearchParams();
  if (typeof args.selector === 'string') query.set('labelSelector', args.selector);
  if (name !== '' && !isOne) query.set('fieldSelector', `metadata.name=${name}`);
  return query.size === 0 ? path : `${path}?${query}`;
}

/** Rows stand below the columns of the table that was shown first. */
async function follow(
  hub: HttpApi,
  answers: readonly Answer[],
  path: string,
  shape: TableShape,
  hasHead: boolean,
): Promise<ExitCode> {
  const { signal, release } = onInterrupt();
  const tables = answers.flatMap((answer) => (answer.ok ? [tableIn(answer.cluster, answer.body)] : []));
  const columns = tables.find((table) => table.columns.length > 0)?.columns ?? [];
  const titles = titlesOf(columns, shape);
  const known = [titles, ...tables.flatMap((table) => rowsOf(table, shape))];
  const widths = titles.map((_, at) => Math.max(...known.map((row) => (row[at] ?? '').length)) + GAP);
  const line = (row: readonly string[]): string =>
    `${row.map((cell, at) => cell.padEnd(at === row.length - 1 ? 0 : (widths[at] ?? 0))).join('')}\n`;
  if (!hasHead) process.stdout.write(line(titles));
  try {
    const following = answers.flatMap((answer) => {
      if (!answer.ok) return [];
      const revision = revisionOf(answer.body) ?? '0';
      const followed = { cluster: answer.cluster, path, revision, columns };
      return [
        followTable(
          hub,
          followed,
          AS_TABLE,
          (table) => {
            for (const row of rowsOf(table, shape)) process.stdout.write(line(row));
          },
          signal,
        ),
      ];
    });
    await Promise.all(following);
    return signal.aborted ? 130 : 1;
  } finally {
    release();
  }
}

async function documentOf(
  answers: readonly Answer[],
  { apiVersion, kind, plural }: Served,
  format: OutputFormat,
): Promise<string> {
  const items = answers.flatMap((answer) => {
    if (!answer.ok) return [];
    const found = Array.isArray(answer.body.items) ? answer.body.items.filter(isObject) : [answer.body];
    return found.map((one) => marked({ ...one, apiVersion, kind } as unknown as KubeObject, answer.cluster));
  });
  if (format === 'name') return items.map(({ metadata }) => `${plural}/${metadata.name}\n`).join('');
  const list = { apiVersion: 'v1', kind: 'List', metadata: {}, items };
  if (format === 'json') return `${JSON.stringify(list, null, 2)}\n`;
  const { printYaml } = await import('../files/yaml.ts');
  return printYaml(list);
}

const marked = (object: KubeObject, cluster: string): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [FROM_CLUSTER]: cluster } },
});
