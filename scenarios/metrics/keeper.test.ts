import { describe, expect, it } from 'vitest';
import type { WorkloadFacts } from '../expect/facts.ts';
import { type FleetCluster, generateClusters } from '../format/fleet.ts';
import { MetricKeeper } from './keeper.ts';
import type { RunFigures } from './names.ts';

const WEB = { collection: 'apps/deployments', namespace: 'shop', name: 'web' };
const JOB = { collection: 'apps/deployments', namespace: 'shop', name: 'job' };
const NAME = 'apps/deployments/shop/web';
const NEVER = Number.POSITIVE_INFINITY;

const FLEET: ReadonlyMap<string, FleetCluster> = new Map(
  generateClusters({
    name: '{zone}',
    count: 3,
    region: 'eu',
    zone: ['a', 'b', 'c'],
    provider: 'aws',
    price: [2, 4, 6],
  }).map((cluster) => [cluster.name, cluster] as const),
);

type Counts = Readonly<Record<string, number>>;
interface State {
  readonly desired: number;
  readonly assigned?: Counts;
  readonly serving?: Counts;
  readonly moved?: number;
  readonly needless?: number;
}

/** A run that is told second by second. */
class Told {
  #now = 0;
  calls = 0;
  readonly #ends: (() => void)[] = [];
  readonly #facts = new Map<object, WorkloadFacts>();
  readonly keeper = new MetricKeeper({
    now: () => this.#now,
    start: 0,
    workload: (key) => this.#facts.get(key) ?? null,
    cluster: (name) => FLEET.get(name) ?? null,
    calls: () => this.calls,
  });

  at(seconds: number): this {
    this.#now = seconds * 1_000;
    return this;
  }

  has(key: typeof WEB, { desired, assigned, serving, moved = 0, needless = 0 }: State): this {
    const before = this.#facts.get(key);
    const now = {
      desired,
      assigned: assigned === undefined ? (before?.assigned ?? new Map()) : new Map(Object.entries(assigned)),
      serving: serving === undefined ? (before?.serving ?? new Map()) : new Map(Object.entries(serving)),
      moved,
      movedNeedlessly: needless,
    };
    this.#facts.set(key, now);
    for (const what of ['assigned', 'serving'] as const) {
      for (const cluster of new Set([...(before?.[what].keys() ?? []), ...now[what].keys()])) {
        const count = now[what].get(cluster) ?? 0;
        if (count !== (before?.[what].get(cluster) ?? 0)) this.keeper.hold(key, cluster, { [what]: count });
      }
    }
    this.keeper.touch(key);
    return this;
  }

  strikes(id: string | null, ...clusters: readonly (string | null)[]): this {
    this.keeper.faults.during(id, () => {
      for (const cluster of clusters) this.#ends.push(this.keeper.faults.strike(cluster));
      return 'it strikes';
    });
    return this;
  }

