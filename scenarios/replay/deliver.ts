// The files that a run leaves in its folder, beside the trace: metrics for programs, a summary to read, and a report to look at.
import { join } from 'node:path';
import { writeAtomically } from '../../executor/files/write-atomic.ts';
import type { RunFigures } from '../metrics/names.ts';
import { metricRows } from '../metrics/rows.ts';
import { reportPage } from '../report/html.ts';
import type { ReportData } from '../report/report-data.ts';
import { type Summarised, summaryPage } from '../report/summary.ts';

export interface Delivery extends Summarised {
  /** As "-o json" prints it. */
  readonly json: string;
  readonly report: ReportData;
}

export async function deliver(folder: string, delivery: Delivery): Promise<void> {
  const { figures } = delivery.outcome;
  await writeAtomically(join(folder, 'outcome.json'), delivery.json);
  await writeAtomically(join(folder, 'metrics.json'), `${JSON.stringify(figures, null, 2)}\n`);
  await writeAtomically(join(folder, 'metrics.csv'), await metricsCsv(figures));
  await writeAtomically(join(folder, 'summary.md'), summaryPage(delivery));
  await writeAtomically(join(folder, 'report.html'), reportPage(delivery.report));
}

async function metricsCsv(figures: RunFigures): Promise<string> {
  const { stringify } = await import('csv-stringify/sync');
  const rows = metricRows(figures).map((row) => ({ ...row, value: Number.isFinite(row.value) ? row.value : 'never' }));
  return stringify(rows, { header: true, columns: ['scope', 'name', 'workload', 'metric', 'value'] });
}
