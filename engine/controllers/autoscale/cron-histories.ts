// What a CronFederatedHPA tells of its rules: when each is due next, and what came of it lately.
import {
  CRON_RULE,
  type CronFederatedHPA,
  type CronRule,
  type ExecutionHistory,
  type FailedExecution,
  type SuccessfulExecution,
} from '../../api/cron-autoscaling.ts';
import { formatTime, type Millis } from '../../kube/time.ts';

/** A rule has been carried out, or could not be. */
export interface Execution {
  readonly rule: string;
  readonly scheduled: Millis;
  readonly at: Millis;
  /** What went wrong; null for a success. */
  readonly failure: string | null;
}

/** Of the rules there are, with when each is due next, and with these executions where they are not told yet. */
export function historiesOf(
  { spec, status }: CronFederatedHPA,
  nextTimes: readonly (Millis | null)[],
  executions: readonly Execution[],
): readonly ExecutionHistory[] {
  return spec.rules.map((rule, at) => {
    const known = status?.executionHistories?.find(({ ruleName }) => ruleName === rule.name);
    const next = nextTimes[at] ?? null;
    const own = executions.filter((one) => one.rule === rule.name);
    const told = own.reduce((history, one) => withExecution(history, rule, one), known ?? { ruleName: rule.name });
    const { nextExecutionTime: _before, ...lasting } = told;
    return next === null ? lasting : { ...lasting, nextExecutionTime: formatTime(next) };
  });
}

function withExecution(history: ExecutionHistory, rule: CronRule, execution: Execution): ExecutionHistory {
  const { successfulExecutions = [], failedExecutions = [] } = history;
  const scheduleTime = formatTime(execution.scheduled);
  const isTold = [...successfulExecutions, ...failedExecutions].some((one) => one.scheduleTime >= scheduleTime);
  if (isTold) return history;
  const { successfulHistoryLimit = CRON_RULE.historyDefault, failedHistoryLimit = CRON_RULE.historyDefault } = rule;
  const times = { scheduleTime, executionTime: formatTime(execution.at) };
  if (execution.failure === null) {
    const success: SuccessfulExecution = { ...times, ...appliedBy(rule) };
    return { ...history, successfulExecutions: [success, ...successfulExecutions].slice(0, successfulHistoryLimit) };
  }
  const failure: FailedExecution = { ...times, message: execution.failure };
  const failures = [failure, ...failedExecutions].slice(0, failedHistoryLimit);
  return failures.length === 0 ? history : { ...history, failedExecutions: failures };
}

/** Karmada confuses the two bounds, and ends where no failures are to be told. */
const appliedBy = ({
  targetReplicas,
  targetMinReplicas,
  targetMaxReplicas,
}: CronRule): Partial<SuccessfulExecution> => ({
  ...(targetReplicas !== undefined && { appliedReplicas: targetReplicas }),
  ...(targetMaxReplicas !== undefined && { appliedMaxReplicas: targetMaxReplicas }),
  ...(targetMinReplicas !== undefined && { appliedMinReplicas: targetMinReplicas }),
});
