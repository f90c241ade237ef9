// Tests of how a simulated and a live run of one scenario are held against each other.
import { describe, expect, it } from 'vitest';
import { failsLive, type Verdict } from './expectations.ts';
import { compareRecordings } from './fidelity.ts';
import { fidelityMarkdown, fidelityText } from './fidelity-text.ts';
import type { Recording, Service } from './recording.ts';
import { plainVerdicts } from './verdict-text.ts';

const WEB = 'apps/deployments/shop/web';

interface Told {
  readonly placements?: readonly (readonly [number, Record<string, number>])[];
  readonly services?: readonly (readonly [number, number, number])[];
  readonly readiness?: readonly (readonly [number, boolean])[];
  readonly events?: readonly (readonly [number, string])[];
}

const recording = ({ placements = [], services = [], readiness = [], events = [] }: Told): Recording => ({
  placements: new Map([[WEB, placements.map(([at, clusters]) => ({ at, value: new Map(Object.entries(clusters)) }))]]),
  services: new Map([
    [WEB, services.map(([at, desired, serving]) => ({ at, value: { desired, serving } satisfies Service }))],
  ]),
  readiness: new Map([['paris', readiness.map(([at, value]) => ({ at, value }))]]),
  events: events.map(([at, id]) => ({ at, id, text: `what ${id} is` })),
  endedAt: 100_000,
});

const SIMULATED = recording({
  placements: [
    [0, { paris: 2, oslo: 1 }],
    [30_000, { oslo: 3 }],
  ],
  services: [
    [0, 3, 0],
    [5_000, 3, 3],
    [20_000, 3, 1],
    [35_000, 3, 3],
  ],
  readiness: [
    [0, true],
    [28_000, false],
  ],
  events: [[20_000, 'dark']],
});

describe('two runs that are the same', () => {
  it('have nothing between them', () => {
    const { samePlacements, sameOrder, durations, placements } = compareRecordings(SIMULATED, SIMULATED);
    expect([samePlacements, sameOrder]).toEqual([1, 1]);
    expect(placements.map(({ moment, simulated }) => [moment, simulated])).toEqual([
      ['before dark', 'oslo 1, paris 2'],
      ['at the end', 'oslo 3'],
    ]);
    expect(durations).toEqual([
      { what: 'shop/web serves for the first time', simulatedMs: 5_000, liveMs: 5_000 },
      { what: 'dark: the hub finds paris gone', simulatedMs: 8_000, liveMs: 8_000 },
      { what: 'dark: shop/web serves with all again', simulatedMs: 15_000, liveMs: 15_000 },
    ]);
  });
});

const held = { verdict: 'held', atMs: 9_000, why: 'held', tookMs: null, values: [] } as const;
const VERDICTS: readonly Verdict[] = [
  { expected: 'within 9s: a', line: 3, simulated: { ...held, tookMs: 2_000 }, live: { ...held, tookMs: 3_100 } },
  {
    expected: 'at 5s: b',
    line: 4,
    simulated: held,
    live: {
      verdict: 'failed',
      atMs: 5_300,
      why: 'it did not hold',
      tookMs: null,
      values: [
        { text: 'ready("web")', value: 2 },
        { text: 'm', value: Number.POSITIVE_INFINITY },
      ],
    },
  },
  { expected: 'at end: c', line: 5, simulated: held, live: { verdict: 'not judged', why: 'nobody counts' } },
  { expected: 'at end: d', line: 6, simulated: { verdict: 'open' }, live: { verdict: 'open' } },
];

describe('two runs that differ', () => {
  const live = recording({
    placements: [
      [0, {}],
      [1_000, { paris: 2, oslo: 1 }],
      [41_000, { oslo: 2 }],
    ],
    services: [
      [0, 3, 0],
      [7_000, 3, 3],
      [20_500, 3, 1],
      [45_000, 3, 3],
      [46_000, 3, 2],
      [50_000, 3, 3],
    ],
    readiness: [[0, true]],
    events: [[20_100, 'dark']],
  });
  const fidelity = compareRecordings(SIMULATED, live);

  it('tell which placements, and how much longer things took', () => {
    expect(fidelity.samePlacements).toBe(0.5);
    expect(fidelity.durations).toEqual([
      { what: 'shop/web serves for the first time', simulatedMs: 5_000, liveMs: 7_000 },
      { what: 'dark: the hub finds paris gone', simulatedMs: 8_000, liveMs: null },
      { what: 'dark: shop/web serves with all again', simulatedMs: 15_000, liveMs: 29_900 },
    ]);
  });

  it('tell what came in another order, or not at all', () => {
    expect(fidelity.order.simulated).toEqual([
      'shop/web goes to oslo 1, paris 2',
      'shop/web serves',
      'dark',
      'shop/web is short',
      'the hub finds paris gone',
      'shop/web goes to oslo 3',
      'shop/web serves',
    ]);
    expect(fidelity.order.live).toEqual([
      'shop/web goes to oslo 1, paris 2',
      'shop/web serves',
      'dark',
      'shop/web is short',
      'shop/web goes to oslo 2',
      'shop/web serves',
    ]);
    expect(fidelity.sameOrder).toBeCloseTo(5 / 7);
  });

  it('are told in tables', () => {
    const report = {
      ...fidelity,
      fleet: ['paris has 1 node (cpu 4), and not 3 nodes (cpu 8)'],
      expectations: VERDICTS,
    };
    const text = fidelityText(report);
    expect(text).toContain('1 of 2 placements are the same (50%)');
    expect(text).toMatch(/at the end +shop\/web +oslo 3 +oslo 2/);
    expect(text).toMatch(/shop\/web serves for the first time +5s +7s +\+2s/);
    expect(text).toMatch(/finds paris gone +8s +not +only once/);
    expect(text).toMatch(/which is not all as the scenario has it:\n +paris has 1 node/);
    expect(text).toContain('1 of 2 expectations held live; 1 is not judged live; 1 is left open');
    expect(text).toMatch(/within 9s: a +held after 2s +held after 3.1s/);
    expect(text).toMatch(/at 5s: b +held +failed at 5.3s: it did not hold \(ready\("web"\) = 2, m = never\)/);
    const scenario = { name: 'dark', title: 'a | in it' } as Parameters<typeof fidelityMarkdown>[0];
    const document = fidelityMarkdown(scenario, report);
    expect(document).toContain('| at the end | shop/web | oslo 3 | oslo 2 | differs |');
    expect(document).toContain('| the hub finds paris gone | shop/web goes to oslo 2 |');
    expect(document).toContain('- paris has 1 node (cpu 4), and not 3 nodes (cpu 8)');
    expect(document).toContain('| at end: c | held | not judged: nobody counts |');
    expect(document).toContain('| at end: d | left open | left open |');
    expect(plainVerdicts(VERDICTS)[1]).toMatchObject({
      expected: 'at 5s: b',
      live: { verdict: 'failed', atMs: 5_300, values: { 'ready("web")': 2, m: 'never' } },
    });
    expect(failsLive(VERDICTS)).toBe(true);
    expect(failsLive(VERDICTS.map((one) => ({ ...one, live: one.simulated })))).toBe(false);
  });
});

it('nothing compared with nothing is the same', () => {
  const nothing = compareRecordings(recording({}), recording({}));
  expect([nothing.samePlacements, nothing.sameOrder]).toEqual([1, 1]);
});
