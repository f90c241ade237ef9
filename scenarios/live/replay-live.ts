// "muster replay --live": the scenario on real clusters, then the same in virtual time on clusters like those, and how the two
// compare.
import { join } from 'node:path';
import { writeText } from '../../executor/files/write.ts';
import { writeAtomically } from '../../executor/files/write-atomic.ts';
import { JoinError } from '../../executor/live/join.ts';
import { type KindImages, kindImagesIn } from '../../executor/members/kind-images.ts';
import { ApiUnreadable, MemberError } from '../../executor/members/member.ts';
import { type Arguments, CommandError, type ExitCode } from '../../executor/terminal/command.ts';
import { formatDuration } from '../../executor/terminal/duration.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { Scenario } from '../format/scenario.ts';
import { EmbeddedMembers } from './embedded-members.ts';
import { compareFindings, failsLive } from './expectations.ts';
import { compareRecordings } from './fidelity.ts';
import { fidelityMarkdown, fidelityText, type LiveReport } from './fidelity-text.ts';
import { fleetNotes } from './fleet-notes.ts';
import { KindMembers } from './kind-members.ts';
import { KubeconfigMembers } from './kubeconfig-members.ts';
import type { LiveMembers, MemberSort } from './live-members.ts';
import { playLive } from './play-live.ts';
import { playSimulated } from './play-simulated.ts';
import { rehearse } from './rehearsal.ts';
import { unplayable } from './unplayable.ts';
import { plainVerdicts } from './verdict-text.ts';
import { readWantedMembers, type WantedMembers } from './wanted-members.ts';

export interface ReplayLiveOptions {
  readonly untilMs: number;
  /** The folder for reports, which is there; null for none. */
  readonly out: string | null;
  readonly isJson: boolean;
  readonly signal: AbortSignal;
  /** Which members, and with which images. */
  readonly args: Arguments;
}

const EVERY_MS = 250;

const say = (text: string): void => void process.stderr.write(`live: ${text}\n`);

export async function replayLive(scenario: Scenario, options: ReplayLiveOptions): Promise<ExitCode> {
  try {
    return await replay(scenario, options);
  } catch (error) {
    const isExpected = [MemberError, ApiUnreadable, JoinError].some((kind) => error instanceof kind);
    throw isExpected ? new CommandError((error as Error).message) : error;
  }
}

async function replay(
  scenario: Scenario,
  { untilMs, out, isJson, signal, args }: ReplayLiveOptions,
): Promise<ExitCode> {
  const clusters = [...scenario.clusters, ...rehearse(scenario).flatMap(({ joins }) => joins)];
  const names = clusters.map(({ name }) => name);
  const reading = readWantedMembers(String(args.members ?? 'embedded'), names);
  if (!reading.ok) throw new CommandError(reading.problem);
  const { sort } = reading.wanted;
  const images = kindImagesIn(args, sort === 'kind', '--members kind');
  const problems = unplayable(scenario, sort);
  if (problems.length > 0) {
    throw new CommandError(`${scenario.file} cannot be played live:\n${problems.map((one) => `  ${one}`).join('\n')}`);
  }
  const members = membersOf(
    scenario,
    reading.wanted,
    images,
    typeof args.kubeconfig === 'string' ? args.kubeconfig : null,
  );
  const { recording, findings, found } = await playing(members, names, () =>
    playLive(scenario, {
      members,
      untilMs,
      everyMs: EVERY_MS,
      signal,
      say,
      onEvent: (at, text) => say(`${formatDuration(Math.round(at / 1000) * 1000)} ${text}`),
    }),
  );
  if (signal.aborted) return 130;
  const simulated = playSimulated(scenario, { untilMs, everyMs: EVERY_MS, found });
  const report: LiveReport = {
    ...compareRecordings(simulated.recording, recording),
    fleet: fleetNotes(scenario, sort, joined(clusters, found, untilMs === scenario.durationMs), found),
    expectations: compareFindings(scenario.expectations, simulated.findings, findings),
  };
  const json = `${JSON.stringify(plain(scenario, sort, report), null, 2)}\n`;
  if (out !== null) {
    await writeAtomically(join(out, 'fidelity.json'), json);
    await writeAtomically(join(out, 'fidelity.md'), fidelityMarkdown(scenario, report));
  }
  await writeText(process.stdout, isJson ? json : fidelityText(report));
  return failsLive(report.expectations) ? 99 : 0;
}

/** What cannot be had is refused before anything is started. */
async function playing<T>(members: LiveMembers, names: readonly string[], play: () => Promise<T>): Promise<T> {
  try {
    await members.prepare(names);
    return await play();
  } finally {
    await members.close();
  }
}

function membersOf(
  { behaviors }: Scenario,
  { sort, contexts }: WantedMembers,
  images: KindImages,
  file: string | null,
): LiveMembers {
  switch (sort) {
    case 'embedded':
      return new EmbeddedMembers(behaviors);
    case 'kind':
      return new KindMembers({ images, say });
    case 'kubeconfig':
      return new KubeconfigMembers({ file, contexts });
  }
}

/** Of a run that was ended early nobody says that a cluster never joined. */
const joined = (
  clusters: readonly FleetCluster[],
  found: ReadonlyMap<string, FleetCluster>,
  isWhole: boolean,
): readonly FleetCluster[] => (isWhole ? clusters : clusters.filter(({ name }) => found.has(name)));

const plain = ({ name, seed }: Scenario, sort: MemberSort, report: LiveReport): object => ({
  scenario: name,
  seed,
  members: sort,
  ...report,
  expectations: plainVerdicts(report.expectations),
});
