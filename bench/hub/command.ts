// muster bench hub: what the hub's API does under load, beside what a kube-apiserver with etcd does.
import { cpus } from 'node:os';
import { type Arguments, type Command, CommandError, type ExitCode } from '../../executor/terminal/command.ts';
import { terminalProgress } from '../../executor/terminal/progress.ts';
import { renderTable } from '../../executor/terminal/table.ts';
import { loadStatistics, type Statistics } from '../statistics.ts';
import { startHubProcess } from './hub-process.ts';
import { KUBERNETES, WATCH_EVENTS_PER_SECOND_WANTED } from './kubernetes-figures.ts';
import { type Figures, measureHub, type Rate } from './measure.ts';

export const command: Command = {
  declare: (yargs) =>
    yargs
      .option('storage', {
        type: 'string',
        default: 'disk',
        describe: 'what the hub keeps its objects in: memory, disk (a folder of its own), or as `muster hub` takes it',
      })
      .option('clients', { type: 'number', default: 16, describe: 'connections that write at the same time' })
      .option('objects', { type: 'number', default: 10_000, describe: 'ConfigMaps to create, update and list' })
      .option('watchers', { type: 'number', default: 1000, describe: 'watches of the same collection' })
      .option('seed', { type: 'string', default: '1', describe: 'of everything drawn' })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON object on standard output' })
      .example('$0 bench hub', 'with durable writes, over TLS, the hub in a process of its own')
      .example('$0 bench hub --storage memory --watchers 100', 'without a disk, before a smaller crowd'),
  run: async (args) => {
    const progress = terminalProgress();
    const hub = await startHubProcess(String(args.storage));
    try {
      const figures = await measureHub(hub, {
        clients: wholeNumber(args, 'clients'),
        objects: wholeNumber(args, 'objects'),
        watchers: wholeNumber(args, 'watchers'),
        seed: String(args.seed),
        onProgress: (what) => progress.show(what),
      });
      progress.clear();
      const told = summary(figures, args, await loadStatistics());
      process.stdout.write(args.json === true ? `${JSON.stringify(told)}\n` : print(told));
      return 0 satisfies ExitCode;
    } catch (error) {
      const said = hub.complaints().trim();
      throw said === ''
        ? error
        : new CommandError(`${error instanceof Error ? error.message : error}; the hub said: ${said}`);
    } finally {
      progress.clear();
      await hub.stop();
    }
  },
};

interface Told {
  readonly perSecond: number;
  readonly p50ms: number;
  readonly p99ms: number;
}

function summary(figures: Figures, args: Arguments, statistics: Statistics) {
  const told = ({ perSecond, times }: Rate): Told => ({
    perSecond,
    p50ms: statistics.percentile(times, 0.5),
    p99ms: statistics.percentile(times, 0.99),
  });
  return {
    bench: 'hub' as const,
    storage: String(args.storage),
    clients: Number(args.clients),
    objects: Number(args.objects),
    watchers: Number(args.watchers),
    seed: String(args.seed),
    creates: told(figures.creates),
    updates: told(figures.updates),
    mixed: told(figures.mixed),
    lists: told(figures.lists),
    listMB: figures.listBytes / 1e6,
    watchEventsPerSecond: figures.watchEventsPerSecond,
    residentMiB: figures.residentMiB,
    residentWithWatchersMiB: figures.residentWithWatchersMiB,
    kubernetes: KUBERNETES,
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
  };
}

const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
const ms = (value: number): string => value.toFixed(1);
const times = (ratio: number): string => `${ratio.toFixed(1)}x`;

function print(told: ReturnType<typeof summary>): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  const row = (what: string, { perSecond, p50ms, p99ms }: Told, ahead: string) => [
    what,
    grouped(perSecond),
    ms(p50ms),
    ms(p99ms),
    ahead,
  ];
  const { kubernetes } = told;
  const requests = renderTable(
    [{ title: 'REQUESTS' }, right('PER SECOND'), right('P50 ms'), right('P99 ms'), right('AHEAD OF KUBERNETES')],
    [
      row('create', told.creates, times(told.creates.perSecond / kubernetes.createsPerSecond)),
      row('update', told.updates, '-'),
      row('mixed', told.mixed, '-'),
      row(
        `list of ${grouped(told.objects)} (${told.listMB.toFixed(1)} MB)`,
        told.lists,
        times(kubernetes.listMs / told.lists.p50ms),
      ),
    ],
  );
  const rest = renderTable(
    [{ title: 'BESIDE' }, right('FIGURE'), right('AHEAD')],
    [
      [
        `events/s to ${grouped(told.watchers)} watchers`,
        grouped(told.watchEventsPerSecond),
        `${times(told.watchEventsPerSecond / WATCH_EVENTS_PER_SECOND_WANTED)} of what is wanted`,
      ],
      ['MiB resident', grouped(told.residentMiB), times(kubernetes.residentMiB / told.residentMiB)],
      ['MiB resident, with the watchers', grouped(told.residentWithWatchersMiB), '-'],
    ],
  );
  return `${requests}\n${rest}`;
}

function wholeNumber(args: Arguments, name: string): number {
  const value = Number(args[name]);
  if (!Number.isInteger(value) || value < 1) throw new CommandError(`--${name} wants a whole number from 1 up`);
  return value;
}
