// CronJobs: makes Jobs when they are due, keeps account of them, and clears away those that nobody needs to see any more.
import {
  byText,
  type Change,
  type Clock,
  cancelTimer,
  type Fields,
  formatTime,
  isObject,
  type KubeObject,
  keyOf,
  type Millis,
  nextTime,
  numberIn,
  objectIn,
  readSchedule,
  specOf,
  type Timer,
  UTC,
} from '../../../engine/index.ts';
import { timeZones } from '../../script/time-zones.ts';
import type { Events } from './events.ts';
import { endOf, JOBS } from './jobs.ts';
import { ownedBy } from './replica-sets.ts';
import type { ShownObjects } from './shown-objects.ts';

export const CRON_JOBS = 'batch/cronjobs';
const FROM = 'cronjob-controller';
const MINUTE_MS: Millis = 60_000;
const KEPT = { Complete: 3, Failed: 1 } as const;

/** Makes an object as any client of the API would; what came of it, or why it was refused. */
export type Create = (object: KubeObject) => KubeObject | string;

interface Planned {
  readonly spec: unknown;
  readonly timer: Timer | null;
}

export interface CronJobsOptions {
  readonly clock: Clock;
  readonly objects: ShownObjects;
  readonly events: Events;
  readonly create: Create;
  /** Without power nobody looks at the clock. */
  readonly isOff: () => boolean;
}

export class CronJobs {
  readonly #options: CronJobsOptions;
  readonly #planned = new Map<string, Planned>();

  constructor(options: CronJobsOptions) {
    this.#options = options;
  }

  notice({ type, object }: Pick<Change, 'type' | 'object'>): void {
    const { uid = '' } = object.metadata;
    const known = this.#planned.get(uid);
    if (type !== 'DELETED' && known !== undefined && known.spec === object.spec) return;
    cancelTimer(known?.timer);
    if (type === 'DELETED') this.#planned.delete(uid);
    else this.#planned.set(uid, { spec: object.spec, timer: this.#plan(object) });
  }

  /** A Job of a CronJob has changed. */
  noticeJob({ object }: Pick<Change, 'object'>): void {
    const owner = object.metadata.ownerReferences?.find(
      ({ controller, kind }) => controller === true && kind === 'CronJob',
    );
    if (owner === undefined) return;
    const { namespace = '' } = object.metadata;
    const cronJob = this.#options.objects.get({ collection: CRON_JOBS, namespace, name: owner.name });
    if (cronJob?.metadata.uid === owner.uid) this.#account(cronJob);
  }

  #plan(cronJob: KubeObject): Timer | null {
    const { clock } = this.#options;
    const spec = specOf(cronJob);
    const schedule = readSchedule(String(spec.schedule ?? ''));
    if (schedule === null || spec.suspend === true) return null;
    const zone = typeof spec.timeZone === 'string' ? spec.timeZone : UTC;
    const at = nextTime(schedule, clock.now, (time) => timeZones.offsetAt(zone, time) ?? 0);
    return at === null ? null : clock.at(at, () => this.#fire(cronJob, at));
  }

  #fire(planned: KubeObject, at: Millis): void {
    const { objects, isOff } = this.#options;
    const { uid = '' } = planned.metadata;
    const cronJob = objects.get(keyOf(CRON_JOBS, planned));
    if (cronJob === null || cronJob.metadata.uid !== uid) return;
    if (!isOff() && cronJob.metadata.deletionTimestamp === undefined) this.#run(cronJob, at);
    this.#planned.set(uid, { spec: cronJob.spec, timer: this.#plan(cronJob) });
  }

  #run(cronJob: KubeObject, at: Millis): void {
    const { create, events, objects } = this.#options;
    const running = this.#jobsOf(cronJob).filter((job) => endOf(job) === null);
    const { concurrencyPolicy } = specOf(cronJob);
    if (concurrencyPolicy === 'Forbid' && running.length > 0) {
      const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
      events.tell(cronJob, { from: FROM, reason: 'JobAlreadyActive', message });
      return;
    }
    if (concurrencyPolicy === 'Replace') for (const job of running) objects.remove(job, JOBS);
    const made = create(jobOf(cronJob, at));
    if (typeof made === 'string') {
      events.tell(cronJob, {
        from: FROM,
        type: 'Warning',
        reason: 'FailedCreate',
        message: `Error creating job: ${made}`,
      });
      return;
    }
    events.tell(cronJob, { from: FROM, reason: 'SuccessfulCreate', message: `Created job ${made.metadata.name}` });
    this.#account(cronJob, formatTime(at));
  }

  #account(cronJob: KubeObject, lastScheduleTime?: string): void {
    const { objects } = this.#options;
    const jobs = this.#jobsOf(cronJob);
    const active = jobs.filter((job) => endOf(job) === null).map(referenceTo);
    const completed = jobs
      .map(completionOf)
      .filter((time) => time !== '')
      .sort()
      .at(-1);
    objects.renew(keyOf(CRON_JOBS, cronJob), cronJob.metadata.uid ?? '', (object) => {
      const { active: _before, ...status } = isObject(object.status) ? object.status : {};
      return {
        ...object,
        status: {
          ...status,
          ...(active.length > 0 && { active }),
          ...(lastScheduleTime !== undefined && { lastScheduleTime }),
          ...(completed !== undefined && { lastSuccessfulTime: completed }),
        },
      };
    });
    const spec = specOf(cronJob);
    this.#clear(jobs, 'Complete', numberIn(spec, 'successfulJobsHistoryLimit', KEPT.Complete));
    this.#clear(jobs, 'Failed', numberIn(spec, 'failedJobsHistoryLimit', KEPT.Failed));
  }

  #clear(jobs: readonly KubeObject[], how: keyof typeof KEPT, limit: number): void {
    const ended = jobs.filter((job) => endOf(job)?.type === how);
    for (const job of ended.slice(0, Math.max(0, ended.length - limit))) this.#options.objects.remove(job, JOBS);
  }

  /** The oldest first. */
  #jobsOf({ metadata }: KubeObject): readonly KubeObject[] {
    return this.#options.objects
      .ownedBy(JOBS, metadata.uid ?? '')
      .filter((job) => job.metadata.deletionTimestamp === undefined)
      .sort((a, b) => byText(startOf(a), startOf(b)) || byText(a.metadata.name, b.metadata.name));
  }
}

const startOf = ({ metadata }: KubeObject): string => metadata.creationTimestamp ?? '';

function completionOf({ status }: KubeObject): string {
  return isObject(status) && typeof status.completionTime === 'string' ? status.completionTime : '';
}

const referenceTo = ({ apiVersion, kind, metadata }: KubeObject): Fields => ({
  apiVersion,
  kind,
  name: metadata.name,
  namespace: metadata.namespace,
  resourceVersion: metadata.resourceVersion,
  uid: metadata.uid,
});

function jobOf(cronJob: KubeObject, at: Millis): KubeObject {
  const { name, namespace = '' } = cronJob.metadata;
  const template = objectIn(specOf(cronJob), 'jobTemplate');
  const { labels, annotations } = objectIn(template, 'metadata') as Partial<KubeObject['metadata']>;
  const scheduled = { 'batch.kubernetes.io/cronjob-scheduled-timestamp': formatTime(at) };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${name}-${Math.floor(at / MINUTE_MS)}`,
      namespace,
      ...(labels !== undefined && { labels }),
      annotations: { ...annotations, ...scheduled },
      ownerReferences: [ownedBy(cronJob)],
    },
    spec: template.spec,
  };
}
