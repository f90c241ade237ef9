// muster bench live: objects through a hub into embedded members, and what becomes of them, to limits and to an earlier run.
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { writeText } from '../../executor/files/write.ts';
import type { Arguments, Command, ExitCode } from '../../executor/terminal/command.ts';
import { interruptible } from '../../executor/terminal/interrupt.ts';
import { terminalProgress } from '../../executor/terminal/progress.ts';
import { earlierRun } from '../earlier-run.ts';
import { loadStatistics } from '../statistics.ts';
import { CASES, inSmall } from './cases.ts';
import { type Figure, figuresOf } from './figures.ts';
import { measureLive } from './measure.ts';
import { printReport, type Report } from './report.ts';

const SMALL = 0.05;
const USUAL = ['everyday', '1,000 to 2', '1,000 to 10', '10,000 to 2'];

export const command: Command = {
  declare: (yargs) =>
    yargs
      .option('case', {
        type: 'string',
        array: true,
        choices: CASES.map(({ name }) => name),
        default: USUAL,
        describe: 'what to measure: objects to members; everyday moves some, too, and loses a member',
      })
      .option('quick', { type: 'boolean', default: false, describe: `with a share of ${SMALL} of the objects` })
      .option('storage', {
        type: 'string',
        default: 'memory',
        describe: 'what the hub keeps its objects in: memory, disk (a folder of its own), or as `muster up` takes it',
      })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON object on standard output' })
      .option('csv', { type: 'string', describe: 'file for the figures, a line each' })
      .option('compare', { type: 'string', describe: 'file with the --json of an earlier run' })
      .example('$0 bench live --quick', 'a first look, in about a minute')
      .example('$0 bench live --case everyday', '2,000 objects to two members, to its limits'),
  run: (args) => interruptible((signal) => bench(args, signal)),
};

async function bench(args: Arguments, signal: AbortSignal): Promise<ExitCode> {
  const wanted = args.case as readonly string[];
  const isQuick = args.quick === true;
  const storage = String(args.storage);
  const before = typeof args.compare === 'string' ? await earlierRun<Report>(args.compare, 'live', 'figures') : null;
  const progress = terminalProgress();
  const statistics = await loadStatistics();
  const figures: Figure[] = [];
  try {
    for (const one of CASES.filter(({ name }) => wanted.includes(name))) {
      const sized = isQuick ? inSmall(one, SMALL) : one;
      const onProgress = (what: string) => progress.show(`${one.name}: ${what}`);
      figures.push(...figuresOf(sized, await measureLive(sized, { signal, onProgress }, { storage }), statistics));
    }
  } finally {
    progress.clear();
  }
  const report: Report = {
    bench: 'live',
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    isQuick,
    storage,
    figures,
  };
  if (typeof args.csv === 'string') {
    const { stringify } = await import('csv-stringify/sync');
    await writeFile(args.csv, stringify([...figures], { header: true }));
  }
  await writeText(process.stdout, args.json === true ? `${JSON.stringify(report)}\n` : printReport(report, before));
  return 0;
}
