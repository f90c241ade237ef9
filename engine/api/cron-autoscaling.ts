// CronFederatedHPA (autoscaling.karmada.io/v1alpha1): scales a workload, or the bounds of a FederatedHPA, by the clock.
import type { ObjectMeta } from '../kube/meta.ts';
import { kindSchema } from '../kube/schema/kind-schema.ts';
import {
  described,
  filled,
  flag,
  int32,
  listOf,
  must,
  objectOf,
  type SchemaOf,
  text,
  time,
} from '../kube/schema/typed-schema.ts';
import { type ScaleTarget, scaleTargetSchema } from './autoscaling.ts';

export interface CronRule {
  name: string;
  schedule: string;
  targetReplicas?: number;
  targetMinReplicas?: number;
  targetMaxReplicas?: number;
  suspend?: boolean;
  /** UTC where it is left out. */
  timeZone?: string;
  successfulHistoryLimit?: number;
  failedHistoryLimit?: number;
}

export interface CronFederatedHPASpec {
  scaleTargetRef: ScaleTarget;
  rules: CronRule[];
}

export interface SuccessfulExecution {
  scheduleTime: string;
  executionTime: string;
  appliedReplicas?: number;
  appliedMaxReplicas?: number;
  appliedMinReplicas?: number;
}

export interface FailedExecution {
  scheduleTime: string;
  executionTime: string;
  message: string;
}

export interface ExecutionHistory {
  ruleName: string;
  nextExecutionTime?: string;
  successfulExecutions?: SuccessfulExecution[];
  failedExecutions?: FailedExecution[];
}

export interface CronFederatedHPAStatus {
  executionHistories?: ExecutionHistory[];
}

export interface CronFederatedHPA {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec: CronFederatedHPASpec;
  status?: CronFederatedHPAStatus;
}

export const CRON_RULE = { nameMax: 32, historyMax: 32, historyDefault: 3 } as const;

const { nameMax, historyMax, historyDefault } = CRON_RULE;

const ruleSchema = objectOf<CronRule>('When something is scaled, and to what.', {
  name: must(filled('What the rule is called; no two have one name.', { maxLength: nameMax })),
  schedule: must(text('When, as in a crontab: minute, hour, day, month, day of the week.')),
  targetReplicas: int32('The replicas of a workload.'),
  targetMinReplicas: int32('The lower bound of a FederatedHPA.'),
  targetMaxReplicas: int32('The upper bound of a FederatedHPA.'),
  suspend: flag('Whether it rests.', { default: false }),
  timeZone: text('On the clocks of which time zone; UTC where it is left out.'),
  successfulHistoryLimit: int32('How many successes are told.', {
    default: historyDefault,
    minimum: 1,
    maximum: historyMax,
  }),
  failedHistoryLimit: int32('How many failures are told.', {
    default: historyDefault,
    minimum: 0,
    maximum: historyMax,
  }),
});

const specSchema = objectOf<CronFederatedHPASpec>('What is scaled, and when.', {
  scaleTargetRef: must(described('The workload, or the FederatedHPA.', scaleTargetSchema)),
  rules: must(listOf('When it is scaled, and to what.', ruleSchema)),
});

const scheduleTime = must(time('When it was due.'));
const executionTime = must(time('When it was done.'));

const historySchema = objectOf<ExecutionHistory>('What came of one rule.', {
  ruleName: must(text('The rule.')),
  nextExecutionTime: time('When it is due next; not where it rests.'),
  successfulExecutions: listOf(
    'The last successes, the newest first.',
    objectOf<SuccessfulExecution>('A success.', {
      scheduleTime,
      executionTime,
      appliedReplicas: int32('The replicas that were asked for.'),
      appliedMaxReplicas: int32('The upper bound that was set.'),
      appliedMinReplicas: int32('The lower bound that was set.'),
    }),
  ),
  failedExecutions: listOf(
    'The last failures, the newest first.',
    objectOf<FailedExecution>('A failure.', {
      scheduleTime,
      executionTime,
      message: must(text('What went wrong.')),
    }),
  ),
});

export const cronFederatedHpaSchema: SchemaOf<CronFederatedHPA> = kindSchema<CronFederatedHPA>(
  'Scales a workload, or the bounds of its scaling, by the clock.',
  {
    spec: must(specSchema),
    status: objectOf<CronFederatedHPAStatus>('What came of it so far.', {
      executionHistories: listOf('Of each rule.', historySchema),
    }),
  },
);
