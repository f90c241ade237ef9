import { describe, expect, it } from 'vitest';
import type { Cluster } from '../api/cluster.ts';
import { Bitset } from '../base/bitset.ts';
import { affinityMembers } from './affinity.ts';
import { freeUnits, SUMMARY } from './capacity.ts';
import { Fleet } from './fleet.ts';
import { Ledger } from './ledger.ts';
import { Posting } from './posting.ts';

const cluster = (name: string, status: Cluster['status'] = {}, spec: Cluster['spec'] = {}): Cluster => ({
  metadata: { name },
  spec,
  status,
});

describe('the fleet', () => {
  it('gives a freed slot to the next cluster, and names kept elsewhere stay', () => {
    const fleet = new Fleet([cluster('a'), cluster('b')]);
    const { names } = fleet;
    expect(fleet.remove('a')).toBe(true);
    expect(fleet.remove('a')).toBe(false);
    fleet.upsert(cluster('c'));
    expect(fleet.indexOf('c')).toBe(0);
    expect(names[0]).toBe('a');
    expect(fleet.names[0]).toBe('c');
    expect([fleet.size, fleet.slots]).toEqual([2, 2]);
  });

  it('stays as it was where a cluster is no such thing', () => {
    const models = (name: unknown) => [{ grade: 0, ranges: [{ name, min: '1', max: '2' }] }] as never;
    const summary = { allocatable: { cpu: '4', pods: '10' }, allocatableModelings: [{ grade: 0, count: 2 }] };
    const sound = cluster('a', { resourceSummary: summary }, { resourceModels: models('cpu') });
    const broken = (name: string) => cluster(name, { resourceSummary: summary }, { resourceModels: models(undefined) });
    const fleet = new Fleet([sound]);
    expect(() => fleet.upsert(broken('a'))).toThrow(TypeError);
    expect(() => fleet.upsert(broken('b'))).toThrow(TypeError);
    expect(fleet.clusters()).toEqual([sound]);
    fleet.promise('a', { pods: 1n, units: new Map() });
    fleet.upsert(cluster('b'));
    expect(fleet.clusters().map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
  });

  it('ranks by name, free slots last', () => {
    const fleet = new Fleet([cluster('b'), cluster('10'), cluster('9'), cluster('B')]);
    expect(Array.from(fleet.indexByRank(), (index) => fleet.names[index])).toEqual(['10', '9', 'B', 'b']);
    fleet.remove('10');
    expect(fleet.ranks()[1]).toBe(3);
    expect(fleet.clusters().map(({ metadata }) => metadata.name)).toEqual(['9', 'B', 'b']);
  });

  it('knows how the room of each cluster is found', () => {
    const kindOf = (status: Cluster['status'], spec?: Cluster['spec']) =>
      new Fleet([cluster('a', status, spec)]).capacity.kinds[0];
    const pods = { pods: '10' };
    expect(kindOf({})).toBe(SUMMARY.none);
    expect(kindOf({ resourceSummary: { allocatable: { cpu: '1', ...pods } } })).toBe(SUMMARY.columns);
    expect(kindOf({ resourceSummary: { allocatable: { memory: '9223372036854775807', ...pods } } })).toBe(
      SUMMARY.exact,
    );
    expect(kindOf({ resourceSummary: { allocatable: { pods: '9223372036854775807' } } })).toBe(SUMMARY.exact);
    const resourceModels = [
      {
        grade: 0,
        ranges: [
          { name: 'cpu', min: '1', max: '2' },
          { name: 'odd', min: '1', max: '2' },
        ],
      },
    ];
    const allocatableModelings = [
      { grade: 0, count: 2 },
      { grade: 7, count: 1 },
    ];
    expect(kindOf({ resourceSummary: { allocatable: pods, allocatableModelings } }, { resourceModels })).toBe(
      SUMMARY.models,
    );
    expect(kindOf({ resourceSummary: { allocatable: pods, allocatableModelings } })).toBe(SUMMARY.columns);
    expect(
      kindOf(
        { resourceSummary: { allocatable: pods, allocatableModelings: [{ grade: 0, count: -1 }] } },
        { resourceModels },
      ),
    ).toBe(SUMMARY.columns);
  });

  it('counts what is free without losing a digit', () => {
    const free = (allocatable: Record<string, string>, allocated: Record<string, string> = {}) =>
      new Fleet([
        cluster('a', { resourceSummary: { allocatable: { pods: '5', ...allocatable }, allocated } }),
      ]).capacity.free(Object.keys(allocatable)[0]!)?.[0];
    expect(free({ cpu: '2' }, { cpu: '0.5' })).toBe(1500);
    expect(free({ memory: '1.5Gi' }, { memory: '1k' })).toBe(1.5 * 2 ** 30 - 1000);
    expect(free({ memory: '1500m' })).toBe(2);
    expect(free({ memory: '3' }, { memory: '5' })).toBe(-2);
    expect(new Fleet([cluster('a')]).capacity.free('cpu')).toBeUndefined();
  });

  it('does not take for a use of a resource what every list inherits', () => {
    const summary = { allocatable: { cpu: '4', toString: '3', pods: '10' }, allocated: { cpu: '1' } } as never;
    const fleet = new Fleet([cluster('a', { resourceSummary: summary })]);
    expect(freeUnits(summary, 'toString')).toBe(3);
    expect(freeUnits(summary, 'constructor')).toBeNull();
    expect(fleet.size).toBe(1);
  });

  it('takes off what was promised, through every new status', () => {
    const status = { resourceSummary: { allocatable: { cpu: '4', pods: '5' } } };
    const fleet = new Fleet([cluster('a', status)]);
    const promised = {
      pods: 2n,
      units: new Map([
        ['cpu', 1000n],
        ['example.com/gpu', 1n],
      ]),
    };
    fleet.promise('a', promised);
    fleet.upsert(cluster('a', status));
    expect([fleet.capacity.pods[0], fleet.capacity.free('cpu')![0]]).toEqual([3, 3000]);
    fleet.release('a', promised);
    expect([fleet.capacity.pods[0], fleet.capacity.free('cpu')![0]]).toEqual([5, 4000]);
    fleet.promise('nobody', promised);
    fleet.promise('a', { pods: 1n, units: new Map([['cpu', 2n ** 60n]]) });
    expect(fleet.capacity.kinds[0]).toBe(SUMMARY.exact);
  });
});

describe('the ledger', () => {
  it('adds up, gives back, and forgets what is settled', () => {
    const ledger = new Ledger();
    const one = { pods: 1n, units: new Map([['cpu', 5n]]) };
    ledger.release('a', one);
    ledger.add('a', one);
    ledger.add('a', { pods: 2n, units: new Map([['memory', 7n]]) });
    expect(ledger.of('a')).toEqual({
      pods: 3n,
      units: new Map([
        ['cpu', 5n],
        ['memory', 7n],
      ]),
    });
    ledger.release('a', one);
    expect(ledger.promises.size).toBe(1);
    ledger.release('a', { pods: 2n, units: new Map([['memory', 7n]]) });
    expect(ledger.promises.size).toBe(0);
  });
});

describe('a posting', () => {
  it('holds few and many alike', () => {
    const posting = new Posting();
    const members = () => {
      const set = new Bitset();
      posting.addTo(set);
      return [...set];
    };
    for (const index of [3, 1, 3]) posting.add(index);
    expect(members()).toEqual([1, 3]);
    posting.delete(9);
    posting.delete(3);
    expect([posting.has(1), posting.has(3)]).toEqual([true, false]);
    for (let index = 0; index < 100; index += 1) posting.add(index);
    posting.delete(50);
    expect([posting.has(49), posting.has(50), members().length]).toEqual([true, false, 99]);
    const rest = Bitset.full(101);
    posting.removeFrom(rest);
    expect([...rest]).toEqual([50, 100]);
  });
});

describe('an affinity over indexes', () => {
  it('asks the clusters themselves what the indexes do not answer', () => {
    const fleet = new Fleet([cluster('a', {}, { region: 'eu' }), cluster('b', {}, { region: 'us' }), cluster('c')]);
    const members = (operator: string, values: string[]) =>
      [...affinityMembers({ fieldSelector: { matchExpressions: [{ key: 'region', operator, values }] } }, fleet)].map(
        (index) => fleet.names[index],
      );
    expect(members('In', ['eu'])).toEqual(['a']);
    expect(members('NotIn', ['eu'])).toEqual(['b', 'c']);
    expect(members('Exists', [])).toEqual(['a', 'b']);
    expect(members('In', ['e u'])).toEqual([]);
  });
});
