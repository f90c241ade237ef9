// "muster plan": what manifests and policies become on a fleet, workload by workload and cluster by cluster.
import type { Argv } from 'yargs';
import {
  comparable,
  comparePlans,
  type KubeObject,
  objectKey,
  type Plan,
  type PlannedWorkload,
  type TargetCluster,
} from '../../engine/index.ts';
import { writeAtomically } from '../files/write-atomic.ts';
import { printYaml } from '../files/yaml.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { type Listing, printListing, withOutputOption } from '../terminal/output.ts';
import { targetsText } from '../terminal/targets-text.ts';
import { withHub } from './hub-access.ts';
import { declareFleet, declareManifests, loadGiven } from './manifests-and-fleet.ts';
import { differenceText } from './plan/difference-text.ts';
import { asksForHub, loadLiveGiven, withLiveOptions } from './plan/live-given.ts';
import { type PlanFile, planFile } from './plan/plan-file.ts';
import { planOf } from './plan/plan-of.ts';

export const command: Command = {
  declare: (yargs: Argv) =>
    withLiveOptions(withOutputOption(declareFleet(declareManifests(yargs, { isNeeded: false }))))
      .option('out', { type: 'string', describe: 'file to write the whole plan to, for diff and apply' })
      .example('$0 plan -f app/ --fleet fleet.yaml', 'where everything goes')
      .example('$0 plan -f app/ --fleet fleet.yaml -o yaml', 'and as what, cluster by cluster')
      .example('$0 plan -f app/ --context hub --out next.yaml', 'on what a hub has, compared with what runs there')
      .epilogue('ResourceBindings among the manifests say what runs where already.'),

  async run(args: Arguments): Promise<ExitCode> {
    if (asksForHub(args)) return planLive(args);
    if ((args.file as readonly string[]).length === 0) {
      throw new CommandError('plan what? Name manifests with -f, or a hub with --context, --kubeconfig or --dir');
    }
    const given = await loadGiven(args);
    const plan = await planOf(given);
    const { bindings: _, clusters: __, warnings: ___, ...state } = given.state;
    const sources = Object.values(state).flatMap((located) => located.map(({ object }) => object as KubeObject));
    if (args.out !== undefined) await writePlan(args, planFile(plan, given.clusters, sources));
    await printListing(listing(plan, false), args);
    return 0;
  },
};

const planLive = (args: Arguments): Promise<ExitCode> =>
  withHub(args, async (_, hub) => {
    const given = await loadLiveGiven(hub, args, args.file as readonly string[]);
    const plan = await planOf(given);
    if (args.out !== undefined) await writePlan(args, planFile(plan, given.clusters, given.files));
    await printListing(listing(plan, true), args);
    process.stderr.write(differenceText(comparePlans(comparable(given.standing), comparable(plan)), 'from what runs'));
    return 0;
  });

/** Secrets in it are for nobody else to read. */
const writePlan = (args: Arguments, plan: PlanFile): Promise<void> =>
  writeAtomically(String(args.out), printYaml(plan), {
    mode: plan.workloads.some(({ kind }) => kind === 'Secret') ? 0o600 : 0o644,
  });

interface Row {
  readonly workload: PlannedWorkload;
}

const listing = (plan: Plan, isLive: boolean): Listing<Row> => ({
  columns: [
    { title: 'NAMESPACE', value: ({ workload }) => workload.namespace },
    { title: 'KIND', value: ({ workload }) => workload.kind },
    { title: 'NAME', value: ({ workload }) => workload.name },
    { title: 'POLICY', value: ({ workload }) => workload.policy?.name },
    { title: 'REPLICAS', align: 'right', value: ({ workload }) => workload.replicas },
    ...(isLive ? [{ title: 'IS IN', value: ({ workload }: Row) => placesOf({ clusters: workload.before }) }] : []),
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

const placesOf = ({ clusters }: { readonly clusters: readonly TargetCluster[] }): string => targetsText(clusters);

const overridesOf = ({ clusters }: PlannedWorkload): string =>
  clusters
    .filter(({ overrides }) => overrides.length > 0)
    .map(({ name, overrides }) => `${name}: ${overrides.join(' + ')}`)
    .join(', ');
