import { describe, expect, it } from 'vitest';
import { makeCluster } from '../../../../test/builders/cluster.ts';
import { Fleet } from '../../../fleet/fleet.ts';
import { promiseOf } from '../../../schedule/estimate/promises.ts';
import { Promises } from './promises.ts';

const cpus = (cluster: string, replicas: number) => ({
  cluster,
  promised: promiseOf(replicas, { resourceRequest: { cpu: '1' } }),
});

function promising() {
  const fleet = new Fleet(['m1', 'm2'].map((name) => makeCluster(name)));
  const promises = new Promises(fleet, 1_000);
  const held = () =>
    Object.fromEntries([...fleet.ledger.promises].map(([cluster, { pods }]) => [cluster, Number(pods)]));
  return { promises, held };
}

describe('what was promised', () => {
  it('is held beside what the same binding was promised before', () => {
    const { promises, held } = promising();
    promises.make('a', [cpus('m1', 2), cpus('m2', 1)]);
    promises.make('a', [cpus('m1', 3)]);
    promises.make('b', [cpus('m1', 1)]);
    expect([held(), promises.keysIn('m1'), promises.keysIn('m2')]).toEqual([{ m1: 6, m2: 1 }, ['a', 'b'], ['a']]);
  });

  it('is free where a cluster has told of it, and all of it where the binding has gone', () => {
    const { promises, held } = promising();
    promises.make('a', [cpus('m1', 2), cpus('m2', 1)]);
    promises.release('a', (cluster) => cluster === 'm1');
    expect([held(), promises.keysIn('m1')]).toEqual([{ m2: 1 }, []]);
    promises.release('a');
    expect(held()).toEqual({});
  });

  it('is free again where the last decision has come to nothing, and that alone', () => {
    const { promises, held } = promising();
    promises.make('a', [cpus('m1', 2)]);
    promises.make('a', [cpus('m1', 3), cpus('m2', 1)]);
    promises.takeBack('a');
    expect(held()).toEqual({ m1: 2 });
    promises.takeBack('a');
    expect(held()).toEqual({ m1: 2 });
  });

  it('is free at last by itself, each in its time', () => {
    const { promises, held } = promising();
    promises.make('a', [cpus('m1', 2)]);
    promises.tick(600);
    promises.make('a', [cpus('m1', 3)]);
    promises.tick(1_000);
    expect(held()).toEqual({ m1: 3 });
    promises.tick(1_600);
    expect(held()).toEqual({});
  });
});
