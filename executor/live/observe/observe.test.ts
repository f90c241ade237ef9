import { afterEach, describe, expect, it } from 'vitest';
import { HUB, memberPlace, type Task } from '../../../engine/index.ts';
import { openLog } from '../../terminal/log.ts';
import { ControlMetrics } from './control-metrics.ts';
import { type MetricsServer, serveMetrics } from './metrics-server.ts';
import { observersOf } from './observer.ts';
import { taskLog } from './task-log.ts';

const DEPLOYMENT = { collection: 'apps/deployments', namespace: 'shop', name: 'web' };

const task = (controller: string, outcome: Partial<Task['outcome']>): Task => ({
  id: 1,
  controller,
  key: 'shop/web',
  failures: 0,
  outcome: { commands: [], events: [], requeue: 'await-change', ...outcome },
});

const deletion = (cluster: string) =>
  ({ verb: 'delete', on: memberPlace(cluster), key: DEPLOYMENT, precondition: null }) as const;

describe('lines about tasks', () => {
  function said(level: 'debug' | 'warn', ...settled: Parameters<ReturnType<typeof taskLog>['settled']>): string[] {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const log = openLog({ name: 'c', format: 'text', level, write, now: () => new Date(0) });
    taskLog(log).settled(...settled);
    return lines;
  }

  it('warn of what failed, not of what happens every day', () => {
    const failing = task('execution', { commands: [deletion('m1'), deletion('m2')] });
    const results = [
      { ok: false, code: 'Timeout', message: 'no answer' },
      { ok: false, code: 'Conflict', message: 'somebody was faster' },
    ] as const;
    expect(said('warn', failing, results, 12)).toEqual([
      'c: warn: cannot delete apps/deployments shop/web in m1: no answer controller=execution key=shop/web code=Timeout failures=0\n',
    ]);
    expect(said('debug', failing, results, 12)).toHaveLength(3);
  });

  it('tell what objects are told of, and questions and watches when asked to', () => {
    const about = { on: HUB, kind: 'ResourceBinding', key: DEPLOYMENT };
    const telling = task('scheduler', {
      commands: [
        { verb: 'watch', on: memberPlace('m1'), collection: '/pods' },
        { verb: 'ask', on: memberPlace('m1'), question: { about: 'state', withApis: false } },
      ],
      events: [{ about, type: 'Warning', reason: 'ScheduleBindingFailed', message: 'no cluster fits' }],
    });
    const done = { ok: true, object: null } as const;
    expect(said('warn', telling, [done, done], 1)[0]).toContain('no cluster fits');
    expect(said('debug', telling, [done, done], 1).at(-1)).toContain('watch /pods in m1, ask m1 about its state');
  });
});

describe('a mistake of a controller', () => {
  it('is told and counted', async () => {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const log = openLog({ name: 'c', format: 'text', level: 'error', write, now: () => new Date(0) });
    const metrics = new ControlMetrics();
    observersOf([taskLog(log), metrics]).mistaken({ controller: 'binding', key: 'shop/web', error: new Error('oh') });
    expect(lines.join('')).toContain('c: error: made a mistake, and goes on: Error: oh');
    expect(lines.join('')).toContain('controller=binding key=shop/web');
    expect(await metrics.text()).toContain('controller_runtime_reconcile_panics_total{controller="binding"} 1');
  });
});

describe('figures of tasks', () => {
  it('tell failures from successes', async () => {
    const metrics = new ControlMetrics();
    const all = observersOf([metrics]);
    const failed = { ok: false, code: 'Timeout', message: 'no answer' } as const;
    const done = { ok: true, object: null } as const;
    all.settled(task('execution', { commands: [deletion('m1')] }), [failed], 2000);
    all.settled(task('execution', { commands: [deletion('m1')] }), [done], 3);
    all.settled(task('graceful-eviction', { commands: [deletion('m1')] }), [done], 3);
    const unplaced = {
      about: { on: HUB, kind: 'ResourceBinding', key: DEPLOYMENT },
      type: 'Warning',
      reason: 'ScheduleBindingFailed',
      message: '',
    } as const;
    all.settled(task('scheduler', { commands: [deletion('m1')], events: [unplaced] }), [done], 3);
    all.requested('a:1', 'GET', null);
    all.leads('lease', false);
    const text = await metrics.text();
    for (const line of [
      'controller_runtime_reconcile_errors_total{controller="execution"} 1',
      'work_sync_workload_duration_seconds_bucket{le="2.048",result="error"} 1',
      'delete_resource_from_cluster{result="error",apiversion="apps",kind="deployments",member_cluster="m1"} 1',
      'eviction_processing_total{name="graceful-eviction",result="success"} 1',
      'karmada_scheduler_schedule_attempts_total{result="error",schedule_type="ReconcileSchedule"} 1',
      'rest_client_requests_total{code="<error>",host="a:1",method="GET"} 1',
      'leader_election_master_status{name="lease"} 0',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });
});

describe('the server of figures', () => {
  let server: MetricsServer | null = null;
  afterEach(() => server?.close());

  it('may be open to all, says where things are, and takes nothing', async () => {
    server = await serveMetrics({ host: '127.0.0.1', port: 0, token: null, text: async () => 'figures\n' });
    expect(await (await fetch(server.url)).text()).toBe('figures\n');
    expect((await fetch(server.url, { method: 'POST', body: 'x' })).status).toBe(405);
    expect((await fetch(new URL('/other', server.url))).status).toBe(404);
    expect(await (await fetch(server.url, { method: 'HEAD' })).text()).toBe('');
  });

  it('answers when figures cannot be had', async () => {
    const text = () => Promise.reject(new Error('broken'));
    server = await serveMetrics({ host: '127.0.0.1', port: 0, token: null, text });
    expect((await fetch(server.url)).status).toBe(500);
  });

  it('says that its port is taken', async () => {
    server = await serveMetrics({ host: '127.0.0.1', port: 0, token: null, text: async () => '' });
    const port = Number(new URL(server.url).port);
    await expect(serveMetrics({ host: '127.0.0.1', port, token: null, text: async () => '' })).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});
