import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { generate, WORKLOADS } from './workload.ts';

const lines = (workload: (typeof WORKLOADS)[number], seed: number): string => {
  const { clusters, bindings } = generate({ clusters: 50, bindings: 60, workload, seed });
  return [{ clusters }, ...bindings].map((each) => JSON.stringify(each)).join('\n');
};
const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

describe('a generated workload', () => {
  it('is the same for the same arguments, for ever: measurements of years are compared by it', () => {
    expect(digest(lines('mixed', 1))).toBe('b506809dc5df6d80');
    expect(digest(lines('rescale', 7))).toBe('c136253ed28ab51c');
  });

  it('differs by seed and by workload', () => {
    const all = WORKLOADS.map((workload) => digest(lines(workload, 1)));
    expect(new Set(all).size).toBe(WORKLOADS.length);
    expect(lines('mixed', 2)).not.toBe(lines('mixed', 1));
  });

  it('asks for what its name says', () => {
    const placements = (workload: (typeof WORKLOADS)[number]) =>
      [...generate({ clusters: 20, bindings: 6, workload, seed: 1 }).bindings].map(({ spec }) => spec.placement!);
    expect(placements('dup').every((each) => each.replicaScheduling?.replicaSchedulingType === 'Duplicated')).toBe(
      true,
    );
    expect(placements('spread').every((each) => each.spreadConstraints?.length === 2)).toBe(true);
    expect(placements('mixed').map((each) => each.replicaScheduling?.replicaDivisionPreference)).toEqual([
      undefined,
      'Weighted',
      'Weighted',
      'Aggregated',
      'Aggregated',
      'Weighted',
    ]);
  });
});
