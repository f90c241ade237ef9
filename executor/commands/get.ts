// muster get: objects of many clusters in one table, through the hub, with the rights that its user has there.
import { type Cluster, isObject, type KubeObject } from '../../engine/index.ts';
import { writeText } from '../files/write.ts';
import { ApiObjects, ApiProblem } from '../live/api-objects.ts';
import { pathFor, type Served } from '../live/directory.ts';
import { HttpApi } from '../live/http-api.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { type OutputFormat, withOutputOption } from '../terminal/output.ts';
import { renderTable } from '../terminal/table.ts';
import { hubAddressOf, withHubOptions } from './hub-access.ts';

const FORMATS: readonly OutputFormat[] = ['table', 'wide', 'json', 'yaml', 'name'];
const AS_TABLE = 'application/json;as=Table;g=meta.k8s.io;v=v1,application/json';
const CLUSTERS = '/apis/cluster.karmada.io/v1alpha1/clusters';
/** As Karmada marks objects that it shows of members. */
const FROM_CLUSTER = 'resource.karmada.io/cached-from-cluster';

export const command: Command = {
  declare: (yargs) =>
    withHubOptions(withOutputOption(yargs, FORMATS))
      .positional('kind', { describe: 'deployments, deploy, pods, ...', type: 'string', demandOption: true })
      .positional('name', { describe: 'only the one of this name', type: 'string' })
      .option('clusters', { alias: 'C', describe: 'names, with commas; all members if left out', type: 'string' })
      .option('namespace', { alias: 'n', describe: 'of the objects', type: 'string', default: 'default' })
      .option('all-namespaces', { alias: 'A', describe: 'of all of them', type: 'boolean', default: false })
      .option('selector', { alias: 'l', describe: 'labels that they must have', type: 'string' })
      .example('$0 get pods -A', 'all pods of the fleet')
      .example('$0 get deploy web -C member1,member2', ''),
  run: async (args) => {
    const hub = new HttpApi(await hubAddressOf(args));
    try {
      return await get(hub, args);
    } catch (error) {
      if (error instanceof ApiProblem) throw new CommandError(error.message);
      throw error;
    } finally {
      hub.close();
    }
  },
};

/** What one cluster answered, or why it did not. */
type Answer =
  | { readonly cluster: string; readonly ok: true; readonly body: Record<string, unknown> }
  | { readonly cluster: string; readonly ok: false; readonly problem: string };

async function get(hub: HttpApi, args: Arguments): Promise<ExitCode> {
  const objects = new ApiObjects(hub, 'the hub');
  const served = await objects.called(String(args.kind));
  const clusters = await chosen(objects, args);
  const format = args.output as OutputFormat;
  const isTable = format === 'table' || format === 'wide';
  const path = pathOf(served, args);
  const answers = await Promise.all(clusters.map((cluster) => ask(hub, cluster, path, isTable)));
  const told = isTable ? tableOf(answers, served, args) : await documentOf(answers, served, format);
  await writeText(process.stdout, told);
  const failed = answers.filter((one) => !one.ok);
  for (const { cluster, problem } of failed) process.stderr.write(`cluster ${cluster}: ${problem}\n`);
  if (told === '' && failed.length === 0) process.stderr.write('nothing found\n');
  return failed.length > 0 ? 1 : 0;
}

async function chosen(hub: ApiObjects, { clusters }: Arguments): Promise<readonly string[]> {
  const found = await hub.list({ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster' });
  const known = (found as unknown as readonly Cluster[]).map(({ metadata }) => metadata.name);
  if (typeof clusters !== 'string') return known;
  const names = clusters.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new CommandError(`the hub knows no cluster ${unknown}: it knows ${known.join(', ') || 'none'}`);
  }
  return names;
}

function pathOf(served: Served, args: Arguments): string {
  const namespace = args['all-namespaces'] === true ? '' : String(args.namespace);
  const path = pathFor(served.apiVersion, served, namespace, typeof args.name === 'string' ? args.name : '');
  return typeof args.selector === 'string' ? `${path}?labelSelector=${encodeURIComponent(args.selector)}` : path;
}

async function ask(hub: HttpApi, cluster: string, path: string, isTable: boolean): Promise<Answer> {
  const asked = { method: 'GET', path: `${CLUSTERS}/${encodeURIComponent(cluster)}/proxy${path}` };
  const answer = await hub.send({ ...asked, accept: isTable ? AS_TABLE : 'application/json' });
  if (!answer.ok) return { cluster, ok: false, problem: answer.message };
  const body = parsed(answer.text);
  if (answer.status === 200 && body !== null) return { cluster, ok: true, body };
  const why = body?.message ?? `it answers with status ${answer.status}`;
  return { cluster, ok: false, problem: String(why) };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

interface TableColumn {
  readonly name: string;
  readonly priority: number;
}

/** The columns of the first cluster, and before them which one it is. */
function tableOf(answers: readonly Answer[], served: Served, args: Arguments): string {
  const isWide = args.output === 'wide';
  const showsNamespace = args['all-namespaces'] === true && served.namespaced;
  let columns: readonly TableColumn[] | null = null;
  const rows: string[][] = [];
  for (const answer of answers) {
    if (!answer.ok) continue;
    const own = answer.body.columnDefinitions as readonly TableColumn[];
    columns ??= own;
    for (const row of (answer.body.rows ?? []) as readonly { cells: readonly unknown[]; object?: KubeObject }[]) {
      const cells = row.cells
        .filter((_, at) => isWide || (own[at]?.priority ?? 0) === 0)
        .map((cell) => String(cell ?? ''));
      rows.push([...(showsNamespace ? [row.object?.metadata.namespace ?? ''] : []), answer.cluster, ...cells]);
    }
  }
  if (rows.length === 0 || columns === null) return '';
  const titles = columns.filter(({ priority }) => isWide || priority === 0).map(({ name }) => name.toUpperCase());
  const all = [...(showsNamespace ? ['NAMESPACE'] : []), 'CLUSTER', ...titles];
  return renderTable(
    all.map((title) => ({ title })),
    rows,
  );
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
