// muster chaos: what can happen to a member of a running `muster up`, at a wish: it dies, it hangs, its API is in trouble, and
// it comes back.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Condition, conditionOfProcess } from '../members/condition.ts';
import { Kind } from '../members/kind.ts';
import { contextAddress } from '../members/kubeconfig.ts';
import { MemberError } from '../members/member.ts';
import { isTroubleKind, MOMENTARY, makeTrouble, TROUBLES, type TroubleKind } from '../members/trouble.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { formatDuration, parseDuration } from '../terminal/duration.ts';
import { onInterrupt } from '../terminal/interrupt.ts';
import { DEFAULT_FOLDER, kindKubeconfigIn, type MemberState, runningIn, type UpState } from './up/state.ts';

const ACTS = ['kill', 'pause', 'resume', 'revive'] as const;
type Act = (typeof ACTS)[number];
const TROUBLE_KINDS = Object.keys(TROUBLES) as readonly TroubleKind[];

const UNDOING: Readonly<Partial<Record<Act | TroubleKind, Act>>> = { kill: 'revive', pause: 'resume' };
const REVIVED_MS = 40_000;

const say = (text: string): void => void process.stderr.write(`chaos: ${text}\n`);

export const command: Command = {
  declare: (yargs) =>
    yargs
      .positional('act', { describe: 'what happens', choices: [...ACTS, ...TROUBLE_KINDS], demandOption: true })
      .positional('member', { describe: 'to which member', type: 'string', demandOption: true })
      .option('dir', { describe: 'the folder that up was given', type: 'string', default: DEFAULT_FOLDER })
      .option('for', { describe: 'undo it after so long, or at Ctrl-C: 60s', type: 'string' })
      .option('delay', { describe: 'how long slow and drip keep a client waiting', type: 'string', default: '2s' })
      .example('$0 chaos kill member2 --for 60s', 'as a power cut would; then it begins again, empty')
      .example('$0 chaos pause member1', 'it stops answering and keeps what it has, until resume')
      .example('$0 chaos partition member1 --for 2m', 'no way to its API; what runs in it goes on')
      .epilogue(
        `Embedded members are processes, which are killed or stopped; those of kind are containers, which are stopped or paused. Trouble of an embedded member's API lasts until --for or Ctrl-C: ${TROUBLE_KINDS.map((kind) => `${kind}: ${TROUBLES[kind]}`).join('; ')}.`,
      ),
  run: async (args) => {
    const { signal, release } = onInterrupt();
    try {
      return await wreak(args, signal);
    } catch (error) {
      if (error instanceof MemberError) throw new CommandError(error.message);
      throw error;
    } finally {
      release();
    }
  },
};

async function wreak(args: Arguments, signal: AbortSignal): Promise<ExitCode> {
  const act = args.act as Act | TroubleKind;
  const name = String(args.member);
  const folder = String(args.dir);
  const lastsMs = args.for === undefined ? null : parseDuration(args.for);
  if (args.for !== undefined && lastsMs === null)
    throw new CommandError(`--for "${args.for}" should be a duration such as 60s`);
  const undoing = UNDOING[act];
  if (lastsMs !== null && undoing === undefined && (!isTroubleKind(act) || MOMENTARY.has(act)))
    throw new CommandError(`${act} is over at once: leave --for out`);
  const running = await runningIn(folder);
  if (running === null) throw new CommandError(`nothing is up in ${folder}: start it with "muster up"`);
  if (isTroubleKind(act))
    return trouble(act, String(args.delay), memberIn(running, name, folder), running, lastsMs, signal);
  if (!(await perform(act, name, running, folder))) return 0;
  if (lastsMs === null || undoing === undefined) return 0;
  say(`for ${formatDuration(lastsMs)}; Ctrl-C undoes it now`);
  await sleep(lastsMs, undefined, { signal }).catch(() => undefined);
  const later = await runningIn(folder);
  if (later === null) throw new CommandError(`what was up in ${folder} has ended meanwhile`);
  await perform(undoing, name, later, folder);
  return signal.aborted ? 130 : 0;
}

function memberIn(running: UpState, name: string, folder: string): MemberState {
  const member = running.members.find((one) => one.name === name);
  if (member !== undefined) return member;
  const known = running.members.map((one) => one.name).join(', ') || 'none';
  throw new CommandError(`there is no member ${name} in ${folder}: there is ${known}`);
}

