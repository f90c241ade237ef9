// What controllers note in annotations lies where anybody may write: whatever stands there instead, no controller ends by it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printYaml } from '../../executor/files/yaml.ts';
import { readScenario } from '../../scenarios/load.ts';
import { Run } from '../../scenarios/run/run.ts';
import { checkInTime } from '../properties/check.ts';
import { SCENARIO } from './documents.ts';
import { mistakeIn } from './mistakes.ts';

const TARGETS = ['m1=1', { name: 'm2', replicas: 1, components: [{ name: 'a', replicas: 1 }] }];

/** As they are when they are written by whom they belong to; those that are texts, and not JSON, are texts here. */
const NOTES: Readonly<Record<string, unknown>> = {
  'policy.karmada.io/applied-placement': {
    clusterAffinities: [{ affinityName: 'first', clusterNames: ['m1'] }],
    clusterTolerations: [{ key: 'k', operator: 'Equal', value: 'v', effect: 'NoExecute', tolerationSeconds: 4 }],
    spreadConstraints: [{ spreadByField: 'region', minGroups: 1, maxGroups: 2 }],
    replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' },
  },
  'resourcebinding.karmada.io/dependencies': [
    { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'key' },
    { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', labelSelector: { matchLabels: { a: 'b' } } },
  ],
  'failover.muster.dev/departures': { m1: 2 },
  'rollout.muster.dev/placement': { of: 'abc', stable: TARGETS, next: TARGETS, affinity: 'first', refusal: 'no room' },
  'relocation.muster.dev/record': { before: { placement: {}, propagateDeps: true, clusters: TARGETS }, made: null },
  'scheduling.muster.dev/moved-at': '2026-01-01T00:00:30Z',
  'scheduling.muster.dev/affinity': 'first',
  'scheduling.muster.dev/moved-for': 'm1',
  'scheduling.muster.dev/fleet-followed': { 'default-scheduler': 'abc' },
  'scheduling.muster.dev/score': 'price + 1',
  'propagation.muster.dev/made-by-generation': '3',
  'propagation.muster.dev/held-replicas': '2',
  'propagation.muster.dev/seen': 'x',
  'resourcetemplate.karmada.io/generation': '4',
  'resourcetemplate.karmada.io/managed-labels': 'a,b',
  'resourcetemplate.karmada.io/managed-annotations': 'a,b',
  'policy.karmada.io/applied-overrides': [{ policyName: 'here', overriders: {} }],
};

/** Most are noted on bindings. */
const collection = fc.oneof(
  { weight: 4, arbitrary: fc.constant('work.karmada.io/resourcebindings') },
  { weight: 1, arbitrary: fc.constantFrom('work.karmada.io/works', 'cluster.karmada.io/clusters', 'apps/deployments') },
);

const JSON_NOTES = Object.keys(NOTES).filter((name) => typeof NOTES[name] === 'object');

const note = fc
  .oneof(fc.constantFrom(...Object.keys(NOTES)), fc.constantFrom(...JSON_NOTES))
  .chain((name) => mistakeIn(NOTES[name]).map((said) => ({ name, said })));

const textOf = (said: unknown): string => (typeof said === 'string' ? said : (JSON.stringify(said) ?? ''));

it('do no harm', async () => {
  const scenario = await readScenario(printYaml(SCENARIO), 'noted.yaml');
  await checkInTime(
    'mistaken notes',
    fc.tuple(collection, fc.array(note, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 200 })),
    async ([on, notes, second]) => {
      const run = new Run(scenario);
      run.advance(second * 1_000);
      const { hub } = run.simulation.world;
      const annotations = Object.fromEntries(notes.map(({ name, said }) => [name, textOf(said)]));
      for (const { metadata } of hub.store.list(on)) {
        const key = { collection: on, namespace: metadata.namespace ?? '', name: metadata.name };
        hub.carryOut({ verb: 'patch', on: 'hub', key, patch: { metadata: { annotations } }, precondition: null });
      }
      run.advance(240_000);
      expect(hub.store.list(on).length).toBeGreaterThan(0);
    },
    100,
  );
});
