// muster bench replay: how long virtual time takes, and how much memory, on fleets of a size.
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { writeText } from '../../executor/files/write.ts';
import type { Arguments, Command, ExitCode } from '../../executor/terminal/command.ts';
import { interruptible } from '../../executor/terminal/interrupt.ts';
import { terminalProgress } from '../../executor/terminal/progress.ts';
import { renderTable } from '../../executor/terminal/table.ts';
import { earlierRun } from '../earlier-run.ts';
import { CASES, inSmall, type ReplayCase } from './cases.ts';
import { measureReplay } from './measure.ts';
import type { ReplayFigures } from './process.ts';

const SMALL = 0.05;

export const command: Command = {
  declare: (yargs) =>
    yargs
      .option('case', {
        type: 'string',
        array: true,
        choices: CASES.map(({ name }) => name),
        describe: 'only these; all where it is left out',
      })
      .option('quick', { type: 'boolean', default: false, describe: `with a share of ${SMALL} of the workloads` })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON object on standard output' })
      .option('csv', { type: 'string', describe: 'file for the figures, a line a case' })
      .option('compare', { type: 'string', describe: 'file with the --json of an earlier run' })
      .example('$0 bench replay --quick', 'a first look, in less than a minute')
      .example(
        '$0 bench replay --case outage',
        'an hour of 500 clusters and 10,000 workloads, and a zone that goes dark',
      ),
  run: (args) => interruptible((signal) => bench(args, signal)),
};

interface Told extends ReplayFigures {
  readonly case: string;
  readonly clusters: number;
  readonly workloads: number;
  readonly hours: number;
  readonly microsecondsPerEvent: number;
  /** Of what is allowed; null where there is no limit. */
  readonly timeShare: number | null;
  readonly memoryShare: number | null;
}

interface Report {
  readonly bench: 'replay';
  readonly node: string;
  readonly cpu: string;
  readonly cases: readonly Told[];
}

async function bench(args: Arguments, signal: AbortSignal): Promise<ExitCode> {
  const wanted = args.case as readonly string[] | undefined;
  const cases = CASES.filter(({ name }) => wanted === undefined || wanted.includes(name));
  const before = typeof args.compare === 'string' ? await earlierRun<Report>(args.compare, 'replay', 'cases') : null;
  const progress = terminalProgress();
  const told: Told[] = [];
  for (const [at, one] of cases.entries()) {
    if (signal.aborted) return 130;
    progress.show(`${one.name} (${at + 1} of ${cases.length})`);
    const sized = args.quick === true ? inSmall(one, SMALL) : one;
    told.push(summary(sized, await measureReplay(sized, signal)));
  }
  progress.clear();
  const report: Report = { bench: 'replay', node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cases: told };
  if (typeof args.csv === 'string') {
    const { stringify } = await import('csv-stringify/sync');
    await writeFile(args.csv, stringify([...told], { header: true }));
  }
  await writeText(process.stdout, args.json === true ? `${JSON.stringify(report)}\n` : print(report, before));
  return 0;
}

function summary({ name, clusters, workloads, hours, limit }: ReplayCase, figures: ReplayFigures): Told {
  const all = figures.loadSeconds + figures.seconds;
  return {
    case: name,
    clusters,
    workloads,
    hours,
    ...figures,
    microsecondsPerEvent: (figures.seconds * 1e6) / figures.events,
    timeShare: limit === null ? null : all / limit.seconds,
    memoryShare: limit === null ? null : figures.peakMiB / limit.mebibytes,
  };
}

const share = (value: number | null): string => (value === null ? '-' : value.toFixed(2));
const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');

function print({ cases, node, cpu }: Report, before: Report | null): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  const isSame = before !== null && before.node === node && before.cpu === cpu;
  const table = renderTable(
    [
      { title: 'CASE' },
      right('CLUSTERS'),
      right('WORKLOADS'),
      right('HOURS'),
      right('SECONDS'),
      right('OF LIMIT'),
      right('MiB'),
      right('OF LIMIT'),
      right('EVENTS'),
      right('µs AN EVENT'),
      ...(before === null ? [] : [right('TIME TO EARLIER')]),
    ],
    cases.map((one) => {
      const then = before?.cases.find(
        (other) => other.case === one.case && other.clusters === one.clusters && other.workloads === one.workloads,
      );
      const ratio = then === undefined ? '-' : (one.cpuSeconds / then.cpuSeconds).toFixed(2);
      return [
        one.case,
        grouped(one.clusters),
        grouped(one.workloads),
        String(one.hours),
        (one.loadSeconds + one.seconds).toFixed(1),
        share(one.timeShare),
        grouped(one.peakMiB),
        share(one.memoryShare),
        grouped(one.events),
        one.microsecondsPerEvent.toFixed(1),
        ...(before === null ? [] : [ratio]),
      ];
    }),
  );
  const note = before === null || isSame ? '' : '\nThe earlier run was on another machine, or another Node.\n';
  return `${table}${note}`;
}
