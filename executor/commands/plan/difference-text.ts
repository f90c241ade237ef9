// In a few sentences how much differs between two plans, and what that risks.
import { objectKey, type PlanComparison } from '../../../engine/index.ts';

export function differenceText({ workloads, moved, added, removed }: PlanComparison, from = ''): string {
  const count = workloads.length === 1 ? '1 workload differs' : `${workloads.length} workloads differ`;
  const head = `${count}${from === '' ? '' : ` ${from}`}: ${moved} moved, ${added} more, ${removed} fewer\n`;
  const risks = workloads.flatMap((workload) =>
    workload.risks.map(
      (risk) => `risk: ${workload.kind} ${objectKey(workload.namespace ?? '', workload.name)}: ${risk}\n`,
    ),
  );
  return head + risks.join('');
}
