// What a sweep leaves behind: the figures as CSV and JSON, and two charts as SVG and as one page.
import { join } from 'node:path';
import type { Figures } from './figures.ts';
import { KARMADA } from './karmada-figures.ts';
import type { Workload } from './workload.ts';

type Write = (path: string, content: string) => Promise<void>;

const COLUMNS = [
  'workload',
  'profile',
  'churn',
  'clusters',
  'bindings',
  'seed',
  'repeats',
  'decisionsPerSecond',
  'decisionsPerSecondLow',
  'decisionsPerSecondHigh',
  'p50us',
  'p99us',
  'timesKarmada',
  'coldStartMs',
  'bytesPerCluster',
  'bytesPerBinding',
  'gcMs',
  'gcCount',
  'heapUsedMiB',
  'peakRssMiB',
  'balance',
  'constraintSlack',
  'movedReplicas',
  'unschedulableShare',
  'node',
  'cpu',
] as const satisfies readonly (keyof Figures)[];

export async function renderReport(figures: readonly Figures[], folder: string, write: Write): Promise<string[]> {
  const { stringify } = await import('csv-stringify/sync');
  const throughput = await chart(
    throughputPoints(figures),
    'decisions a second',
    'decisions per second (higher is better)',
  );
  const latency = await chart(
    latencyPoints(figures),
    'microseconds',
    '99th percentile of a decision, µs (lower is better)',
  );
  const files: Record<string, string> = {
    'sweep.csv': stringify([...figures], { header: true, columns: [...COLUMNS] }),
    'sweep.json': `${JSON.stringify(figures, null, 2)}\n`,
    'throughput.svg': throughput,
    'latency.svg': latency,
    'index.html': page(figures, throughput, latency),
  };
  const paths: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await write(path, content);
    paths.push(path);
  }
  return paths;
}

interface Point {
  readonly clusters: number;
  readonly value: number;
  readonly series: string;
}

const seriesOf = ({ profile, workload, churn }: Figures): string =>
  `muster, ${profile} profile, ${workload}${churn ? ', churn' : ''}`;

function throughputPoints(figures: readonly Figures[]): Point[] {
  return [
    ...figures.map((each) => ({ clusters: each.clusters, value: each.decisionsPerSecond, series: seriesOf(each) })),
    ...karmadaPoints(figures, ({ decisionsPerSecond }) => decisionsPerSecond),
  ];
}

function latencyPoints(figures: readonly Figures[]): Point[] {
  return [
    ...figures.map((each) => ({ clusters: each.clusters, value: each.p99us, series: seriesOf(each) })),
    ...karmadaPoints(figures, ({ p99us }) => p99us),
  ];
}

function karmadaPoints(
  figures: readonly Figures[],
  value: (figure: { readonly decisionsPerSecond: number; readonly p99us: number }) => number,
): Point[] {
  const workloads = new Set(figures.flatMap(({ workload }) => (workload === null ? [] : [workload as Workload])));
  return [...workloads].flatMap((workload) =>
    KARMADA[workload].map((figure) => ({
      clusters: figure.clusters,
      value: value(figure),
      series: `Karmada's own, ${workload}`,
    })),
  );
}

async function chart(points: readonly Point[], unit: string, title: string): Promise<string> {
  const [{ compile }, vega] = await Promise.all([import('vega-lite'), import('vega')]);
  const { spec } = compile({
    data: { values: [...points] },
    title,
    width: 640,
    height: 360,
    background: 'white',
    mark: { type: 'line', point: true },
    encoding: {
      x: { field: 'clusters', type: 'quantitative', scale: { type: 'log' }, title: 'clusters in the fleet' },
      y: { field: 'value', type: 'quantitative', scale: { type: 'log' }, title: unit },
      color: {
        field: 'series',
        type: 'nominal',
        title: null,
        legend: { orient: 'bottom', columns: 2, labelLimit: 320 },
      },
    },
  });
  return new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG();
}

function page(figures: readonly Figures[], ...charts: readonly string[]): string {
  const escaped = (text: unknown) =>
    String(text ?? '-')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;');
  const cell = (value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(4) : escaped(value);
  const rows = figures.map((each) => `<tr>${COLUMNS.map((column) => `<td>${cell(each[column])}</td>`).join('')}</tr>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Muster: scheduler benchmark</title>
<style>
  body { font: 14px system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; color: #1b1b1b }
  table { border-collapse: collapse; font-size: 12px; display: block; overflow-x: auto }
  td, th { padding: .25rem .5rem; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap }
  svg { max-width: 100%; height: auto }
</style>
<h1>Scheduler benchmark</h1>
<p>${escaped(figures[0]?.cpu)}, Node ${escaped(figures[0]?.node)}. One decision reads a binding's spec and ends in a result object.
Karmada's figures were measured once, on its own code and these very inputs.</p>
${charts.join('\n')}
<table><thead><tr>${COLUMNS.map((column) => `<th>${column}</th>`).join('')}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table>
</html>
`;
}
