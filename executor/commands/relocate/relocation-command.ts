// What migrate and clone have in common: which application, from where to where, how long to wait, and the way back.
import type { Argv } from 'yargs';
import { type Interpreter, isObject } from '../../../engine/index.ts';
import { writeText } from '../../files/write.ts';
import type { ApiObjects } from '../../live/api-objects.ts';
import { interpreterOf } from '../../live/hub-interpreter.ts';
import { findApplication, RelocationProblem } from '../../live/relocate/application.ts';
import { carryOutMoves } from '../../live/relocate/carry-out.ts';
import { type Moves, planMoves } from '../../live/relocate/plan-moves.ts';
import { planUndo } from '../../live/relocate/plan-undo.ts';
import { type Arguments, CommandError, type ExitCode } from '../../terminal/command.ts';
import { interruptible } from '../../terminal/interrupt.ts';
import { terminalProgress } from '../../terminal/progress.ts';
import { goOnUnread } from '../../terminal/unread.ts';
import { moveText } from '../apply/listing.ts';
import { withHub, withHubOptions, withNamespaceOption } from '../hub-access.ts';
import { loadProfile } from '../load-profile.ts';
import { objectAskedFor, withObjectWords } from '../one-object.ts';

export const WAVES_WORDS =
  'It goes at once: what a StagedRollout places in waves is moved with --force only, and --undo takes it back at once, too.';

export const withRelocationOptions = (yargs: Argv): Argv =>
  withNamespaceOption(withObjectWords(withHubOptions(yargs)), 'its namespace')
    .option('selector', { alias: 'l', type: 'string', describe: 'all that is placed and has these labels: app=shop' })
    .option('policy', { type: 'string', describe: 'all that this policy places' })
    .option('to', { type: 'string', describe: 'the cluster that it comes to' })
    .option('deps', { type: 'boolean', default: true, describe: 'what it refers to goes along' })
    .option('undo', { type: 'boolean', default: false, describe: 'put back as it was before' })
    .option('force', {
      type: 'boolean',
      default: false,
      describe: 'past the waves of a StagedRollout; with --undo though the policy was changed since',
    })
    .option('timeout', { type: 'number', default: 300, describe: 'seconds until it must be ready' })
    .option('profile', { type: 'string', default: 'muster', describe: 'by which the hub decides' })
    .option('dry-run', { type: 'boolean', default: false, describe: 'only show what would change' });

export interface Relocating {
  readonly verb: 'migrate' | 'clone';
  readonly from: string | null;
}

export const runRelocation = (args: Arguments, relocating: Relocating): Promise<ExitCode> =>
  interruptible((signal) => withHub(args, (_, hub) => relocate(args, relocating, hub, signal), RelocationProblem));

async function relocate(args: Arguments, relocating: Relocating, hub: ApiObjects, signal: AbortSignal): Promise<0> {
  try {
    const plan = await planned(args, relocating, hub);
    if (args['dry-run'] !== true) goOnUnread();
    await tell(plan);
    if (args.undo !== true) noteVolumes(plan, await interpreterOf(hub));
    for (const note of plan.notes) process.stderr.write(`note: ${note}\n`);
    if (args['dry-run'] === true) return 0;
    await carriedOut(plan, Number(args.timeout) * 1000, hub, signal);
    await writeText(process.stdout, doneText(plan, relocating, args));
    return 0;
  } catch (error) {
    if (signal.aborted) process.stderr.write(`interrupted: ${wayOn(args, relocating)}\n`);
    throw error;
  }
}

async function planned(args: Arguments, { verb, from }: Relocating, hub: ApiObjects): Promise<Moves> {
  const textOrNull = (name: string) => (typeof args[name] === 'string' ? String(args[name]) : null);
  const app = await findApplication(hub, {
    object: objectAskedFor(args),
    labels: textOrNull('selector'),
    policy: textOrNull('policy'),
    namespace: String(args.namespace),
  });
  const profile = await loadProfile(String(args.profile));
  const ports = { hub, interpreter: await interpreterOf(hub), profile };
  if (args.undo === true) return planUndo(app, args.force === true, ports);
  const to = textOrNull('to');
  if (to === null) throw new CommandError('where to? Name a cluster with --to');
  if (verb === 'migrate' && from === null) throw new CommandError('where from? Name a cluster with --from');
  const wish = { verb, from, to, withDependencies: args.deps === true, force: args.force === true };
  return planMoves(app, wish, ports);
}

/** Data is not propagated: what moves starts with volumes of its own. */
function noteVolumes({ moves }: Moves, interpreter: Interpreter): void {
  for (const { part, arrives } of moves) {
    const { spec } = part.template;
    const claims = isObject(spec) && Array.isArray(spec.volumeClaimTemplates) ? spec.volumeClaimTemplates : [];
    const needs = interpreter.dependencies(part.template).some(({ kind }) => kind === 'PersistentVolumeClaim');
    if (claims.length === 0 && !needs) continue;
    process.stderr.write(
      `note: the volumes of ${part.title} do not go along: it starts with empty ones in ${arrives}\n`,
    );
  }
}

async function tell({ moves, edits }: Moves): Promise<void> {
  for (const { part, goal } of moves) {
    const now = part.binding.spec.clusters ?? [];
    await writeText(process.stdout, `${part.title}  ${moveText(now, goal.clusters) || 'is where it should be'}\n`);
  }
  for (const { policy, making } of edits) {
    const what = making === null ? 'is changed' : 'is made for it alone';
    await writeText(process.stdout, `${policy.kind} ${policy.name}  ${what}\n`);
  }
}

async function carriedOut(plan: Moves, waitMs: number, hub: ApiObjects, signal: AbortSignal): Promise<void> {
  const progress = terminalProgress();
  try {
    const note = (text: string) => {
      progress.clear();
      process.stderr.write(`note: ${text}\n`);
    };
    await carryOutMoves(plan, { hub, waitMs, signal, show: (text) => progress.show(text), note });
  } finally {
    progress.clear();
  }
}

function doneText({ moves }: Moves, { verb, from }: Relocating, { undo, to }: Arguments): string {
  return moves
    .map(({ part }) => {
      if (undo === true) return `${part.title} is as it was\n`;
      return verb === 'clone' ? `${part.title} is in ${to}, too\n` : `${part.title} has moved from ${from} to ${to}\n`;
    })
    .join('');
}

function wayOn(args: Arguments, { verb }: Relocating): string {
  const what = [args.kind, args.name].filter((one) => one !== undefined).join(' ');
  const kept = verb === 'migrate' ? 'the old copy is kept; ' : '';
  return `${kept}the same command goes on, and "muster ${verb} ${what} --undo" puts it back`.replace('  ', ' ');
}
