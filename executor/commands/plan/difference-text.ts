// In a few sentences how much differs between two plans, what that risks, and in which waves it goes.
import { objectKey, type PlanComparison } from '../../../engine/index.ts';

export function differenceText({ workloads, moved, added, removed }: PlanComparison, from = ''): string {
  const count = workloads.length === 1 ? '1 workload differs' : `${workloads.length} workloads differ`;
  const head = `${count}${from === '' ? '' : ` ${from}`}: ${moved} moved, ${added} more, ${removed} fewer\n`;
  const risks = workloads.flatMap((workload) =>
    workload.risks.map(
      (risk) => `risk: ${workload.kind} ${objectKey(workload.namespace ?? '', workload.name)}: ${risk}\n`,
    ),
  );
  const waves = workloads
    .filter((workload) => workload.waves.length > 0)
    .map(({ kind, namespace, name, waves: own }) => {
      const told = own.map((wave) => {
        const approval = wave.approval ? ', once somebody approves' : '';
        return `${wave.name === null ? '' : `${wave.name}: `}${wave.clusters.join(', ')}${approval}`;
      });
      return `waves: ${kind} ${objectKey(namespace ?? '', name)}: ${told.join('; ')}\n`;
    });
  return head + risks.join('') + waves.join('');
}
