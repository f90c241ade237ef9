import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Command, type Controller, HUB, NOTHING_TO_DO, type Profile, processesOf } from '../../engine/index.ts';
import { printYaml } from '../../executor/files/yaml.ts';
import { CONTROL_PLANE, type ControlPlane } from '../run/processes.ts';
import { drawScenario, type SwarmDocument } from './draw-scenario.ts';
import { hunt, smallest } from './hunt.ts';
import { judgeBeside, judgeDocument } from './judge-document.ts';
import { withRestarts } from './restarts.ts';
import { shrink } from './shrink.ts';

/** Of all the writes at which a process can end, so many as there is time for here. */
const EVERY = 3;

const STORIES = fileURLToPath(new URL('stories', import.meta.url));
const REGRESSIONS = fileURLToPath(new URL('regressions', import.meta.url));

/** New ground with every commit. */
const fresh = process.env.GITHUB_SHA ?? process.env.CI_COMMIT_SHA ?? commit() ?? 'fresh';

function commit(): string | null {
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

const storyOf = (file: string): SwarmDocument =>
  parse(readFileSync(join(STORIES, file), 'utf8'), { merge: true }) as SwarmDocument;

const brokenBy = (breakIt: (controller: Controller) => Controller): ControlPlane => ({
  ...CONTROL_PLANE,
  start(simulation, ports, listening) {
    for (const process of processesOf(ports)) {
      simulation.addProcess({ ...process, controllers: process.controllers.map(breakIt), at: HUB, ...listening });
    }
  },
});

/** Who forgets what is no longer wanted where it was. */
const forgetful = brokenBy((one) => (one.name === 'binding' ? withoutDeletions(one) : one));

const without = (name: string): ControlPlane =>
  brokenBy((one) => (one.name === name ? { ...one, reconcile: () => NOTHING_TO_DO } : one));

const withSwitches = (other: Partial<Profile['switches']>): ControlPlane => ({
  ...CONTROL_PLANE,
  start(simulation, ports, listening) {
    const switches = { ...ports.profile.switches, ...other };
    CONTROL_PLANE.start(simulation, { ...ports, profile: { ...ports.profile, switches } }, listening);
  },
});

/** Who takes away what moves before it has come to where it goes. */
const hasty = withSwitches({ staysUntilArrived: false });

/** Who gives nothing where there is not enough for all. */
const stingy = withSwitches({ placesWhatFits: false });

const NOWHERE = { collection: '/secrets', namespace: 'default', name: 'nowhere' };
const DIARY = { collection: '/configmaps', namespace: 'default', name: 'diary' };

/** Who writes something every minute, and fails at something else. */
const restless: ControlPlane = {
  ...CONTROL_PLANE,
  start(simulation, ports, listening) {
    CONTROL_PLANE.start(simulation, ports, listening);
    const diary = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'diary', namespace: 'default' } };
    const writer: Controller = {
      name: 'restless',
      watches: [{ on: 'hub', collection: '/configmaps', keysOf: () => [] }],
      initialKeys: ['diary'],
      reconcile: (_key, view, now) => {
        const isThere = view.get(DIARY.collection, DIARY.namespace, DIARY.name) !== null;
        const note: Command = isThere
          ? { verb: 'patch', on: HUB, key: DIARY, patch: { data: { now: String(now) } }, precondition: null }
          : { verb: 'create', on: HUB, key: DIARY, object: diary };
        const lost: Command = { verb: 'patch', on: HUB, key: NOWHERE, patch: { data: {} }, precondition: null };
        return { commands: [note, { ...lost, isIndependent: true }], requeue: { afterMs: 60_000 }, events: [] };
      },
    };
    simulation.addProcess({ name: 'diarist', at: HUB, controllers: [writer], ...listening });
  },
};

const withoutDeletions = (controller: Controller): Controller => ({
  ...controller,
  reconcile: (key, view, now) => {
    const outcome = controller.reconcile(key, view, now);
    return { ...outcome, commands: outcome.commands.filter(({ verb }) => verb !== 'delete') };
  },
});

const broken = async (seed: string, runs: number, isHardening = false) => {
  const result = await hunt({ seed, from: 0, isHardening, goesOn: (done) => done < runs });
  return {
    broken: result.failures.map(({ seed: own, verdict }) => [own, verdict.violations]),
    never: Object.entries(result.reached).flatMap(([name, count]) => (count === 0 ? [name] : [])),
  };
};

