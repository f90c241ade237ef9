// Measures many fleet sizes, in this process or spread over several, and draws what came out.
import { fileURLToPath } from 'node:url';
import { byNumber, byText } from '../../engine/index.ts';
import { writeAtomically } from '../../executor/files/write-atomic.ts';
import type { Figures } from './figures.ts';
import { measurePoint, type SweepPoint } from './point.ts';
import { printFigures } from './print.ts';
import { renderReport } from './report.ts';
import type { Workload } from './workload.ts';

export const SIZES = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000] as const;

export interface SweepPlan {
  readonly sizes: readonly number[];
  readonly workloads: readonly Workload[];
  readonly churn: readonly boolean[];
  readonly profiles: readonly string[];
  readonly bindings: number;
  readonly repeat: number;
  readonly seed: number;
}

export interface SweepOptions {
  readonly workers: number;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

export interface SweepOutcome {
  readonly figures: readonly Figures[];
  readonly summary: string;
  readonly files: readonly string[];
}

export async function runSweep(plan: SweepPlan, options: SweepOptions): Promise<SweepOutcome> {
  const points = pointsOf(plan);
  const figures: Figures[] = [];
  const add = (measured: readonly Figures[]): void => {
    figures.push(...measured);
    options.onProgress(`${figures.length} of ${points.length * plan.profiles.length} points measured`);
  };
  if (options.workers > 1) await measureInWorkers(points, options, add);
  else for (const point of points) if (!options.signal.aborted) add(await measurePoint(point));

  figures.sort(
    (a, b) =>
      byText(a.workload ?? '', b.workload ?? '') ||
      Number(a.churn) - Number(b.churn) ||
      byText(a.profile, b.profile) ||
      byNumber(a.clusters, b.clusters),
  );
  const files = await renderReport(figures, options.folder, writeAtomically);
  return { figures, summary: printFigures(figures), files };
}

function pointsOf({ sizes, workloads, churn, ...rest }: SweepPlan): SweepPoint[] {
  return workloads.flatMap((workload) =>
    churn.flatMap((changing) =>
      [...sizes].sort(byNumber).map((clusters) => ({ ...rest, workload, churn: changing, clusters })),
    ),
  );
}

/** Each worker measures whole points, so that what is decided does not depend on how many there are. */
async function measureInWorkers(
  points: readonly SweepPoint[],
  { workers, signal }: SweepOptions,
  add: (figures: readonly Figures[]) => void,
): Promise<void> {
  const { Piscina } = await import('piscina');
  const pool = new Piscina({
    filename: fileURLToPath(new URL('./point.js', import.meta.url)),
    name: 'measurePoint',
    minThreads: workers,
    maxThreads: workers,
  });
  try {
    await Promise.all(
      points.map(async (point) => {
        try {
          add((await pool.run(point, { signal })) as Figures[]);
        } catch (error) {
          if (!signal.aborted) throw error;
        }
      }),
    );
  } finally {
    await pool.destroy();
  }
}
