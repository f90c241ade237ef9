import { expect, it } from 'vitest';
import { Demand } from './demand.ts';

const WEB = { collection: 'apps/deployments', namespace: 'default', name: 'web' };

it('work is shared by all that serve, and is all for one where none does', () => {
  let serving = 3;
  const demand = new Demand(() => serving);
  expect(demand.perPod(WEB)).toEqual({});
  demand.set(WEB, 'memory', 10);
  demand.set(WEB, 'cpu', 1_000);
  expect(demand.perPod(WEB)).toEqual({ cpu: 334, memory: 4 });
  serving = 0;
  demand.set(WEB, 'cpu', 500);
  expect(demand.perPod(WEB)).toEqual({ cpu: 500, memory: 10 });
  expect(demand.perPod({ ...WEB, name: 'other' })).toEqual({});
});
