import { describe, expect, it } from 'vitest';
import { HUB, memberPlace } from '../../engine/index.ts';
import { readScenario } from '../load.ts';
import { Run } from '../run/run.ts';

const runOf = async (timeline: string) =>
  new Run(
    await readScenario(
      `apiVersion: muster/v1alpha1
kind: Scenario
metadata: { name: small }
spec:
  duration: 20m
  fleet: { clusters: [{ name: "{zone}", count: 2, region: eu, zone: [a, b] }] }
  timeline:
${timeline}`,
      'small.yaml',
    ),
  );

/** Whether the hub and a cluster do not hear each other, asked every so many seconds. */
function cutsOf(run: Run, cluster: string, from: number, to: number, step: number): readonly boolean[] {
  const cuts: boolean[] = [];
  for (let second = from; second <= to; second += step) {
    run.advance(second * 1_000);
    cuts.push(run.simulation.world.network.isCut(HUB, memberPlace(cluster)));
  }
  return cuts;
}

const FLAP = '    - { at: 5m, id: flap, flap: a, down: 20s, up: 40s, for: 10m }\n';

describe('a cluster that flaps', () => {
  it('is cut off and comes back, again and again, and nothing else is', async () => {
    const run = await runOf(FLAP);
    expect(cutsOf(run, 'a', 310, 430, 30)).toEqual([true, false, true, false, true]);
    expect(cutsOf(run, 'b', 430, 490, 20)).not.toContain(true);
    expect(cutsOf(run, 'a', 905, 1_190, 5)).not.toContain(true);
    expect(run.finish().figures.faults).toMatchObject([{ id: 'flap', clusters: ['a'], lastedSeconds: 600 }]);
  });

  it('stays once it has recovered', async () => {
    const run = await runOf(`${FLAP}    - { at: 430s, recover: a }\n`);
    expect(cutsOf(run, 'a', 431, 1_190, 7)).not.toContain(true);
    expect(run.finish().figures.faults[0]!.lastedSeconds).toBe(130);
  });
});

describe('what is wrong with a cluster', () => {
  it('lasts until all of it has ended, and is a fault of its own each time', async () => {
    const run = await runOf(`    - { at: 5m, id: cut, partition: a, for: 2m }
    - { at: 6m, id: slow, slow: a, factor: 3, for: 3m }
    - { at: 10m, id: dark, fail: "*" }
`);
    run.advance(Number.POSITIVE_INFINITY);
    const faults = run.finish().figures.faults.map(({ id, clusters, lastedSeconds }) => [id, clusters, lastedSeconds]);
    expect(faults).toEqual([
      ['cut', ['a'], 120],
      ['slow', ['a'], 180],
      ['dark', ['a', 'b'], 600],
    ]);
  });
});
