// What is kept in the hub is written by whoever may: whatever one field says instead, as far as its kind allows, no controller ends
// by it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unsoundness } from '../../engine/api/soundness.ts';
import type { KubeObject } from '../../engine/index.ts';
import { printYaml } from '../../executor/files/yaml.ts';
import { readScenario } from '../../scenarios/load.ts';
import { Run } from '../../scenarios/run/run.ts';
import { checkInTime } from '../properties/check.ts';
import { SCENARIO } from './documents.ts';
import { mistakeIn } from './mistakes.ts';

const KINDS = [
  'cluster.karmada.io/clusters',
  'muster.dev/stagedrollouts',
  'policy.karmada.io/overridepolicies',
  'policy.karmada.io/propagationpolicies',
  'work.karmada.io/resourcebindings',
  'work.karmada.io/works',
];

/** Content and status with a mistake in one of them; the same seed makes the same. */
function mistaken({ apiVersion, kind, metadata, ...content }: KubeObject, seed: number): KubeObject {
  const [changed] = fc.sample(mistakeIn<object | undefined>(content), { numRuns: 1, seed });
  const { resourceVersion: _any, ...known } = metadata;
  return JSON.parse(JSON.stringify({ ...changed, apiVersion, kind, metadata: known })) as KubeObject;
}

it('does no harm', async () => {
  const scenario = await readScenario(printYaml(SCENARIO), 'meddled.yaml');
  let taken = 0;
  await checkInTime(
    'mistakes in what is stored',
    fc.record({
      collection: fc.constantFrom(...KINDS),
      which: fc.nat(1_000),
      seed: fc.nat(),
      second: fc.integer({ min: 1, max: 200 }),
    }),
    async ({ collection, which, seed, second }) => {
      const run = new Run(scenario);
      run.advance(second * 1_000);
      const { hub } = run.simulation.world;
      const objects = hub.store.list(collection);
      const object = mistaken(objects[which % objects.length]!, seed);
      if (unsoundness(object) !== null) return;
      const { namespace = '', name } = object.metadata;
      const write = { on: 'hub', key: { collection, namespace, name }, object } as const;
      const answers = [hub.carryOut({ ...write, verb: 'update' }), hub.carryOut({ ...write, verb: 'update-status' })];
      if (answers.some(({ ok }) => ok)) taken += 1;
      run.advance(240_000);
    },
    80,
  );
  expect(taken).toBeGreaterThan(5);
});
