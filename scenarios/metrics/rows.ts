// The metrics of a run as rows of one table, one number each, for spreadsheets and programs that turn tables round.
import { FAULT_METRICS, FAULT_WORKLOAD_METRICS, type FaultFigures, GROUPS, type RunFigures } from './names.ts';

export interface MetricRow {
  /** "run", "workload", "fault", "zone", "region", "provider", "hub" or "members"; the last two count requests. */
  readonly scope: string;
  /** A workload, a fault, a zone, a kind of object. */
  readonly name: string;
  /** In a fault. */
  readonly workload: string;
  readonly metric: string;
  readonly value: number;
}

export function metricRows({ all, workloads, faults, balance, calls }: RunFigures): readonly MetricRow[] {
  const rows: MetricRow[] = [];
  const add = (scope: string, name: string, workload: string, figures: object, only?: object): void => {
    for (const [metric, value] of Object.entries(figures)) {
      if (only === undefined || Object.hasOwn(only, metric)) rows.push({ scope, name, workload, metric, value });
    }
  };
  add('run', '', '', all);
  for (const [name, figures] of Object.entries(workloads)) add('workload', name, '', figures);
  const names = faultNames(faults);
  for (const [at, fault] of faults.entries()) {
    const name = names[at]!;
    add('fault', name, '', fault, { atSeconds: 0, ...FAULT_METRICS });
    for (const [workload, figures] of Object.entries(fault.workloads)) {
      add('fault', name, workload, figures, FAULT_WORKLOAD_METRICS);
    }
  }
  for (const group of GROUPS) {
    for (const [name, figures] of Object.entries(balance[group])) add(group, name, '', figures);
  }
  for (const side of ['hub', 'members'] as const) {
    for (const [kind, verbs] of Object.entries(calls[side])) add(side, kind, '', verbs);
  }
  return rows;
}

/** The id, with a number from the second of that id on; without an id its number among all. */
export function faultNames(faults: readonly FaultFigures[]): readonly string[] {
  const seen = new Map<string, number>();
  return faults.map(({ id }, at) => {
    if (id === null) return `fault ${at + 1}`;
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return count === 1 ? id : `${id} ${count}`;
  });
}
