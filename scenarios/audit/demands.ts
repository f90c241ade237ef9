// What nobody may lose more of: thresholds of an audit, and what does not hold them.
import type { Argv } from 'yargs';
import { type Arguments, CommandError } from '../../executor/terminal/command.ts';
import { formatDuration, parseDuration } from '../../executor/terminal/duration.ts';
import type { AuditedDomain, AuditedWorkload } from './report.ts';

export interface Demands {
  readonly lostPercent: number | null;
  readonly missing: number | null;
  readonly downMs: number | null;
  readonly shortMs: number | null;
}

export const withDemands = (yargs: Argv): Argv =>
  yargs
    .option('max-lost', { type: 'number', describe: 'the percentage of its replicas that a workload may lose at once' })
    .option('max-missing', { type: 'number', describe: 'the replicas that may find no room elsewhere, by workload' })
    .option('max-down', { type: 'string', describe: 'for how long a workload may serve nothing: 30s' })
    .option('max-short', { type: 'string', describe: 'for how long a workload may serve less than it should: 2m' });

export function readDemands(args: Arguments): Demands {
  const durationOf = (name: string): number | null => {
    if (args[name] === undefined) return null;
    const ms = parseDuration(args[name]);
    if (ms === null) throw new CommandError(`--${name} is "${String(args[name])}", and should be a time such as 90s`);
    return ms;
  };
  const numberOf = (name: string): number | null => (args[name] === undefined ? null : Number(args[name]));
  return {
    lostPercent: numberOf('max-lost'),
    missing: numberOf('max-missing'),
    downMs: durationOf('max-down'),
    shortMs: durationOf('max-short'),
  };
}

/** Whether the answer needs losses to be played. */
export const asksForTimes = ({ downMs, shortMs }: Demands): boolean => downMs !== null || shortMs !== null;

/** One sentence for each thing that is more than it may be. */
export const unmetDemands = (domains: readonly AuditedDomain[], demands: Demands): readonly string[] =>
  domains.flatMap((domain) =>
    domain.workloads.flatMap((workload) =>
      unmetBy(workload, demands).map((what) => `${domain.sort} ${domain.name}: ${workload.title} ${what}`),
    ),
  );

function unmetBy({ before, lost, missing, times }: AuditedWorkload, demands: Demands): string[] {
  const unmet: string[] = [];
  const percent = before === 0 ? 0 : (100 * lost) / before;
  if (demands.lostPercent !== null && percent > demands.lostPercent) {
    unmet.push(`loses ${lost} of ${before} replicas, of at most ${demands.lostPercent}%`);
  }
  if (demands.missing !== null && missing > demands.missing) {
    unmet.push(`finds no room for ${missing} replicas, of at most ${demands.missing}`);
  }
  if (times === null) return unmet;
  if (demands.downMs !== null && times.downMs > demands.downMs) {
    unmet.push(`serves nothing for ${formatDuration(times.downMs)}, of at most ${formatDuration(demands.downMs)}`);
  }
  if (demands.shortMs !== null && (times.shortMs > demands.shortMs || !times.hasRecovered)) {
    const long = times.hasRecovered ? `for ${formatDuration(times.shortMs)}` : 'until the end';
    unmet.push(`serves too little ${long}, of at most ${formatDuration(demands.shortMs)}`);
  }
  return unmet;
}
