import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const SHOP = 'scenarios/first-look/shop.yaml';
const FLEET = 'scenarios/first-look/fleet.yaml';
const folder = mkdtempSync(join(tmpdir(), 'muster-plan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const muster = (...args: string[]) => {
  const done = spawnSync(process.execPath, ['dist/cli.js', ...args], { encoding: 'utf8' });
  return { code: done.status, out: done.stdout, told: done.stderr };
};

const planInto = (name: string, ...args: string[]): string => {
  const file = join(folder, name);
  expect(muster('plan', '-f', SHOP, '--fleet', FLEET, '--out', file, ...args).code).toBe(0);
  return file;
};

describe('muster plan', () => {
  it('says where everything goes, and why not', () => {
    const { out, code } = muster('plan', '-f', SHOP, '--fleet', FLEET);
    expect(code).toBe(0);
    expect(out).toMatch(/shop +Deployment +web +web +12 +paris-1: 11, tokyo: 1/);
    expect(out).toMatch(/trainer .*NoClusterFits/);
  });

  it('writes the whole plan, which can be compared', () => {
    const [karmada, ours] = [planInto('karmada.yaml', '--profile', 'karmada'), planInto('muster.yaml')];
    expect(readFileSync(ours, 'utf8')).toMatch(/kind: Plan[\s\S]*image: shop\/web:1.4/);
    const same = muster('diff', ours, ours, '--detailed-exitcode');
    expect([same.code, same.out]).toEqual([0, '']);
    const { code, out, told } = muster('diff', karmada, ours, '--detailed-exitcode');
    expect(code).toBe(2);
    expect(out).toMatch(/web +paris-1 +12 +11 +shrinks\n.*tokyo +<none> +1 +comes/);
    expect(told).toBe('1 workload differs: 1 moved, 0 more, 0 fewer\n');
  });

  it('compares manifests, planned on one fleet', () => {
    const { code, out } = muster('diff', SHOP, SHOP, '--fleet', FLEET, '-o', 'json');
    expect([code, JSON.parse(out)]).toEqual([0, { workloads: [], moved: 0, added: 0, removed: 0 }]);
  });

  it('names what is wrong in a plan, with its line', () => {
    const file = join(folder, 'bad.yaml');
    writeFileSync(file, 'apiVersion: muster/v1alpha1\nkind: Plan\nworkloads:\n- kind: Deployment\n  name: web\n');
    const { code, told } = muster('diff', file, file);
    expect(code).toBe(1);
    expect(told).toMatch(/bad\.yaml:4:3.*workloads\[0\]/);
  });
});
