// "muster diff": what moves, by how much and what it risks, between two plans or two sets of manifests.
import type { Argv } from 'yargs';
import {
  type ClusterChange,
  comparePlans,
  objectKey,
  type PlanComparison,
  type WorkloadChange,
} from '../../engine/index.ts';
import type { Arguments, Command, ExitCode } from '../terminal/command.ts';
import { type Listing, printListing, withOutputOption } from '../terminal/output.ts';
import { declareFleet } from './manifests-and-fleet.ts';
import { differenceText } from './plan/difference-text.ts';
import { loadPlan } from './plan/load-plan.ts';

const CHANGES_FOUND = 2;

export const command: Command = {
  declare: (yargs: Argv) =>
    withOutputOption(
      declareFleet(
        yargs
          .positional('old', { type: 'string', demandOption: true, describe: 'a plan, or manifests' })
          .positional('new', { type: 'string', demandOption: true, describe: 'a plan, or manifests' }),
      ),
    )
      .option('detailed-exitcode', { type: 'boolean', default: false, describe: 'exit with 2 where anything differs' })
      .example('$0 diff main/ branch/ --fleet fleet.yaml', 'what a change of manifests would move')
      .epilogue('Manifests are planned on --fleet, both sides on the same.'),

  async run(args: Arguments): Promise<ExitCode> {
    const [before, after] = [await loadPlan(args.old as string, args), await loadPlan(args.new as string, args)];
    const comparison = comparePlans(before, after);
    await printListing(listing(comparison), args);
    process.stderr.write(differenceText(comparison));
    return args['detailed-exitcode'] === true && comparison.workloads.length > 0 ? CHANGES_FOUND : 0;
  },
};

interface Row {
  readonly workload: WorkloadChange;
  readonly change: ClusterChange | null;
}

const listing = (comparison: PlanComparison): Listing<Row> => ({
  columns: [
    { title: 'NAMESPACE', value: ({ workload }) => workload.namespace },
    { title: 'KIND', value: ({ workload }) => workload.kind },
    { title: 'NAME', value: ({ workload }) => workload.name },
    { title: 'CLUSTER', value: ({ change }) => change?.cluster },
    { title: 'BEFORE', align: 'right', value: ({ change }) => change?.before },
    { title: 'AFTER', align: 'right', value: ({ change }) => change?.after },
    { title: 'CHANGE', value: wordFor, paint: (text, colours, row) => paintFor(row)(text, colours) },
  ],
  rows: comparison.workloads.flatMap((workload): Row[] =>
    workload.clusters.length === 0
      ? [{ workload, change: null }]
      : workload.clusters.map((change) => ({ workload, change })),
  ),
  name: ({ workload }) => `${workload.kind.toLowerCase()}/${objectKey(workload.namespace ?? '', workload.name)}`,
  document: () => comparison,
  empty: 'nothing differs',
});

function wordFor({ workload, change }: Row): string {
  if (change === null) return workload.change;
  if (change.before === null) return 'comes';
  if (change.after === null) return 'goes';
  if (change.after !== change.before) return change.after > change.before ? 'grows' : 'shrinks';
  return 'rewritten';
}

const paintFor =
  ({ change }: Row) =>
  (text: string, colours: { readonly green: (text: string) => string; readonly red: (text: string) => string }) => {
    const growth = (change?.after ?? 0) - (change?.before ?? 0);
    return growth === 0 ? text : growth > 0 ? colours.green(text) : colours.red(text);
  };
