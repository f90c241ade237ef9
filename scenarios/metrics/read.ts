// One metric by its name: of the run, of a workload, of a fault, or of a workload in a fault; and what is wrong with such a question.
import { formatKey, type ObjectKey } from '../../engine/index.ts';
import {
  FAULT_METRICS,
  FAULT_WORKLOAD_METRICS,
  type FaultFigures,
  RUN_METRICS,
  type RunFigures,
  WORKLOAD_METRICS,
} from './names.ts';

type Figures = Readonly<Record<string, number>>;

/** Of several faults, times are the longest, and everything else is summed up. */
const isTime = (name: string): boolean => /^(detect|evict|recover|lasted)Seconds$/.test(name);

const has = (names: object, name: string): boolean => Object.hasOwn(names, name);

/** Null where it can be answered. */
export function whyNoMetric(name: string, isOfWorkload: boolean, isOfFault: boolean): string | null {
  const everywhere = { ...WORKLOAD_METRICS, ...RUN_METRICS, ...FAULT_METRICS };
  if (!has(everywhere, name)) return `there is no metric "${name}": there are ${Object.keys(everywhere).join(', ')}`;
  const ofFaults = isOfWorkload ? FAULT_WORKLOAD_METRICS : FAULT_METRICS;
  const ofWorkloads = isOfWorkload ? WORKLOAD_METRICS : { ...WORKLOAD_METRICS, ...RUN_METRICS };
  const known = isOfFault ? ofFaults : { ...ofWorkloads, ...ofFaults };
  if (has(known, name)) return null;
  const whose = `${isOfWorkload ? 'a workload' : 'a run'}${isOfFault ? ' in a fault' : ''}`;
  return `${name} is no metric of ${whose}: there are ${Object.keys(known).join(', ')}`;
}

export class RunMetrics {
  readonly #figures: RunFigures;

  constructor(figures: RunFigures) {
    this.#figures = figures;
  }

  /** Undefined where nothing is known of it; Infinity for what never came about. */
  value(name: string, workload: ObjectKey | null, fault: string | null): number | undefined {
    const { all, workloads, faults } = this.#figures;
    if (fault === null) {
      const own: Figures | undefined = workload === null ? all : workloads[formatKey(workload)];
      if (own?.[name] !== undefined) return own[name];
    }
    const meant = fault === null ? faults : faults.filter(({ id }) => id === fault);
    return ofFaults(name, meant, workload);
  }
}

function ofFaults(name: string, faults: readonly FaultFigures[], workload: ObjectKey | null): number | undefined {
  if (faults.length === 0) return undefined;
  const values = faults.map((fault) => {
    const own = (workload === null ? fault : fault.workloads[formatKey(workload)]) as Figures | undefined;
    return own?.[name] ?? 0;
  });
  return isTime(name) ? Math.max(...values) : values.reduce((total, one) => total + one, 0);
}
