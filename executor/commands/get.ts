// muster get: objects of many clusters in one table, through the hub, with the rights that its user has there.
import type { KubeObject } from '../../engine/index.ts';
import { writeText } from '../files/write.ts';
import type { HttpApi } from '../live/http-api.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { type OutputFormat, withOutputOption } from '../terminal/output.ts';
import { type Answer, ask, chosenClusters, tellFailures, withClustersOption } from './across/fleet-access.ts';
import { type KindAskedFor, kindsAskedFor, kindWord } from './across/kinds-asked-for.ts';
import { askAll, objectsIn, pathOf, refuseContradictions, withSelectionOptions, wordsIn } from './across/questions.ts';
import { showChanges } from './across/show-changes.ts';
import { sortedBy } from './across/sort-by.ts';
import { joinedTable, type TableShape, tableIn } from './across/table.ts';
import { readWords } from './across/words.ts';
import { withHub, withHubOptions } from './hub-access.ts';

const FORMATS: readonly OutputFormat[] = ['table', 'wide', 'json', 'yaml', 'name'];
const AS_TABLE = 'application/json;as=Table;g=meta.k8s.io;v=v1,application/json';
/** As Karmada marks objects that it shows of members. */
const FROM_CLUSTER = 'resource.karmada.io/cached-from-cluster';

export const command: Command = {
  declare: (yargs) =>
    withSelectionOptions(withClustersOption(withHubOptions(withOutputOption(yargs, FORMATS))))
      .positional('kind', { describe: 'pods, deploy,svc, deploy/web, ...', type: 'string', demandOption: true })
      .positional('names', { describe: 'only those of these names', type: 'string', array: true })
      .option('sort-by', { describe: 'a field to sort by, as in .metadata.creationTimestamp', type: 'string' })
      .option('watch', { alias: 'w', describe: 'go on with a row for every change', type: 'boolean', default: false })
      .example('$0 get pods -A', 'all pods of the fleet')
      .example('$0 get deploy/web svc/web -C member1,member2', ''),
  run: async (args) => {
    const format = args.output as OutputFormat;
    const isTable = format === 'table' || format === 'wide';
    if (args.watch === true && !isTable) throw new CommandError('--watch shows tables: leave -o out, or ask for wide');
    if (args.watch === true && args['sort-by'] !== undefined) {
      throw new CommandError('--watch shows changes as they come: leave out --sort-by');
    }
    const asked = readWords(wordsIn(args));
    return withHub(args, async (hub, objects) => {
      const clusters = await chosenClusters(objects, args);
      const kinds = await kindsAskedFor(hub, objects, clusters, asked);
      refuseContradictions(kinds, args);
      if (args.watch === true) return watch(hub, clusters, kinds, args);
      return isTable ? tables(hub, clusters, kinds, args) : document(hub, clusters, kinds, args);
    });
  },
};

const shapeOf = ({ served }: KindAskedFor, args: Arguments, isOneOfMany: boolean): TableShape => ({
  isWide: args.output === 'wide',
  showsNamespace: args['all-namespaces'] === true && served.namespaced,
  kind: isOneOfMany ? kindWord(served) : null,
  sortBy: typeof args['sort-by'] === 'string' ? args['sort-by'] : null,
});

const tablesOf = (answers: readonly Answer[]) =>
  answers.flatMap((answer) => (answer.ok ? [tableIn(answer.cluster, answer.body)] : []));

async function tables(
  hub: HttpApi,
  clusters: readonly string[],
  kinds: readonly KindAskedFor[],
  args: Arguments,
): Promise<ExitCode> {
  const query: Record<string, string> = args['sort-by'] === undefined ? {} : { includeObject: 'Object' };
  const answered = await Promise.all(
    kinds.map((kind) => askAll(hub, clusters, kind, args, { accept: AS_TABLE, query })),
  );
  const told = kinds
    .map((kind, at) => joinedTable(tablesOf(answered[at]!), shapeOf(kind, args, kinds.length > 1)))
    .filter((table) => table !== '');
  await writeText(process.stdout, told.join('\n'));
  return conclude(answered.flat(), told.length > 0);
}

async function document(
  hub: HttpApi,
  clusters: readonly string[],
  kinds: readonly KindAskedFor[],
  args: Arguments,
): Promise<ExitCode> {
  const answered = await Promise.all(kinds.map((kind) => askAll(hub, clusters, kind, args)));
  const found = kinds.flatMap(({ served }, at) =>
    answered[at]!.flatMap((answer) =>
      objectsIn(answer, served).map((object) => ({ word: kindWord(served), object: marked(object, answer.cluster) })),
    ),
  );
  const sortBy = args['sort-by'];
  const sorted = typeof sortBy === 'string' ? sortedBy(found, sortBy, ({ object }) => object) : found;
  await writeText(process.stdout, await textOf(sorted, args.output as OutputFormat));
  return conclude(answered.flat(), args.output !== 'name' || found.length > 0);
}

interface Found {
  readonly word: string;
  readonly object: KubeObject;
}

async function textOf(found: readonly Found[], format: OutputFormat): Promise<string> {
  if (format === 'name') return found.map(({ word, object }) => `${word}/${object.metadata.name}\n`).join('');
  const list = { apiVersion: 'v1', kind: 'List', metadata: {}, items: found.map(({ object }) => object) };
  if (format === 'json') return `${JSON.stringify(list, null, 2)}\n`;
  const { printYaml } = await import('../files/yaml.ts');
  return printYaml(list);
}

const marked = (object: KubeObject, cluster: string): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [FROM_CLUSTER]: cluster } },
});

function conclude(answers: readonly Answer[], isAnythingTold: boolean): ExitCode {
  const hasFailed = tellFailures(answers);
  if (!isAnythingTold && !hasFailed) process.stderr.write('nothing found\n');
  return hasFailed ? 1 : 0;
}

async function watch(
  hub: HttpApi,
  clusters: readonly string[],
  kinds: readonly KindAskedFor[],
  args: Arguments,
): Promise<ExitCode> {
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1 || kind.names.length > 1) {
    throw new CommandError('--watch follows one kind, all of it or one name: leave out the others');
  }
  // One object is watched in its collection.
  const [name] = kind.names;
  const path = pathOf(kind.served, '', args, name === undefined ? {} : { fieldSelector: `metadata.name=${name}` });
  const answers = await Promise.all(clusters.map((cluster) => ask(hub, cluster, path, AS_TABLE)));
  const shape = shapeOf(kind, args, false);
  const told = joinedTable(tablesOf(answers), shape);
  await writeText(process.stdout, told);
  tellFailures(answers);
  return showChanges(hub, { answers, path, accept: AS_TABLE, shape, hasHead: told !== '' });
}
