import { describe, expect, it } from 'vitest';
import { always, type KubeObject } from '../../../engine/index.ts';
import { ShownMember, template } from '../../../test/builders/shown-member.ts';

const JOB = { spec: { completions: 1, template: template('job:1', { restartPolicy: 'Never' }) } };
const EVERY_MINUTE = { schedule: '* * * * *', jobTemplate: { metadata: { labels: { from: 'cron' } }, ...JOB } };
const MINUTE = 60_000;

const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name);

describe('a CronJob', () => {
  it('makes Jobs when they are due, and keeps account of them', () => {
    const shown = new ShownMember();
    shown.apply('CronJob', 'tick', EVERY_MINUTE);
    shown.run(MINUTE);
    const [job] = shown.list('Job');
    expect(job).toMatchObject({
      metadata: {
        name: 'tick-28333334',
        labels: { from: 'cron' },
        annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2023-11-14T22:14:00Z' },
        ownerReferences: [{ kind: 'CronJob', name: 'tick', controller: true }],
      },
      status: { succeeded: 1 },
    });
    expect(shown.get('CronJob', 'tick').status).toEqual({
      lastScheduleTime: '2023-11-14T22:14:00Z',
      lastSuccessfulTime: '2023-11-14T22:14:07Z',
    });
    expect(shown.told('tick')).toEqual(['SuccessfulCreate: Created job tick-28333334']);
    shown.run(MINUTE - 18_000);
    expect(shown.get('CronJob', 'tick').status).toMatchObject({ active: [{ kind: 'Job', name: 'tick-28333335' }] });
    shown.run(10 * MINUTE + 20_000);
    expect(shown.list('Job')).toHaveLength(3);
    expect(shown.list('Pod')).toHaveLength(3);
    shown.delete('CronJob', 'tick');
    shown.run(2 * MINUTE);
    expect([...shown.list('Job'), ...shown.list('Pod')]).toEqual([]);
  });

  it('does nothing while it is suspended, and goes by its newest schedule', () => {
    const shown = new ShownMember();
    shown.apply('CronJob', 'tick', { ...EVERY_MINUTE, suspend: true });
    shown.run(3 * MINUTE);
    expect(shown.list('Job')).toEqual([]);
    shown.change('CronJob', 'tick', { suspend: false, schedule: '*/5 * * * *' });
    shown.run(5 * MINUTE);
    expect(names(shown.list('Job'))).toEqual(['tick-28333340']);
  });

  it.each([
    ['Allow', ['tick-28333334', 'tick-28333335', 'tick-28333336']],
    ['Forbid', ['tick-28333334']],
    ['Replace', ['tick-28333336']],
  ])('lets Jobs run side by side as it says: %s', (concurrencyPolicy, running) => {
    const shown = new ShownMember({ behaviors: [{ match: { kind: 'Job' }, behavior: { run: always(10 * MINUTE) } }] });
    shown.apply('CronJob', 'tick', { ...EVERY_MINUTE, concurrencyPolicy });
    shown.run(3 * MINUTE);
    expect(names(shown.list('Job'))).toEqual(running);
  });
});

it('a Job that is done goes after as long as it says, and tells of its end', () => {
  const shown = new ShownMember();
  shown.apply('Job', 'once', { ...JOB.spec, ttlSecondsAfterFinished: 30 });
  shown.run(20_000);
  expect(shown.told('once').at(-1)).toBe('Completed: Job completed');
  expect(shown.list('Pod')).toHaveLength(1);
  shown.run(30_000);
  expect([...shown.list('Job'), ...shown.list('Pod')]).toEqual([]);
});

it('a Job that fails for good says why', () => {
  const shown = new ShownMember({ behaviors: [{ match: {}, behavior: { isBroken: true } }] });
  shown.apply('Job', 'once', { ...JOB.spec, backoffLimit: 1 });
  shown.run(MINUTE);
  expect(shown.told('once').at(-1)).toBe('BackoffLimitExceeded: Job has reached the specified backoff limit');
  expect(shown.list('Pod').map(({ status }) => (status as { phase: string }).phase)).toEqual(['Failed', 'Failed']);
});
