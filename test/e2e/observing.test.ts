// What a running control plane shows of itself: figures for whoever has the token, and lines for machines.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { RunningFleet } from './running-fleet.ts';

const WAIT = { timeout: 30_000, interval: 200 };

let fleet: RunningFleet;
let url = '';
let token = '';

const lines = () => fleet.notes.map((line) => JSON.parse(line) as Record<string, string>);

async function figures(headers: Record<string, string> = { Authorization: `Bearer ${token}` }): Promise<string> {
  return (await fetch(url, { headers })).text();
}

beforeAll(async () => {
  const listen = ['--metrics-listen', '127.0.0.1:0', '--log-format', 'json', '--log-level', 'debug'];
  fleet = await RunningFleet.start('--members', 'embedded:2', ...listen);
  url = / (http:\S+)$/.exec(lines().find(({ message }) => message!.startsWith('metrics are at'))!.message!)![1]!;
  token = (await readFile(join(fleet.folder, 'metrics.token'), 'utf8')).trim();
  const web = deployment('web', 4);
  await fleet.api('hub').create(web);
  await fleet.api('hub').create(policyFor(web));
});

afterAll(() => fleet.end());

describe('the figures', () => {
  it('are for those with the token, which is for its owner only', async () => {
    expect((await stat(join(fleet.folder, 'metrics.token'))).mode & 0o777).toBe(0o600);
    expect((await fetch(url)).status).toBe(401);
    expect(await figures({ Authorization: 'Bearer wrong' })).toBe('a bearer token is needed\n');
    expect((await fetch(new URL('/healthz', url))).status).toBe(200);
  });

  it('count what was decided and written, under the names that dashboards know', async () => {
    const wanted = [
      /^karmada_scheduler_schedule_attempts_total\{result="scheduled",schedule_type="ReconcileSchedule"\} [1-9]/m,
      /^karmada_scheduler_e2e_scheduling_duration_seconds_count\{result="scheduled",schedule_type="ReconcileSchedule"\} [1-9]/m,
      /^policy_apply_attempts_total\{result="success"\} [1-9]/m,
      /^binding_sync_work_duration_seconds_count\{result="success"\} [1-9]/m,
      /^work_sync_workload_duration_seconds_count\{result="success"\} [1-9]/m,
      /^create_resource_to_cluster\{result="success",apiversion="apps\/v1",kind="Deployment",member_cluster="member1"\} 1$/m,
      /^controller_runtime_reconcile_total\{controller="binding",result="success"\} [1-9]/m,
      /^cluster_ready_state\{member_cluster="member2"\} 1$/m,
      /^cluster_cpu_allocatable_number\{member_cluster="member1"\} [1-9]/m,
      /^leader_election_master_status\{name="karmada-controller-manager"\} 1$/m,
      /^rest_client_requests_total\{code="201",host="127\.0\.0\.1:\d+",method="(POST|PATCH)"\} [1-9]/m,
      /^workqueue_depth\{name="scheduler"\} \d/m,
    ];
    await expect
      .poll(async () => {
        const text = await figures();
        return wanted.filter((one) => !one.test(text)).map(String);
      }, WAIT)
      .toEqual([]);
  });
});

describe('the lines', () => {
  it('are one object each, with the time, the level and who speaks', () => {
    for (const line of lines()) {
      expect(line).toMatchObject({ from: 'up', level: expect.stringMatching(/^(debug|info|warn|error)$/) });
      expect(new Date(line.time!).toISOString()).toBe(line.time);
    }
  });

  it('tell those who look closely what each controller wrote', async () => {
    const created = () =>
      lines().some(
        ({ controller, message }) => controller === 'execution' && /apps\/deployments default\/web/.test(message!),
      );
    await expect.poll(created, WAIT).toBe(true);
  });
});
