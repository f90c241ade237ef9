import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../scenarios/load.ts';
import { reportPage } from '../../scenarios/report/html.ts';
import { Recorder } from '../../scenarios/report/recorder.ts';
import type { ReportData } from '../../scenarios/report/report-data.ts';
import { Run } from '../../scenarios/run/run.ts';
import { Browser, findChromium } from './browser.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-report-'));
const file = join(folder, 'report.html');
const chromium = findChromium();

let data: ReportData;

beforeAll(async () => {
  const scenario = await loadScenario('scenarios/az-outage.yaml');
  const recorder = new Recorder();
  const run = new Run(scenario, { onLine: (line) => recorder.notice(line) });
  recorder.attach(run);
  run.advance(scenario.durationMs);
  data = recorder.finish(run.finish(), 'muster replay scenarios/az-outage.yaml');
  writeFileSync(file, reportPage(data));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the record of a run', () => {
  it('has who served where, how the clusters were, and why each decision was made', () => {
    const web = data.workloads.find(({ name }) => name === 'shop/web')!;
    expect(web.serving.at(-1)![1]).toBe(web.desired.at(-1)![1]);
    const lost = data.clusters.filter(({ state }) => state.some(([, is]) => is === 'not ready'));
    expect(lost.map(({ zone }) => zone)).toEqual(['eu-a', 'eu-a']);
    expect(data.decisions.length).toBeGreaterThan(3);
    for (const { why } of data.decisions) expect(why.map(({ cluster }) => cluster)).toHaveLength(data.clusters.length);
  });

  it('is the same in every run', async () => {
    const scenario = await loadScenario('scenarios/az-outage.yaml');
    const recorder = new Recorder();
    const run = new Run(scenario, { onLine: (line) => recorder.notice(line) });
    recorder.attach(run);
    run.advance(scenario.durationMs);
    expect(recorder.finish(run.finish(), 'muster replay scenarios/az-outage.yaml')).toEqual(data);
  });
});

describe('the page', () => {
  it('is one file of modest size that cannot be broken out of', () => {
    expect(statSync(file).size).toBeLessThan(400_000);
    const page = reportPage({
      ...data,
      title: '</script><script>alert(1)</script>',
      story: [{ at: 1, sort: 'event', ok: true, text: '</script><img src=x onerror=alert(1)>' }],
    });
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toContain('<img');
  });

  it.skipIf(chromium === null)(
    `shows the fleet at any moment, and why it is so${chromium === null ? ' (skipped: there is no chromium)' : ''}`,
    async () => {
      const browser = new Browser(chromium!);
      try {
        await browser.open(file, 1280, 900);
        const stateOf = (cluster: string) =>
          browser.evaluate(`document.getElementById('cluster-${cluster}').dataset.state`);
        const move = (second: number) =>
          browser.evaluate(
            `{ const t = document.getElementById('time'); t.value = ${second}; t.dispatchEvent(new Event('input')); document.getElementById('clock').textContent }`,
          );
        const lost = data.clusters.find(({ zone }) => zone === 'eu-a')!.name;
        expect([await move(300), await stateOf(lost)]).toEqual(['5:00', 'ready']);
        expect([await move(900), await stateOf(lost)]).toEqual(['15:00', 'not ready']);
        expect(await browser.evaluate(`document.querySelectorAll('#workloads svg path').length`)).toBe(
          data.workloads.length * 2,
        );
        await browser.evaluate(`document.querySelector('#decisions summary').click()`);
        const reasons = await browser.evaluate(`document.querySelector('#decisions details[open] ul').innerText`);
        expect(reasons).toMatch(/room for \d+/);
        const faults = await browser.evaluate(`document.querySelector('table.faults').innerText`);
        expect(faults).toMatch(/outage\s+zone eu-a fails \(eu-a-1, eu-a-2\)\s+10m\s+\d\ds\s/);
        expect(await browser.evaluate(`document.querySelectorAll('table.named tr').length`)).toBeGreaterThan(8);
        const wide = `document.documentElement.scrollWidth <= document.documentElement.clientWidth`;
        expect(await browser.evaluate(wide)).toBe(true);
        expect(browser.complaints).toEqual([]);
        expect(browser.requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
        await browser.open(file, 380, 800);
        expect(await browser.evaluate(wide)).toBe(true);
      } finally {
        await browser.close();
      }
    },
  );
});
