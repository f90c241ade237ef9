// "muster plan": what manifests and policies become on a fleet, workload by workload and cluster by cluster.
import type { Argv } from 'yargs';
import { objectKey, type Plan, type PlannedWorkload } from '../../engine/index.ts';
import { writeAtomically } from '../files/write-atomic.ts';
import { printYaml } from '../files/yaml.ts';
import type { Arguments, Command, ExitCode } from '../terminal/command.ts';
import { type Listing, printListing, withOutputOption } from '../terminal/output.ts';
import { declareFleet, declareManifests, loadGiven } from './manifests-and-fleet.ts';
import { planOf } from './plan/plan-of.ts';

export const command: Command = {
  declare: (yargs: Argv) =>
    withOutputOption(declareFleet(declareManifests(yargs)))
      .option('out', { type: 'string', describe: 'file to write the whole plan to, manifests included' })
      .example('$0 plan -f app/ --fleet fleet.yaml', 'where everything goes')
      .example('$0 plan -f app/ --fleet fleet.yaml -o yaml', 'and as what, cluster by cluster')
      .epilogue('ResourceBindings among the manifests say what runs where already.'),

  async run(args: Arguments): Promise<ExitCode> {
    const plan = await planOf(await loadGiven(args));
    if (args.out !== undefined) await writeAtomically(args.out as string, printYaml(plan));
    await printListing(listing(plan), args);
    return 0;
  },
};

interface Row {
  readonly workload: PlannedWorkload;
}

const listing = (plan: Plan): Listing<Row> => ({
  columns: [
    { title: 'NAMESPACE', value: ({ workload }) => workload.namespace },
    { title: 'KIND', value: ({ workload }) => workload.kind },
    { title: 'NAME', value: ({ workload }) => workload.name },
    { title: 'POLICY', value: ({ workload }) => workload.policy?.name },
    { title: 'REPLICAS', align: 'right', value: ({ workload }) => workload.replicas },
    { title: 'GOES TO', value: ({ workload }) => placesOf(workload) },
    {
      title: 'WHY NOT',
      value: ({ workload }) => workload.reason,
      paint: (text, colours, { workload }) => (workload.outcome === 'unplaced' ? colours.red(text) : text),
    },
    { title: 'OVERRIDES', wide: true, value: ({ workload }) => overridesOf(workload) },
  ],
  rows: plan.workloads.map((workload) => ({ workload })),
  name: ({ workload }) => `${workload.kind.toLowerCase()}/${objectKey(workload.namespace ?? '', workload.name)}`,
  document: () => plan,
  empty: 'the manifests hold nothing to propagate',
});

const placesOf = ({ clusters }: PlannedWorkload): string =>
  clusters.map(({ name, replicas }) => (replicas === undefined ? name : `${name}: ${replicas}`)).join(', ');

const overridesOf = ({ clusters }: PlannedWorkload): string =>
  clusters
    .filter(({ overrides }) => overrides.length > 0)
    .map(({ name, overrides }) => `${name}: ${overrides.join(' + ')}`)
    .join(', ');