  /** All that has struck ends. */
  eases(): this {
    for (const end of this.#ends.splice(0)) end();
    return this;
  }

  /** The hub finds a cluster ready, or not. */
  sees(cluster: string, isReady: boolean, isWanted = true): this {
    this.keeper.faults.see(cluster, { isReady, isWanted });
    return this;
  }

  until(seconds: number): Omit<RunFigures, 'calls'> {
    this.at(seconds);
    return this.keeper.figures();
  }
}

describe('the metrics of workloads', () => {
  it('count service from when a workload was whole', () => {
    const { all, workloads } = new Told()
      .at(0)
      .has(WEB, { desired: 4, serving: {} })
      .at(20)
      .has(WEB, { desired: 4, serving: { a: 4 } })
      .at(100)
      .has(WEB, { desired: 4, serving: { a: 1 } })
      .at(140)
      .has(WEB, { desired: 4, serving: {} })
      .at(150)
      .has(WEB, { desired: 4, serving: { b: 4 }, moved: 3, needless: 1 })
      .until(220);
    expect(all).toMatchObject({
      availability: (4 * 200 - 3 * 40 - 4 * 10) / (4 * 200),
      lostReplicaSeconds: 3 * 40 + 4 * 10,
      downSeconds: 10,
      longestShortageSeconds: 50,
      moves: 3,
      needlessMoves: 1,
    });
    const { calls, ...own } = all;
    expect(calls).toBe(0);
    expect(workloads).toEqual({ [NAME]: own });
  });

  it('count what never was whole from five minutes after it was wanted', () => {
    const told = new Told()
      .at(0)
      .has(WEB, { desired: 2, serving: {} })
      .at(100)
      .has(WEB, { desired: 2, serving: { a: 1 } });
    const { all } = told.until(400);
    expect(all).toMatchObject({ availability: 0.5, lostReplicaSeconds: 100, downSeconds: 0 });
    expect(all.unplacedReplicaSeconds).toBe(2 * 100);
  });

  it('are those of nothing where nothing was wanted, and a scale-up is no loss', () => {
    expect(new Told().until(100).all).toMatchObject({ availability: 1, lostReplicaSeconds: 0, cost: 0 });
    const { all } = new Told()
      .at(0)
      .has(WEB, { desired: 2, serving: { a: 2 } })
      .at(10)
      .has(WEB, { desired: 4 })
      .at(30)
      .has(WEB, { desired: 4, serving: { a: 4 } })
      .until(100);
    expect(all).toMatchObject({ lostReplicaSeconds: 40, longestShortageSeconds: 0 });
  });

  it('tell what was promised, what of it was missing, where it served and what that cost', () => {
    const { workloads, balance } = new Told()
      .at(0)
      .has(WEB, { desired: 3, assigned: { a: 2, b: 1 } })
      .at(60)
      .has(WEB, { desired: 3, serving: { a: 2, b: 1 } })
      .at(3_660)
      .has(WEB, { desired: 3, serving: { b: 1 } })
      .at(3_760)
      .has(WEB, { desired: 3, assigned: { b: 1 } })
      .until(3_860);
    const own = workloads[NAME]!;
    expect(own.promisedReplicaSeconds).toBe(3 * 3_760 + 1 * 100);
    // Starting for a minute, then two in a dead cluster until they are taken out of it.
    expect(own.missingReplicaSeconds).toBe(3 * 60 + 2 * 100);
    expect(own.unplacedReplicaSeconds).toBe(2 * 100);
    const [inA, inB] = [2 * 3_600, 1 * 3_800];
    expect(own.largestZoneShare).toBe(inA / (inA + inB));
    expect(own.largestRegionShare).toBe(1);
    expect(own.cost).toBeCloseTo((inA * 2 + inB * 4) / 3_600, 4);
    expect(balance.zone).toEqual({
      a: { clusters: 1, replicaSeconds: inA, share: inA / (inA + inB), serving: 0, cost: 4 },
      b: { clusters: 1, replicaSeconds: inB, share: inB / (inA + inB), serving: 1, cost: 4.2222 },
    });
    expect(balance.provider).toEqual({ aws: expect.objectContaining({ clusters: 2, share: 1, serving: 1 }) });
  });

  it('have the parts of the fleet that never served anything, too', () => {
    const told = new Told();
    for (const cluster of FLEET.values()) told.keeper.join(cluster);
    const { balance } = told
      .at(0)
      .has(WEB, { desired: 1, serving: { a: 1 } })
      .until(10);
    expect(Object.keys(balance.zone)).toEqual(['a', 'b', 'c']);
    expect(balance.zone.c).toEqual({ clusters: 1, replicaSeconds: 0, share: 0, serving: 0, cost: 0 });
    expect(balance.region.eu).toMatchObject({ clusters: 3, share: 1 });
  });

  it('count decisions by workload, and requests of all', () => {
    const told = new Told()
      .at(0)
      .has(WEB, { desired: 1, serving: { a: 1 } })
      .has(JOB, { desired: 1, serving: { a: 1 } });
    told.keeper.decided(WEB);
    told.keeper.decided(WEB);
    told.keeper.decided(JOB);
    told.calls = 7;
    const { all, workloads } = told.until(10);
    expect([all.decisions, workloads[NAME]!.decisions, all.calls]).toEqual([3, 2, 7]);
  });
});

describe('the metrics of a fault', () => {
  const whole = { desired: 4, assigned: { a: 2, b: 2 }, serving: { a: 2, b: 2 } };

  it('tell how soon it was noticed, left and overcome, and what it cost', () => {
    const told = new Told()
      .at(0)
      .has(WEB, whole)
      .has(JOB, { desired: 1, assigned: { c: 1 }, serving: { c: 1 } });
    told
      .at(100)
      .strikes('outage', 'a')
      .has(WEB, { desired: 4, serving: { b: 2 } });
    told.at(116).sees('a', false);
    told.at(128).has(WEB, { desired: 4, assigned: { b: 2 } });
    told.keeper.decided(WEB);
    told.at(129).has(WEB, { desired: 4, assigned: { b: 2, c: 2 }, moved: 2 });
    told.at(147).has(WEB, { desired: 4, serving: { b: 2, c: 2 }, moved: 2 });
    told.at(200).sees('a', true);
    told.eases();
    const ofWeb = {
      evictSeconds: 28,
      recoverSeconds: 47,
      lostReplicaSeconds: 2 * 47,
      downSeconds: 0,
      moves: 2,
      needlessMoves: 0,
      decisions: 1,
    };
    expect(told.until(300).faults).toEqual([
      {
        id: 'outage',
        what: 'it strikes',
        atSeconds: 100,
        clusters: ['a'],
        detectSeconds: 16,
        ...ofWeb,
        lastedSeconds: 100,
        calls: 0,
        workloads: { [NAME]: ofWeb },
      },
    ]);
  });

  it('say never where one cluster was not noticed, something stayed, or a shortage did not end', () => {
    const told = new Told().at(0).has(WEB, whole);
    told
      .at(10)
      .strikes('outage', 'a', 'b')
      .has(WEB, { desired: 4, serving: { b: 2 } });
    told.at(20).sees('a', false);
    told.at(30).has(WEB, { desired: 4, assigned: { b: 2 } });
    const [fault] = told.until(50).faults;
    expect(fault).toMatchObject({
      detectSeconds: NEVER,
      evictSeconds: NEVER,
      recoverSeconds: NEVER,
      lastedSeconds: 40,
    });
  });

  it('are of what it struck alone, and of what lost something by it', () => {
    const told = new Told().at(0).has(WEB, whole);
    told.at(10).strikes('elsewhere', 'c');
    told.at(20).has(WEB, { desired: 4, serving: { a: 2 } });
    expect(told.until(30).faults[0]).toMatchObject({ evictSeconds: 0, recoverSeconds: 0, lostReplicaSeconds: 20 });
    const control = new Told().at(0).has(WEB, whole).at(5).strikes(null, null);
    control.at(7).eases();
    expect(control.until(9).faults[0]).toMatchObject({
      clusters: [],
      detectSeconds: 0,
      recoverSeconds: 0,
      lastedSeconds: 2,
    });
  });

  it('count losses, moves and requests to the one that struck last', () => {
    const told = new Told().at(0).has(WEB, whole);
    told.calls = 5;
    told
      .at(10)
      .strikes('first', 'a')
      .has(WEB, { desired: 4, serving: { b: 2 } });
    told.calls = 25;
    told.at(40).strikes('second', 'b').has(WEB, { desired: 4, serving: {} });
    told.calls = 26;
    told.at(60).has(WEB, { desired: 4, serving: { c: 4 }, moved: 4, needless: 1 });
    const [first, second] = told.until(100).faults;
    expect(first).toMatchObject({
      lostReplicaSeconds: 2 * 30,
      downSeconds: 0,
      moves: 0,
      calls: 20,
      recoverSeconds: 50,
    });
    expect(second).toMatchObject({
      lostReplicaSeconds: 4 * 20,
      downSeconds: 20,
      moves: 4,
      needlessMoves: 1,
      calls: 1,
      recoverSeconds: 20,
    });
  });

  it('are over when all of them is over, and whatever else is wrong there goes on', () => {
    const told = new Told().at(0).has(WEB, whole);
    told.at(10).strikes('first', 'a', 'b').at(30).eases();
    told.at(40).strikes('twice', 'a', 'a');
    const [first, twice] = told.until(100).faults;
    expect([first!.lastedSeconds, twice!.lastedSeconds]).toEqual([20, 60]);
  });

  it('are noticed when a cluster is to be empty, but not by that it was to be so before', () => {
    const told = new Told().at(0).has(WEB, whole);
    told.at(10).strikes('drain', 'a').sees('a', true, false);
    told.at(20).strikes('dark', 'a').at(21).sees('a', true, false).at(38).sees('a', false, false);
    expect(told.until(60).faults.map(({ detectSeconds }) => detectSeconds)).toEqual([0, 18]);
  });

  it('are noticed at once where the hub did not trust the cluster before', () => {
    const told = new Told().at(0).has(WEB, whole);
    told.at(5).sees('a', false);
    expect(told.at(10).strikes('again', 'a').until(20).faults[0]!.detectSeconds).toBe(0);
  });
});
