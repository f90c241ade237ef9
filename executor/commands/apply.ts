// muster apply: a plan, or manifests, carried out on a live hub: what differs is shown first, and placed exactly as planned.
import type { Argv } from 'yargs';
import { type Cluster, fleetChanges, fleetFacts } from '../../engine/index.ts';
import type { ApiObjects } from '../live/api-objects.ts';
import { type ApplyPorts, type ApplyWork, carryOut, untilWell } from '../live/apply/carry-out.ts';
import { objectChanges, placementChanges, refuseUncreatable, withNamespaces } from '../live/apply/changes.ts';
import { Inventory } from '../live/apply/inventory.ts';
import { type Ends, endsOf } from '../live/apply/rollouts.ts';
import { interpreterOf } from '../live/hub-interpreter.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { confirmed } from '../terminal/confirm.ts';
import { printListing, withOutputOption } from '../terminal/output.ts';
import { terminalProgress } from '../terminal/progress.ts';
import { goOnUnread } from '../terminal/unread.ts';
import { applyListing, summaryOf } from './apply/listing.ts';
import { withHub, withHubOptions } from './hub-access.ts';
import { declareManifests } from './manifests-and-fleet.ts';
import { CLUSTER_KIND } from './member-access.ts';
import { loadLiveGiven } from './plan/live-given.ts';
import { readPlan } from './plan/load-plan.ts';
import { ownPart, type PlanFile, planFile } from './plan/plan-file.ts';
import { planOf } from './plan/plan-of.ts';

const CHANGES_FOUND = 2;
const isLabelName = (text: string): boolean => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text);

export const command: Command = {
  declare: (yargs: Argv) =>
    withHubOptions(withOutputOption(declareManifests(yargs, { isNeeded: false }), ['table', 'json', 'yaml', 'name']))
      .positional('plan', { type: 'string', describe: 'a plan that "muster plan --out" wrote' })
      .option('namespace', { alias: 'n', type: 'string', describe: 'namespace of what names none' })
      .option('recursive', { alias: 'R', type: 'boolean', default: false, describe: 'directories below directories' })
      .option('profile', { type: 'string', default: 'muster', describe: 'by which manifests are planned' })
      .option('set', { type: 'string', default: 'default', describe: 'the name under which is noted what was made' })
      .option('prune', {
        type: 'boolean',
        default: false,
        describe: 'take away what was made under that name and is no longer asked for',
      })
      .option('dry-run', {
        choices: ['none', 'client', 'server'] as const,
        default: 'none' as const,
        requiresArg: true,
        describe: 'only show what would change: as seen from here, or as the hub itself says',
      })
      .option('force', {
        type: 'boolean',
        default: false,
        describe: 'though the fleet is another than was planned for',
      })
      .option('force-conflicts', { type: 'boolean', default: false, describe: 'take over fields that others have set' })
      .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'without asking' })
      .option('timeout', { type: 'number', default: 300, describe: 'seconds until all must run; 0 does not wait' })
      .option('detailed-exitcode', { type: 'boolean', default: false, describe: 'exit with 2 where anything differs' })
      .example('$0 apply next.yaml', 'what was planned, as it was planned')
      .example('$0 apply -f app/ --prune --yes', 'manifests, planned on the fleet as it is'),
  run: (args) => withHub(args, (_, hub) => apply(args, hub)),
};

async function apply(args: Arguments, hub: ApiObjects): Promise<ExitCode> {
  const plan = ownPart(await plannedFor(args, hub));
  const dryRun = String(args['dry-run']);
  if (dryRun === 'none') goOnUnread();
  const force = args['force-conflicts'] === true;
  const sources = plan.sources ?? [];
  if (!isLabelName(String(args.set)))
    throw new CommandError(`--set ${args.set}: write small letters, digits and dashes`);
  const inventory = new Inventory(hub, String(args.set));
  await inventory.read();
  const by = dryRun === 'client' ? 'client' : 'server';
  const objects = await objectChanges(hub, await withNamespaces(hub, sources), { by, force });
  if (by === 'server') await refuseUncreatable(hub, objects);
  const removals = args.prune === true ? await inventory.left(sources) : [];
  const work: ApplyWork = { plan, objects, placements: await placementChanges(hub, plan.workloads), removals };
  await printListing(applyListing(work), args);
  for (const { kind, name, reason, outcome } of plan.workloads) {
    if (outcome === 'unplaced') process.stderr.write(`note: ${kind} ${name} is not placed: ${reason ?? ''}\n`);
  }
  const isNothing = summaryOf(work) === '';
  // What ended before anything was changed says nothing of the change.
  const ends = isNothing ? new Map<string, string>() : await endsOf(plan, hub);
  const changed: ExitCode = args['detailed-exitcode'] === true && !isNothing ? CHANGES_FOUND : 0;
  if (dryRun !== 'none') return changed;
  if (!isNothing) {
    if (args.yes !== true && !(await confirmed(`${summaryOf(work)}: go on?`))) {
      process.stderr.write('nothing was changed\n');
      return 1;
    }
    const ports: ApplyPorts = { hub, inventory, interpreter: await interpreterOf(hub), force };
    await carryOut(work, ports);
    process.stderr.write(`applied: ${summaryOf(work)}\n`);
  }
  await wait(plan, hub, Number(args.timeout), ends);
  return changed;
}

async function wait(plan: PlanFile, hub: ApiObjects, seconds: number, ends: Ends): Promise<void> {
  if (seconds === 0) return;
  const progress = terminalProgress();
  try {
    await untilWell(plan, hub, seconds * 1000, (text) => progress.show(text), ends);
  } finally {
    progress.clear();
  }
}

async function plannedFor(args: Arguments, hub: ApiObjects): Promise<PlanFile> {
  const files = args.file as readonly string[];
  const file = args.plan as string | undefined;
  if ((file === undefined) === (files.length === 0)) {
    throw new CommandError('apply what? Name a plan, or manifests with -f');
  }
  if (file === undefined) {
    const given = await loadLiveGiven(hub, args, files);
    return planFile(await planOf(given), given.clusters, given.files);
  }
  const plan: PlanFile | null = await readPlan(file);
  if (plan === null) throw new CommandError(`${file} is no plan: name manifests with -f`);
  if (plan.sources === undefined || plan.clusters === undefined) {
    throw new CommandError(`${file} cannot be carried out: let "muster plan --out" write it`);
  }
  const clusters = (await hub.list(CLUSTER_KIND)) as unknown as readonly Cluster[];
  const changes = fleetChanges(plan.clusters, fleetFacts(clusters));
  if (changes.length === 0) return plan;
  const told = changes.map((change) => `  ${change}\n`).join('');
  if (args.force !== true) {
    throw new CommandError(`the fleet is another than was planned for; plan again, or --force it:\n${told.trimEnd()}`);
  }
  process.stderr.write(`warning: the fleet is another than was planned for:\n${told}`);
  return plan;
}
