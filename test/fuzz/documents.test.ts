// Files that people get wrong: whatever one field of them says instead, they are taken as they are meant or refused with a reason,
// and what is taken can be planned and played. Nothing ends in any other way.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MUSTER_PROFILE, type Plan } from '../../engine/index.ts';
import { refuseUninterpretable } from '../../executor/commands/interpretable.ts';
import { planOf } from '../../executor/commands/plan/plan-of.ts';
import { sortManifests } from '../../executor/files/desired-state.ts';
import { FileProblems } from '../../executor/files/file-problem.ts';
import { admitFleet } from '../../executor/files/fleet-file.ts';
import { readManifests } from '../../executor/files/manifests.ts';
import { printYaml, readDocuments } from '../../executor/files/yaml.ts';
import { CommandError } from '../../executor/terminal/command.ts';
import { readScenario } from '../../scenarios/load.ts';
import { Run, type RunOutcome } from '../../scenarios/run/run.ts';
import { checkInTime } from '../properties/check.ts';
import { MANIFESTS, SCENARIO } from './documents.ts';
import { mistakeIn } from './mistakes.ts';

/** One of the documents with a mistake in it. */
const mistaken = <T>(documents: readonly T[]): fc.Arbitrary<{ readonly at: number; readonly document: T }> =>
  fc.nat(documents.length - 1).chain((at) => mistakeIn(documents[at]!).map((document) => ({ at, document })));

/** As a file has it: what is left out leaves nothing behind. */
const written = (document: unknown): string => printYaml(JSON.parse(JSON.stringify(document) ?? 'null'));

/** Undefined where it is refused with a reason. */
async function unlessRefused<T>(take: () => Promise<T>): Promise<T | undefined> {
  try {
    return await take();
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

const SCENARIOS = new URL('../../scenarios/', import.meta.url).pathname;
const shipped = readdirSync(SCENARIOS)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => readDocuments(readFileSync(join(SCENARIOS, name), 'utf8'), name).documents[0]!.value);

const PLAYED_MS = 240_000;

async function load(text: string): Promise<Run | undefined> {
  const scenario = await unlessRefused(() => readScenario(text, 'mistaken.yaml'));
  return scenario === undefined || scenario.clusters.length > 20 ? undefined : new Run(scenario);
}

function play(run: Run): RunOutcome {
  run.advance(PLAYED_MS);
  return run.finish();
}

const planFor = (text: string): Promise<Plan | undefined> =>
  unlessRefused(async () => {
    const { manifests, problems } = readManifests(text, 'mistaken.yaml');
    if (problems.length > 0) throw new FileProblems(problems);
    const state = sortManifests(manifests);
    refuseUninterpretable(state);
    const clusters = admitFleet(state.clusters, 'mistaken.yaml');
    return planOf({ state, clusters, profile: MUSTER_PROFILE });
  });

const asFile = (documents: readonly unknown[]): string => documents.map(written).join('---\n');

describe('a mistake in a file', () => {
  it('is told where it stands in a scenario, or does no harm', async () => {
    await checkInTime(
      'mistaken scenarios',
      mistaken(shipped),
      async ({ document }) => {
        await unlessRefused(() => readScenario(written(document), join(SCENARIOS, 'mistaken.yaml')));
      },
      300,
    );
  });

  it('does not end a run that begins', async () => {
    expect(play((await load(written(SCENARIO)))!).ok).toBe(true);
    await checkInTime(
      'mistaken scenarios that are played',
      mistaken([SCENARIO]),
      async ({ document }) => {
        const run = await load(written(document));
        if (run !== undefined) play(run);
      },
      60,
    );
  });

  it('is told where it stands in a manifest, or can be planned with', async () => {
    const plan = await planFor(asFile(MANIFESTS));
    expect(plan!.workloads.map(({ clusters }) => clusters.length > 0)).toEqual([true, true, true, true]);
    await checkInTime(
      'mistaken manifests',
      mistaken(MANIFESTS),
      async ({ at, document }) => void (await planFor(asFile(MANIFESTS.with(at, document)))),
      300,
    );
  });
});
