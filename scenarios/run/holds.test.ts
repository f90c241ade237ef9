// Tests of troubles that hold for a time or until somebody ends them.
import { expect, it } from 'vitest';
import { readScenario } from '../load.ts';
import { Holds } from './holds.ts';
import { Run } from './run.ts';

/** Moments that come when they are told to. */
function later() {
  const waiting: { readonly ms: number; readonly run: () => void }[] = [];
  return {
    after: (ms: number, run: () => void) => void waiting.push({ ms, run }),
    pass: (ms: number) => {
      for (const one of waiting.splice(0)) if (one.ms <= ms) one.run();
    },
  };
}

it('ends a trouble once: after its time, or when its cluster is released', () => {
  const { after, pass } = later();
  const holds = new Holds(after);
  const ended: string[] = [];
  holds.hold('paris', () => ended.push('timed'), 5_000);
  holds.hold('paris', () => ended.push('released'), null);
  holds.hold('oslo', () => ended.push('both'), 5_000);
  expect(holds.release(['oslo', 'rome'])).toBe(1);
  pass(5_000);
  expect(ended).toEqual(['both', 'timed']);
  expect([holds.isHeld('paris'), holds.isHeld('oslo')]).toEqual([true, false]);
  holds.releaseAll();
  expect([ended, holds.release(['paris'])]).toEqual([['both', 'timed', 'released'], 0]);
});

const SCENARIO = `
apiVersion: muster/v1alpha1
kind: Scenario
metadata: { name: held }
spec:
  duration: 1m
  fleet: { clusters: [{ name: paris }] }
`;

it('is what a stage holds by: it ends after its time, as any scene has it', async () => {
  const run = new Run(await readScenario(SCENARIO, 'held.yaml'));
  run.advance(0);
  let ended: number | null = null;
  run.stage.hold('paris', () => (ended = run.elapsed), 5_000);
  run.advance(4_999);
  expect([ended, run.stage.isTroubled('paris')]).toEqual([null, true]);
  run.advance(10_000);
  expect([ended, run.stage.isTroubled('paris')]).toEqual([5_000, false]);
});
