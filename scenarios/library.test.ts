// The shipped stories: what each expects holds under both profiles, and the same seed gives the same trace everywhere.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { KARMADA_PROFILE, MUSTER_PROFILE, readTraceLine, rerun, type TraceLine } from '../engine/index.ts';
import { loadScenario } from './load.ts';
import { CONTROL_PLANE, portsOf } from './run/processes.ts';
import { findingText, Run } from './run/run.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
/** Minutes of it are enough here; whole it runs by itself. */
const LONG = new Map([['a-day-of-failures.yaml', 2 * 3_600_000]]);
const PINS = join(folder, 'pinned-traces.json');
const PINNED = [
  ['az-outage.yaml', 'muster'],
  ['az-outage.yaml', 'karmada'],
  ['hub-restart.yaml', 'muster'],
  ['traffic-peak.yaml', 'muster'],
  ['staged-placement.yaml', 'muster'],
] as const;
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

async function play(file: string, profile: string): Promise<{ failures: string[]; hash: string }> {
  const hash = createHash('sha256');
  const run = new Run(await loadScenario(join(folder, file), { profile }), {
    onTrace: (line) => hash.update(`${line}\n`),
  });
  run.advance(LONG.get(file) ?? Number.POSITIVE_INFINITY);
  const { findings, unrest, story } = run.finish();
  const failures = findings.filter(({ ok }) => !ok).map(findingText);
  for (const { place } of unrest) failures.push(`line ${place.line}: not at rest`);
  for (const { sort, text } of story) if (sort === 'refusal') failures.push(`refused: ${text}`);
  return { failures, hash: hash.digest('hex') };
}

describe('the shipped scenarios', () => {
  for (const file of files) {
    for (const profile of ['muster', 'karmada']) {
      it(`${file} goes as it expects with the profile ${profile}`, async () => {
        expect((await play(file, profile)).failures).toEqual([]);
      });
    }
  }

  it('show what each difference between the profiles is worth: without it alone they do not go as expected', async () => {
    const shown = new Map<string, string>();
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8');
      const name = /muster\.dev\/shows: (\w+)/.exec(text)?.[1];
      if (name !== undefined) shown.set(name, file);
    }
    const names = Object.keys(MUSTER_PROFILE.switches) as (keyof typeof MUSTER_PROFILE.switches)[];
    const differing = names.filter((name) => MUSTER_PROFILE.switches[name] !== KARMADA_PROFILE.switches[name]);
    expect([...shown.keys()].sort()).toEqual([...differing].sort());
    for (const name of differing) {
      const scenario = await loadScenario(join(folder, shown.get(name)!), { profile: 'muster' });
      const switches = { ...MUSTER_PROFILE.switches, [name]: KARMADA_PROFILE.switches[name] };
      const run = new Run({ ...scenario, profile: { ...MUSTER_PROFILE, switches } });
      run.advance(Number.POSITIVE_INFINITY);
      expect([name, run.finish().findings.some(({ ok }) => !ok)]).toEqual([name, true]);
    }
  });

  it('write traces whose every step is decided the same again, from what was seen alone', async () => {
    for (const file of ['hub-restart.yaml', 'image-rollout.yaml', 'rebalancing.yaml']) {
      const scenario = await loadScenario(join(folder, file));
      const lines: TraceLine[] = [];
      const run = new Run(scenario, {
        traceDetail: 'full',
        onTrace: (line) => {
          const reading = readTraceLine(line);
          if (reading.ok) lines.push(reading.line);
        },
      });
      run.advance(Number.POSITIVE_INFINITY);
      const ports = portsOf(scenario);
      const steps = lines.filter(({ type }) => type === 'step').length;
      expect(steps).toBeGreaterThan(500);
      expect([file, rerun(lines, (by) => CONTROL_PLANE.controllersOf(by, ports))]).toEqual([file, { ok: true, steps }]);
    }
  });

  // The bytes are those of every machine and of every Node from 20 on. Whoever means to change what the control plane does pins
  // them anew: PIN_TRACES=1 npx vitest run --config test/vitest.config.ts scenarios/library
  it('give the pinned traces, byte for byte', async () => {
    const found: Record<string, string> = {};
    for (const [file, profile] of PINNED) found[`${file} ${profile}`] = (await play(file, profile)).hash;
    if (process.env.PIN_TRACES === '1') writeFileSync(PINS, `${JSON.stringify(found, null, 2)}\n`);
    expect(found).toEqual(JSON.parse(readFileSync(PINS, 'utf8')));
  });
});
