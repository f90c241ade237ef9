import { describe, expect, it } from 'vitest';
import type { WorkloadFacts } from '../expect/facts.ts';
import { FigureKeeper } from './figures.ts';

const WEB = { collection: 'apps/deployments', namespace: 'shop', name: 'web' };
const NAME = 'apps/deployments/shop/web';

function kept(
  steps: readonly (readonly [seconds: number, desired: number, serving: number, moved?: number])[],
  until: number,
) {
  let now = 0;
  let facts: WorkloadFacts | null = null;
  const keeper = new FigureKeeper(
    () => now,
    () => facts,
  );
  for (const [seconds, desired, serving, moved = 0] of steps) {
    now = seconds * 1_000;
    facts = { desired, serving: new Map([['a', serving]]), assigned: new Map(), moved, movedNeedlessly: 0 };
    keeper.touch(WEB);
  }
  now = until * 1_000;
  return keeper.figures();
}

describe('the figures of a run', () => {
  it('count from when a workload was whole', () => {
    const { all, workloads } = kept(
      [
        [0, 4, 0],
        [20, 4, 4],
        [100, 4, 1],
        [140, 4, 0],
        [150, 4, 4, 3],
      ],
      220,
    );
    expect(all).toEqual({
      availability: (4 * 200 - 3 * 40 - 4 * 10) / (4 * 200),
      lostReplicaSeconds: 160,
      downSeconds: 10,
      longestShortageSeconds: 50,
      moves: 3,
    });
    expect(workloads).toEqual({ [NAME]: all });
  });

  it('count what never was whole from five minutes after it was wanted', () => {
    const { all } = kept(
      [
        [0, 2, 0],
        [100, 2, 1],
      ],
      400,
    );
    expect(all).toMatchObject({ availability: 0.5, lostReplicaSeconds: 100, downSeconds: 0 });
  });

  it('are those of nothing where nothing was wanted, and a scale-up is no loss', () => {
    expect(kept([], 100).all).toMatchObject({ availability: 1, lostReplicaSeconds: 0 });
    expect(
      kept(
        [
          [0, 2, 2],
          [10, 4, 2],
          [30, 4, 4],
        ],
        100,
      ).all,
    ).toMatchObject({
      lostReplicaSeconds: 40,
      longestShortageSeconds: 0,
    });
  });
});
