// "muster audit": loses every cluster, zone, region and provider in turn, and tells what goes down, for how long, and how much room
// is missing for what would have to go elsewhere.
import type { Argv } from 'yargs';
import { audit, DOMAIN_SORTS, type FailureDomain, failureDomains, type KubeObject } from '../../engine/index.ts';
import { loadScores } from '../../executor/commands/load-profile.ts';
import { declareFleet, declareManifests, type Given, loadGiven } from '../../executor/commands/manifests-and-fleet.ts';
import { planInputOf, planPortsOf } from '../../executor/commands/plan/plan-of.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../../executor/terminal/command.ts';
import { formatDuration, parseDuration } from '../../executor/terminal/duration.ts';
import { interruptible } from '../../executor/terminal/interrupt.ts';
import { printListing, withOutputOption } from '../../executor/terminal/output.ts';
import { terminalProgress } from '../../executor/terminal/progress.ts';
import { asksForTimes, readDemands, unmetDemands, withDemands } from './demands.ts';
import { type LossPlay, playLoss, type ShortageOf } from './play-loss.ts';
import { type AuditReport, amountsText, auditedDomain, listingOf } from './report.ts';

const EXPECTATION_FAILED = 99;
/** Clusters times losses; beyond that playing takes minutes, and is done only if it is asked for. */
const PLAYED_UNASKED = 2_500;

export const command: Command = {
  declare: (yargs: Argv) =>
    withDemands(withOutputOption(declareFleet(declareManifests(yargs))))
      .option('by', {
        type: 'string',
        default: DOMAIN_SORTS.join(','),
        describe: 'what is lost: cluster, zone, region, provider, keys of labels, with commas between',
      })
      .option('play', { type: 'boolean', describe: 'play each loss to tell for how long; --no-play only decides' })
      .option('horizon', { type: 'string', default: '15m', describe: 'how long after a loss it is looked at' })
      .option('seed', { type: 'string', default: 'audit', describe: 'of all chance in what is played' })
      .example('$0 audit -f app/ --fleet fleet.yaml', 'what every loss would mean')
      .example(
        '$0 audit -f app/ --fleet fleet.yaml --by zone --max-down 0s --max-missing 0',
        'exit with 99 if it hurts',
      ),
  run: (args) => interruptible((signal) => run(args, signal)),
};

async function run(args: Arguments, signal: AbortSignal): Promise<ExitCode> {
  const demands = readDemands(args);
  const given = await loadGiven(args);
  const horizonMs = parseDuration(args.horizon);
  if (horizonMs === null || horizonMs === 0)
    throw new CommandError(`--horizon is no time such as 15m: ${args.horizon}`);
  const sorts = String(args.by).split(',').filter(Boolean);
  const domains = failureDomains(given.clusters, sorts);
  const found = audit(planInputOf(given), domains, await planPortsOf(given));
  const isPlayed = args.play ?? (asksForTimes(demands) || domains.length * given.clusters.length <= PLAYED_UNASKED);
  if (isPlayed !== true && args.play === undefined) {
    process.stderr.write(
      `too much to play unasked: --play tells for how long each of ${domains.length} losses hurts\n`,
    );
  }
  const played =
    isPlayed === true ? await playAll(domains, await playOf(given, String(args.seed), horizonMs), signal) : null;
  const losses = found.losses.map((loss) => auditedDomain(loss, played?.get(keyOf(loss.domain)) ?? null));
  const report: AuditReport = { profile: found.profile, horizonMs, unplaced: found.unplaced, losses };
  await printListing(listingOf(report), args);
  return tell(report, unmetDemands(losses, demands));
}

/** Losses of the same clusters are one. */
const keyOf = ({ clusters }: FailureDomain): string => clusters.join(' ');

async function playOf({ state, clusters, profile }: Given, seed: string, horizonMs: number): Promise<LossPlay> {
  const { templates, policies, clusterPolicies, overridePolicies, clusterOverridePolicies } = state;
  const objects = [templates, policies, clusterPolicies, overridePolicies, clusterOverridePolicies].flatMap((located) =>
    located.map(({ object }) => object as unknown as KubeObject),
  );
  return { clusters, objects, profile, scores: await loadScores(profile), seed, horizonMs };
}

async function playAll(
  domains: readonly FailureDomain[],
  play: LossPlay,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ShortageOf>> {
  const progress = terminalProgress();
  const played = new Map<string, ShortageOf>();
  try {
    for (const [at, domain] of domains.entries()) {
      const show = (text: string) =>
        progress.show(`${at + 1} of ${domains.length}: ${domain.sort} ${domain.name} ${text}`);
      if (!played.has(keyOf(domain))) played.set(keyOf(domain), await playLoss(play, domain.clusters, signal, show));
    }
  } finally {
    progress.clear();
  }
  return played;
}

function tell({ losses, unplaced, horizonMs }: AuditReport, unmet: readonly string[]): ExitCode {
  for (const title of unplaced) process.stderr.write(`${title} has no place even before anything is lost\n`);
  for (const { sort, name, missing } of losses) {
    if (Object.keys(missing).length === 0) continue;
    process.stderr.write(`without ${sort} ${name} there is no room for ${amountsText(missing)}\n`);
  }
  for (const { sort, name, workloads } of losses) {
    for (const { title, times, missing } of workloads) {
      if (times === null || times.hasRecovered || missing > 0) continue;
      const why = times.why ?? 'it was not sent elsewhere';
      process.stderr.write(`without ${sort} ${name} ${title} is short after ${formatDuration(horizonMs)}: ${why}\n`);
    }
  }
  for (const sentence of unmet) process.stderr.write(`not as demanded: ${sentence}\n`);
  return unmet.length > 0 ? EXPECTATION_FAILED : 0;
}
