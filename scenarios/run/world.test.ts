import { describe, expect, it } from 'vitest';
import { loadFleet } from '../../executor/files/fleet-file.ts';
import { recordedCluster } from '../format/fleet.ts';
import { loadScenario } from '../load.ts';
import { addMember, createWorld } from './world.ts';

describe('a recorded cluster', () => {
  it('has the room, and what ran there, that the recording tells of', async () => {
    const scenario = await loadScenario('scenarios/cluster-loss.yaml');
    const simulation = createWorld(scenario, []);
    for (const cluster of await loadFleet('scenarios/first-look/fleet.yaml')) {
      addMember(simulation, recordedCluster(cluster), scenario);
    }
    simulation.runFor(120_000);
    const summary = simulation.world.member('paris-1')!.answer({ about: 'state', withApis: false }) as {
      readonly resourceSummary: Record<'allocatable' | 'allocated', Record<string, string>>;
    };
    expect(summary.resourceSummary.allocatable).toMatchObject({ cpu: '24', memory: '96Gi', pods: '110' });
    expect(summary.resourceSummary.allocated).toMatchObject({ cpu: '10', memory: '30Gi' });
  });
});