describe('the swarm', () => {
  it('draws the same scenario from the same seed, and another from another', () => {
    expect(drawScenario('a')).toEqual(drawScenario('a'));
    expect(drawScenario('a')).not.toEqual(drawScenario('b'));
  });

  it('breaks no rule, and comes to every interesting state', async () => {
    const [first, second] = [await broken('pod', 160), await broken('shoal', 160)];
    expect([first.broken, second.broken]).toEqual([[], []]);
    expect(first.never.filter((state) => second.never.includes(state))).toEqual([]);
  }, 600_000);

  it('breaks no rule on new ground either', async () => {
    expect((await broken(fresh, 30)).broken).toEqual([]);
  });

  it('breaks no rule even where watches drop, repeat and reorder', async () => {
    expect((await broken('hardening', 40, true)).broken).toEqual([]);
  });

  // Every one of them by itself: `npm run swarm -- --restarts` does the same with what is drawn.
  for (const [at, file] of readdirSync(STORIES).entries()) {
    it(`comes to the same end wherever a process ends: ${file}`, async () => {
      const twin = await judgeDocument(storyOf(file));
      expect(twin.violations).toEqual([]);
      const all = await withRestarts(storyOf(file));
      expect(all.length).toBeGreaterThan(60);
      const some = all.filter((_, index) => index % EVERY === at % EVERY);
      for (const document of some) {
        const { violations } = await judgeBeside(twin, document);
        expect({ name: document.metadata.name, violations }).toEqual({ name: document.metadata.name, violations: [] });
      }
    });
  }

  for (const file of readdirSync(REGRESSIONS)) {
    it(`breaks no rule any more where it once found something: ${file}`, async () => {
      const document = parse(readFileSync(join(REGRESSIONS, file), 'utf8')) as SwarmDocument;
      expect((await judgeDocument(document)).violations).toEqual([]);
    });
  }

  it('judges the same document alike each time', async () => {
    const document = drawScenario('again');
    expect(await judgeDocument(document)).toEqual(await judgeDocument(document));
  });

  it('finds a controller that was broken on purpose, and makes what shows it small', async () => {
    const found = await hunt({
      seed: 'broken',
      from: 0,
      controlPlane: forgetful,
      goesOn: (runs) => runs < 40,
    });
    const [failure] = found.failures.filter(({ document }) => document.spec.timeline.length > 5);
    expect(failure).toBeDefined();
    const small = await smallest(failure!, forgetful);
    expect(small.spec.timeline.length).toBeLessThanOrEqual(3);
    expect(small.spec.fleet.clusters.length).toBeLessThanOrEqual(3);
    expect(small.spec.objects.length).toBeLessThanOrEqual(3);
    const again = parse(printYaml(small)) as SwarmDocument;
    expect((await judgeDocument(again, forgetful)).ok).toBe(false);
    expect((await judgeDocument(again)).ok).toBe(true);
  });

  it('sees what serves nowhere for a while', async () => {
    expect((await judgeDocument(storyOf('move.yaml'))).violations).toEqual([]);
    const { violations } = await judgeDocument(storyOf('move.yaml'), hasty);
    expect(violations.map(({ rule, about }) => [rule, about])).toEqual([
      ['serves-all-the-time', 'apps/deployments/default/web'],
    ]);
  });

  it('sees room that nobody is given', async () => {
    const { violations } = await judgeDocument(storyOf('scarce.yaml'), stingy);
    expect(violations.map(({ rule }) => rule)).toContain('is-placed-as-far-as-there-is-room');
  });

  it.each([
    ['endpoint-slice-dispatch', 'known-elsewhere.yaml', 'exposed-services-are-known'],
    ['endpoint-slice', 'offered.yaml', 'exported-services-are-known'],
    ['federated-hpa', 'scaled.yaml', 'autoscaled-within-bounds'],
    ['federated-resource-quota-status', 'scaled.yaml', 'quota-tells-what-is-used'],
    ['descheduler', 'lost-nodes.yaml', 'waits-beside-no-room'],
  ])('sees that nobody does the work of %s', async (name, file, rule) => {
    const { spec, ...story } = storyOf(file);
    const timeline = spec.timeline.filter((entry) => entry.delete === undefined);
    const { violations } = await judgeDocument({ ...story, spec: { ...spec, timeline } }, without(name));
    expect(violations.map((one) => one.rule)).toContain(rule);
  });

  it('says what does not come to rest, and why', async () => {
    const { violations } = await judgeDocument(storyOf('end.yaml'), restless);
    expect(violations.map(({ rule }) => rule)).toContain('comes-to-rest');
    const { message } = violations.find(({ rule }) => rule === 'comes-to-rest')!;
    expect(message).toMatch(/still changing: hub \/configmaps default\/diary \(\d+ times\)/);
    expect(message).toMatch(/restless of diary failed \d+ times, at last with NotFound/);
  });

  it('makes a failing scenario small', async () => {
    const large = drawScenario('swarm-3');
    const [first] = large.spec.objects;
    const { document } = await shrink(
      large,
      async ({ spec }) => spec.objects.some(({ metadata }) => metadata.name === first!.metadata.name),
      1_000,
    );
    expect(document.spec.timeline).toEqual([]);
    expect(document.spec.fleet.clusters).toHaveLength(1);
    expect(new Set(document.spec.objects.map(({ metadata }) => metadata.name))).toEqual(
      new Set([first!.metadata.name]),
    );
  });
});
