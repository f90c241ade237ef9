// Runs the controllers of a full trace again: they are shown what they saw, and have to answer what they answered.

import {
  agentControllersOf,
  type Controller,
  type ControlPorts,
  canonicalJson,
  controllersOf,
  findProfile,
  isObject,
  parseTime,
  readTraceLine,
  rerun,
  schedulersOf,
  type TraceLine,
} from '../../engine/index.ts';
import { loadProfile, loadScores } from '../../executor/commands/load-profile.ts';
import { writeText } from '../../executor/files/write.ts';
import { CommandError, type ExitCode } from '../../executor/terminal/command.ts';
import { formatDuration } from '../../executor/terminal/duration.ts';
import { stepText } from '../run/around.ts';
import { CONTROL_PLANE, portsOf } from '../run/processes.ts';
import { linesOf } from './compare.ts';
import { headerOf } from './header.ts';
import { partedTexts } from './parted.ts';

/** Lines of the scenario itself, which no process wrote. */
const OWN = new Set(['run', 'event', 'news', 'refusal', 'finding']);

export async function rerunTrace(path: string, profileName: string | undefined): Promise<ExitCode> {
  const header = headerOf(path);
  if (header.detail !== 'full') {
    throw new CommandError(
      `${path} holds only steps: record it with --trace full, or name the scenario to run it again`,
    );
  }
  // A live process notes the file; a scenario, which is the same wherever it lies, a name.
  if (profileName === undefined && header.live !== true && findProfile(header.profile) === null) {
    throw new CommandError(`${path} was recorded with the profile "${header.profile}": name its file by --profile`);
  }
  const profile = await loadProfile(profileName ?? header.profile);
  const ports = portsOf({ profile, scores: await loadScores(profile) });
  const read: Reading = { numbers: [], cutOff: null };
  const result = rerun(controllersLines(path, read), (by) =>
    header.live === true ? liveControllers(by, ports) : CONTROL_PLANE.controllersOf(by, ports),
  );
  if (result.ok) {
    const end = read.cutOff === null ? '' : `, up to line ${read.cutOff}, which is cut off`;
    await writeText(process.stdout, `${result.steps} steps of ${path} decided again, all the same${end}\n`);
    return 0;
  }
  const { problem, recorded, found, line, error } = result;
  const start = parseTime(header.start) ?? 0;
  const at = recorded === null ? '' : ` at ${formatDuration(recorded.at - start)}`;
  let text = `${path}:${read.numbers[line] ?? line + 1}: ${problem}${at}\n`;
  // A mistake of ours is found by its stack.
  if (error !== undefined) text += `  ${error instanceof Error ? error.stack : error}\n`;
  if (recorded !== null) text += `  recorded: ${stepText(recorded)}\n`;
  if (recorded !== null && found !== null) {
    const { controller, key, failures, outcome } = found;
    const now = { ...recorded, controller, key, failures, ...outcome };
    text += `  now:      ${stepText(now)}\n`;
    const parted = partedTexts(canonicalJson(recorded), canonicalJson(now));
    text += `they part here\n  recorded: ${parted.recorded}\n  now:      ${parted.found}\n`;
  }
  await writeText(process.stdout, text);
  return 99;
}

const LIVE_AGENT = 'agent-';
const LIVE_SCHEDULER = 'scheduler-';

/** Live, one process may run all controllers, or those that it names. */
function liveControllers(by: string, ports: ControlPorts): readonly Controller[] {
  if (by.startsWith(LIVE_AGENT)) return agentControllersOf(ports, by.slice(LIVE_AGENT.length));
  if (by.startsWith(LIVE_SCHEDULER)) return schedulersOf(ports, by.slice(LIVE_SCHEDULER.length));
  return controllersOf(ports);
}

interface Reading {
  /** In the file, of the lines that were handed on. */
  readonly numbers: number[];
  /** Of the last line, where whoever wrote it was killed meanwhile. */
  cutOff: number | null;
}

function* controllersLines(path: string, read: Reading): Generator<TraceLine> {
  const lines = linesOf(path);
  let next = lines.next();
  for (let number = 1; next.done !== true; number++) {
    const text = next.value;
    next = lines.next();
    const type = typeOf(text);
    if (type === null && next.done === true) {
      read.cutOff = number;
      return;
    }
    if (type === null) throw new CommandError(`${path}:${number}: the line is no JSON object`);
    if (OWN.has(type)) continue;
    const reading = readTraceLine(text);
    if (!reading.ok) throw new CommandError(`${path}:${number}: ${reading.problem}`);
    read.numbers.push(number);
    yield reading.line;
  }
}

function typeOf(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? (typeof value.type === 'string' ? value.type : '') : null;
  } catch {
    return null;
  }
}
