// Karmada's own scheduler on the same inputs (seed 1): commit f8fdd02, Go 1.27, default plugins and gates, two cores.
// One decision is one call of its generic scheduler on an in-memory fleet.
import type { Workload } from './workload.ts';

export interface KarmadaFigure {
  readonly clusters: number;
  readonly decisionsPerSecond: number;
  readonly p50us: number;
  readonly p99us: number;
}

const figures = (...rows: readonly (readonly [number, number, number, number])[]): KarmadaFigure[] =>
  rows.map(([clusters, decisionsPerSecond, p50us, p99us]) => ({ clusters, decisionsPerSecond, p50us, p99us }));

export const KARMADA: Readonly<Record<Workload, readonly KarmadaFigure[]>> = {
  dup: figures([100, 1791, 414, 2050], [1000, 141, 6910, 12_074], [5000, 26.9, 36_018, 53_418]),
  static: figures([100, 1230, 628, 2607], [1000, 126, 7523, 18_915], [5000, 22.3, 46_175, 62_699]),
  dynamic: figures([100, 1573, 480, 2172], [1000, 174, 5715, 9720], [5000, 26.4, 37_350, 54_478]),
  aggregated: figures([100, 2108, 347, 1475], [1000, 173, 5686, 9786], [5000, 28.2, 34_673, 53_382]),
  spread: figures([100, 1137, 623, 2814], [1000, 140, 6977, 11_631], [5000, 27.9, 34_931, 53_758]),
  rescale: figures([100, 1753, 407, 2040], [1000, 142, 6921, 11_652], [5000, 26.3, 37_021, 64_023]),
  mixed: figures([100, 1617, 497, 2274], [1000, 147, 6705, 12_548], [5000, 25.6, 37_361, 63_468]),
};

export const karmadaFigure = (workload: Workload, clusters: number): KarmadaFigure | undefined =>
  KARMADA[workload].find((figure) => figure.clusters === clusters);