/** The member mends it when whoever asked for it goes, in whatever way. */
async function trouble(
  kind: TroubleKind,
  delay: string,
  { name, kind: sort }: MemberState,
  { kubeconfig }: UpState,
  lastsMs: number | null,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (sort !== 'embedded') throw new CommandError(`only embedded members can be told to ${kind}: ${name} is not one`);
  const delayMs = parseDuration(delay);
  if (delayMs === null) throw new CommandError(`--delay "${delay}" should be a duration such as 2s`);
  const made = await makeTrouble(await contextAddress({ file: kubeconfig, context: name }), { kind, delayMs });
  say(`${name}: ${TROUBLES[kind]}`);
  if (!MOMENTARY.has(kind)) {
    say(lastsMs === null ? 'until Ctrl-C' : `for ${formatDuration(lastsMs)}; Ctrl-C undoes it now`);
    const ended = lastsMs === null ? waitFor(signal) : sleep(lastsMs, undefined, { signal }).catch(() => undefined);
    await Promise.race([ended, made.over]);
    say(`${name}: mended`);
  }
  made.end();
  return signal.aborted ? 130 : 0;
}

const waitFor = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    signal.addEventListener('abort', () => done(), { once: true });
  });

const DONE: Readonly<Record<Act, string>> = {
  kill: 'killed',
  pause: 'paused',
  resume: 'resumed',
  revive: 'revived',
};

/** What is so already, by the act that would make it so. */
const ALREADY: Readonly<Record<Act, Partial<Record<Condition, string>>>> = {
  kill: { dead: 'dead already' },
  pause: { paused: 'paused already' },
  resume: { running: 'not paused' },
  revive: { running: 'alive' },
};

/** Whether there was anything to do. */
async function perform(act: Act, name: string, running: UpState, folder: string): Promise<boolean> {
  const member = memberIn(running, name, folder);
  if (member.kind === 'kubeconfig') throw new CommandError(`${name} is a cluster of your own: nothing is done to it`);
  const kind = member.kind === 'kind' ? new Kind({ kubeconfig: kindKubeconfigIn(folder) }) : null;
  const condition = kind === null ? conditionOfProcess(member.process) : await kind.condition(name);
  const already = condition === null ? undefined : ALREADY[act][condition];
  if (already !== undefined) {
    say(`${name} is ${already}: nothing was done`);
    return false;
  }
  if (condition === 'dead' && act !== 'revive') throw isDead(name);
  if (condition === 'paused' && act === 'revive') {
    throw new CommandError(`${name} is paused, and not dead: let it go on with "muster chaos resume ${name}"`);
  }
  if (kind !== null) await onContainers(act, name, kind);
  else if (act === 'revive') await revive(member, running, folder);
  else onProcess(act, member);
  say(`${name}: ${DONE[act]}`);
  return true;
}

const isDead = (name: string): CommandError =>
  new CommandError(`${name} is dead: bring it back with "muster chaos revive ${name}"`);

function onContainers(act: Act, name: string, kind: Kind): Promise<void> {
  switch (act) {
    case 'kill':
      return kind.kill(name);
    case 'pause':
      return kind.pause(name);
    case 'resume':
      return kind.resume(name);
    case 'revive':
      return kind.start(name);
  }
}

function onProcess(act: Exclude<Act, 'revive'>, { name, process: own }: MemberState): void {
  const signals = { kill: ['SIGCONT', 'SIGKILL'], pause: ['SIGSTOP'], resume: ['SIGCONT'] } as const;
  try {
    for (const one of signals[act]) process.kill(own!.pid, one);
  } catch {
    throw isDead(name);
  }
}

/** Whoever runs the fleet starts it again, and notes the new process. */
async function revive({ name, process: own }: MemberState, running: UpState, folder: string): Promise<void> {
  process.kill(running.process.pid, 'SIGHUP');
  const deadline = performance.now() + REVIVED_MS;
  for (;;) {
    const now = await runningIn(folder);
    const found = now?.members.find((one) => one.name === name);
    if (found !== undefined && found.process?.pid !== own?.pid) return;
    if (performance.now() > deadline) throw new CommandError(`${name} has not come back within ${REVIVED_MS / 1000} s`);
    await sleep(100);
  }
}
