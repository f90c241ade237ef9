// What an audit found, as a table and as a document.
import { type DomainLoss, objectKey, type WorkloadLoss } from '../../engine/index.ts';
import type { Palette } from '../../executor/terminal/colour.ts';
import { formatDuration } from '../../executor/terminal/duration.ts';
import type { Listing } from '../../executor/terminal/output.ts';
import type { Shortage, ShortageOf } from './play-loss.ts';

export interface AuditedWorkload extends WorkloadLoss {
  /** "Deployment shop/web". */
  readonly title: string;
  /** Null where the loss was not played. */
  readonly times: Shortage | null;
}

export interface AuditedDomain {
  readonly sort: string;
  readonly name: string;
  readonly clusters: readonly string[];
  readonly workloads: readonly AuditedWorkload[];
  readonly missing: Readonly<Record<string, number>>;
}

export interface AuditReport {
  readonly profile: string;
  readonly horizonMs: number;
  readonly unplaced: readonly string[];
  readonly losses: readonly AuditedDomain[];
}

export const auditedDomain = (
  { domain, workloads, missing }: DomainLoss,
  shortageOf: ShortageOf | null,
): AuditedDomain => ({
  ...domain,
  workloads: workloads.map((workload): AuditedWorkload => {
    const { apiVersion, kind, namespace, name } = workload;
    const metadata = { name, ...(namespace !== null && { namespace }) };
    const title = `${kind} ${objectKey(namespace ?? '', name)}`;
    return { ...workload, title, times: shortageOf?.({ apiVersion, kind, metadata }) ?? null };
  }),
  missing,
});

interface Row {
  readonly domain: AuditedDomain;
  /** Null where nothing ran there. */
  readonly workload: AuditedWorkload | null;
}

export const listingOf = (report: AuditReport): Listing<Row> => ({
  columns: [
    { title: 'LOST', value: ({ domain }) => `${domain.sort} ${domain.name}` },
    { title: 'CLUSTERS', align: 'right', value: ({ domain }) => domain.clusters.length },
    { title: 'WORKLOAD', value: ({ workload }) => workload?.title ?? 'nothing runs there' },
    {
      title: 'REPLICAS',
      align: 'right',
      value: ({ workload }) => (workload === null ? '' : `${workload.lost} of ${workload.before}`),
    },
    {
      title: 'DOWN FOR',
      align: 'right',
      value: ({ workload }) => downText(workload?.times ?? null, report.horizonMs),
      paint: (text, colours, { workload }) => redIf((workload?.times?.downMs ?? 0) > 0, text, colours),
    },
    {
      title: 'SHORT FOR',
      align: 'right',
      value: ({ workload }) => shortText(workload?.times ?? null),
      paint: (text, colours, { workload }) => redIf(workload?.times?.hasRecovered === false, text, colours),
    },
    {
      title: 'NO ROOM FOR',
      align: 'right',
      value: ({ workload }) => (workload === null ? '' : workload.missing),
      paint: (text, colours, { workload }) => redIf((workload?.missing ?? 0) > 0, text, colours),
    },
    { title: 'MISSING', wide: true, value: ({ domain }) => amountsText(domain.missing) },
    { title: 'WHY', wide: true, value: ({ workload }) => workload?.reason ?? workload?.times?.why },
  ],
  rows: report.losses.flatMap((domain): Row[] =>
    domain.workloads.length === 0
      ? [{ domain, workload: null }]
      : domain.workloads.map((workload) => ({ domain, workload })),
  ),
  name: ({ domain, workload }) => `${domain.sort}/${domain.name} ${workload?.title ?? ''}`.trimEnd(),
  document: () => report,
  empty: 'there is nothing that could be lost',
});

const redIf = (isBad: boolean, text: string, colours: Palette): string => (isBad ? colours.red(text) : text);

function downText(times: Shortage | null, horizonMs: number): string {
  if (times === null) return '';
  return times.downMs >= horizonMs ? `over ${formatDuration(horizonMs)}` : formatDuration(times.downMs);
}

function shortText(times: Shortage | null): string {
  if (times === null) return '';
  return times.hasRecovered ? formatDuration(times.shortMs) : `over ${formatDuration(times.shortMs)}`;
}

/** "4 cpu, 8Gi memory", of whole units and thousandths of CPUs. */
export function amountsText(amounts: Readonly<Record<string, number>>): string {
  return Object.entries(amounts)
    .map(([name, amount]) => {
      if (name === 'cpu') return `${amount / 1000} cpu`;
      if (name !== 'memory') return `${amount} ${name}`;
      const gib = amount / 1024 ** 3;
      return `${gib >= 1 ? `${Math.ceil(gib * 10) / 10}Gi` : `${Math.ceil(amount / 1024 ** 2)}Mi`} memory`;
    })
    .join(', ');
}
