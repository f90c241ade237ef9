import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAULT_METRICS, FAULT_WORKLOAD_METRICS, RUN_METRICS, type RunFigures, WORKLOAD_METRICS } from './names.ts';
import { RunMetrics, whyNoMetric } from './read.ts';
import { faultNames, metricRows } from './rows.ts';

const all = (names: object, value: number) => Object.fromEntries(Object.keys(names).map((name) => [name, value]));
const WEB = { collection: 'apps/deployments', namespace: 'shop', name: 'web' };
const NAME = 'apps/deployments/shop/web';
const fault = (id: string | null, seconds: number) => ({
  ...all(FAULT_METRICS, seconds),
  id,
  what: 'fails',
  atSeconds: 60,
  clusters: ['a'],
  workloads: { [NAME]: all(FAULT_WORKLOAD_METRICS, seconds + 1) },
});
const figures = {
  all: all({ ...WORKLOAD_METRICS, ...RUN_METRICS }, 1),
  workloads: { [NAME]: all(WORKLOAD_METRICS, 2) },
  faults: [fault('outage', 10), fault('outage', 30), fault(null, Number.POSITIVE_INFINITY)],
  balance: { zone: { a: { clusters: 1, replicaSeconds: 8, share: 1, serving: 2, cost: 3 } }, region: {}, provider: {} },
  calls: { hub: { '/pods': { create: 4 } }, members: {} },
} as unknown as RunFigures;

describe('a metric', () => {
  const metrics = new RunMetrics(figures);

  it('is of the run, of a workload, of a fault, or of both', () => {
    expect(metrics.value('downSeconds', null, null)).toBe(1);
    expect(metrics.value('calls', null, null)).toBe(1);
    expect(metrics.value('downSeconds', WEB, null)).toBe(2);
    expect(metrics.value('recoverSeconds', WEB, 'outage')).toBe(31);
    expect(metrics.value('recoverSeconds', { ...WEB, name: 'other' }, 'outage')).toBe(0);
    expect(metrics.value('recoverSeconds', null, 'nothing')).toBeUndefined();
  });

  it('of several faults is the longest time, or the sum', () => {
    expect(metrics.value('recoverSeconds', null, 'outage')).toBe(30);
    expect(metrics.value('moves', null, 'outage')).toBe(40);
    expect(metrics.value('detectSeconds', null, null)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is refused where there is none of that', () => {
    expect(whyNoMetric('speed', false, false)).toMatch(/^there is no metric "speed": there are availability, /);
    expect(whyNoMetric('detectSeconds', true, true)).toMatch(/^detectSeconds is no metric of a workload in a fault: /);
    expect(whyNoMetric('calls', true, false)).toMatch(/^calls is no metric of a workload: /);
    expect(whyNoMetric('cost', false, true)).toMatch(/^cost is no metric of a run in a fault: /);
    expect(whyNoMetric('recoverSeconds', false, false)).toBeNull();
  });

  it('has a row of the table, with a name for each fault', () => {
    expect(faultNames(figures.faults)).toEqual(['outage', 'outage 2', 'fault 3']);
    const rows = metricRows(figures).map(({ scope, name, workload, metric, value }) =>
      [scope, name, workload, metric, value].join(' '),
    );
    expect(rows).toContain('run   cost 1');
    expect(rows).toContain(`workload ${NAME}  moves 2`);
    expect(rows).toContain('fault outage 2  atSeconds 60');
    expect(rows).toContain(`fault outage ${NAME} evictSeconds 11`);
    expect(rows).toContain('zone a  share 1');
    expect(rows).toContain('hub /pods  create 4');
  });

  it('is described, each in a sentence', () => {
    const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    for (const [name, is] of Object.entries({ ...WORKLOAD_METRICS, ...RUN_METRICS, ...FAULT_METRICS })) {
      expect(page).toContain(`| \`${name}\` |`);
      if (!Object.hasOwn(FAULT_METRICS, name) || !Object.hasOwn(WORKLOAD_METRICS, name)) expect(page).toContain(is);
    }
  });
});
