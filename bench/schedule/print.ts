// Benchmark figures as a table that a person reads.
import { renderTable } from '../../executor/terminal/table.ts';
import type { Comparison } from '../compare.ts';
import type { Figures } from './figures.ts';

const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
const decimals = (value: number, places: number): string => value.toFixed(places);
const share = (value: number | null): string => (value === null ? '-' : `${(value * 100).toFixed(1)}%`);

export function printFigures(figures: readonly Figures[]): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  const speed = renderTable(
    [
      { title: 'PROFILE' },
      right('CLUSTERS'),
      right('DECISIONS/S'),
      right('95% INTERVAL'),
      right('P50 µs'),
      right('P99 µs'),
      right('× KARMADA'),
      right('COLD START ms'),
      right('B/CLUSTER'),
      right('B/BINDING'),
      right('GC ms'),
      right('PEAK RSS MiB'),
    ],
    figures.map((each) => [
      each.profile,
      grouped(each.clusters),
      grouped(each.decisionsPerSecond),
      `${grouped(each.decisionsPerSecondLow)}-${grouped(each.decisionsPerSecondHigh)}`,
      decimals(each.p50us, 1),
      decimals(each.p99us, 1),
      each.timesKarmada === null ? '-' : grouped(each.timesKarmada),
      decimals(each.coldStartMs, 1),
      grouped(each.bytesPerCluster),
      grouped(each.bytesPerBinding),
      decimals(each.gcMs, 1),
      grouped(each.peakRssMiB),
    ]),
  );
  const quality = renderTable(
    [
      { title: 'PROFILE' },
      right('CLUSTERS'),
      right('BALANCE'),
      right('SPREAD SLACK'),
      right('MOVED'),
      right('UNSCHEDULABLE'),
    ],
    figures.map((each) => [
      each.profile,
      grouped(each.clusters),
      decimals(each.balance, 3),
      each.constraintSlack === null ? '-' : decimals(each.constraintSlack, 2),
      share(each.movedReplicas),
      share(each.unschedulableShare),
    ]),
  );
  return figures.length === 0 ? '' : `${titleOf(figures)}\n\n${speed}\n${quality}`;
}

function titleOf(figures: readonly Figures[]): string {
  const labels = [...new Set(figures.map(({ label, churn }) => `${label}${churn ? ', with churn' : ''}`))];
  return labels.length === 1 ? labels[0]! : `${labels.length} inputs, from ${labels[0]} to ${labels.at(-1)}`;
}

export function printComparison(comparisons: readonly Comparison[]): string {
  return renderTable(
    [
      { title: 'PROFILE' },
      { title: 'FIGURE' },
      { title: 'BEFORE', align: 'right' },
      { title: 'NOW', align: 'right' },
      { title: 'RATIO', align: 'right' },
      { title: '95% INTERVAL', align: 'right' },
      { title: 'VERDICT' },
    ],
    comparisons.map(({ profile, figure, before, now, ratio, verdict }) => [
      profile,
      figure,
      grouped(before),
      grouped(now),
      decimals(ratio.median, 3),
      `${decimals(ratio.low, 3)}-${decimals(ratio.high, 3)}`,
      verdict,
    ]),
  );
}
