import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FileProblems, formatFileProblem } from '../../executor/files/file-problem.ts';
import { readScenario } from '../load.ts';

const folder = mkdtempSync(join(tmpdir(), 'refused-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DEPLOYMENT = `apiVersion: apps/v1, kind: Deployment, metadata: { name: web, namespace: shop, labels: { app: web } }, spec: { replicas: 4, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: server, image: "web:1" }, { name: proxy, image: "proxy:1" }] } } }`;

const fleet = 'fleet: { clusters: [{ name: "a-{n}", count: 2 }, { name: b, mode: Pull }] }';
const objects = `objects: { ${DEPLOYMENT} }`;

/** All that is wrong with a scenario of these lines, with line and column. */
async function problemsIn(spec: string): Promise<readonly string[]> {
  const own = (name: string, line: string) => (spec.includes(`${name}:`) ? '' : `  ${line}\n`);
  const text = `apiVersion: muster/v1alpha1
kind: Scenario
metadata: { name: small }
spec:
  duration: 30m
${own('fleet', fleet)}${own('objects', objects)}${spec}`;
  try {
    await readScenario(text, join(folder, 'small.yaml'));
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(FileProblems);
    return (error as FileProblems).problems.map((problem) => formatFileProblem(problem).replace(`${folder}/`, ''));
  }
}

const timeline = (...lines: readonly string[]) => `  timeline:\n${lines.map((line) => `    - { ${line} }\n`).join('')}`;

describe('a restart', () => {
  it('is of a process that there is', async () => {
    const right = ['*', 'scheduler', 'controller-manager', 'agent/b', 'agent/late'];
    const lines = right.map((name) => `at: 2m, restart: "${name}"`);
    expect(await problemsIn(timeline('at: 1m, add: { name: late, mode: Pull }', ...lines))).toEqual([]);
    expect(await problemsIn(timeline('at: 1m, restart: shceduler', 'at: 1m, restart: agent/a-1'))).toEqual([
      'small.yaml:9:26: spec.timeline[0].restart there is no process "shceduler": there are controller-manager, scheduler, agent/b, and "*" for all',
      expect.stringContaining('there is no process "agent/a-1"'),
    ]);
  });
});
