import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { FAULTS } from './faults.ts';
import { drawFaults, type SwarmOptions } from './swarm.ts';

const OPTIONS: SwarmOptions = {
  clusters: ['a', 'b', 'c'],
  processes: ['manager'],
  nodes: { a: ['node-0', 'node-1'], b: ['node-0'] },
  from: 1_000,
  until: 60_000,
  faults: 20,
  longestMs: 30_000,
};

describe('a swarm of faults', () => {
  const drawn = Array.from({ length: 200 }, (_, seed) => drawFaults(new Random(String(seed)), OPTIONS));

  it('is the same again from the same seed, in order of time and within its bounds', () => {
    expect(drawFaults(new Random('7'), OPTIONS)).toEqual(drawn[7]);
    for (const faults of drawn) {
      expect(faults.map(({ at }) => at)).toEqual(faults.map(({ at }) => at).sort((a, b) => a - b));
      for (const { at, fault } of faults) {
        // What comes again and again begins in time, and may end later.
        expect(at >= 1_000 && at <= 60_000 + OPTIONS.longestMs + 60_000).toBe(true);
        if ('forMs' in fault && fault.forMs !== undefined) expect(fault.forMs <= 30_000).toBe(true);
      }
    }
  });

  it('has every kind of fault in some run, and in most runs not every kind', () => {
    const kindsOf = (faults: (typeof drawn)[number]) => new Set(faults.map(({ fault }) => fault.fault));
    const all = new Set(drawn.flatMap((faults) => [...kindsOf(faults)]));
    expect([...FAULTS].filter((kind) => !all.has(kind))).toEqual([
      'corrupted',
      'watch-drops',
      'watch-repeats',
      'watch-reorders',
    ]);
    expect(drawn.filter((faults) => kindsOf(faults).size < 11).length).toBeGreaterThan(100);
  });

  it('troubles only nodes that there are', () => {
    const nodes = drawn.flat().flatMap(({ fault }) => ('node' in fault ? [`${fault.cluster}/${fault.node}`] : []));
    expect([...new Set(nodes)].sort()).toEqual(['a/node-0', 'a/node-1', 'b/node-0']);
    const { nodes: _unknown, ...others } = OPTIONS;
    const without = Array.from({ length: 50 }, (_, seed) => drawFaults(new Random(String(seed)), others)).flat();
    expect(without.filter(({ fault }) => 'node' in fault)).toEqual([]);
  });

  it('has what no API server does only where that is asked for', () => {
    const hardening = Array.from({ length: 200 }, (_, seed) =>
      drawFaults(new Random(String(seed)), { ...OPTIONS, isHardening: true }),
    );
    const kinds = (all: typeof drawn) => new Set(all.flat().map(({ fault }) => fault.fault));
    const illegal = [...kinds(hardening)].filter((kind) => !kinds(drawn).has(kind));
    expect(illegal.sort()).toEqual(['corrupted', 'watch-drops', 'watch-reorders', 'watch-repeats']);
  });

  it('is empty where there is no cluster', () => {
    expect(drawFaults(new Random('x'), { ...OPTIONS, clusters: [] })).toEqual([]);
  });
});
