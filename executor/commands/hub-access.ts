// The hub that a command speaks to: that of --kubeconfig, or the one that `muster up` left in its folder.
import type { Argv } from 'yargs';
import { ApiObjects, ApiProblem } from '../live/api-objects.ts';
import { type ApiAddress, HttpApi } from '../live/http-api.ts';
import { type ContextChoice, contextAddress, contextNamespace } from '../members/kubeconfig.ts';
import { ApiUnreadable } from '../members/member.ts';
import { type Arguments, CommandError, type ExitCode } from '../terminal/command.ts';
import { DEFAULT_FOLDER, runningIn } from './up/state.ts';

export const withHubOptions = (yargs: Argv): Argv =>
  yargs
    .option('dir', { describe: 'the folder that up was given', type: 'string', default: DEFAULT_FOLDER })
    .option('kubeconfig', { describe: "the hub's kubeconfig, in place of that in the folder", type: 'string' })
    .option('context', { describe: 'its context', type: 'string' });

/** Where it is left out, as with kubectl, the namespace of the context is meant. */
export const withNamespaceOption = (yargs: Argv, describe: string): Argv =>
  yargs
    .option('namespace', { alias: 'n', describe: `${describe}; the context's if left out`, type: 'string' })
    .middleware(async (args) => {
      args.namespace ??= await namespaceMeant(args);
    });

/** Whoever goes on to ask the hub is told why its kubeconfig cannot be read. */
export async function namespaceMeant(args: Arguments): Promise<string> {
  try {
    return await contextNamespace(await contextMeant(args));
  } catch (error) {
    if (error instanceof CommandError || error instanceof ApiUnreadable) return 'default';
    throw error;
  }
}

type Problem = abstract new (...args: never[]) => Error;

/** The hub for the time of a command: what it refuses is the user's to mend, and so are problems of the sorts that are named. */
export async function withHub<Code extends ExitCode>(
  args: Arguments,
  work: (hub: HttpApi, objects: ApiObjects) => Promise<Code>,
  ...sorts: readonly Problem[]
): Promise<Code> {
  const hub = new HttpApi(await hubAddressOf(args));
  try {
    return await work(hub, new ApiObjects(hub, 'the hub'));
  } catch (error) {
    const isTheirs = [ApiProblem, ...sorts].some((sort) => error instanceof sort);
    throw isTheirs ? new CommandError((error as Error).message) : error;
  } finally {
    hub.close();
  }
}

export async function hubAddressOf(args: Arguments): Promise<ApiAddress> {
  try {
    return await contextAddress(await contextMeant(args));
  } catch (error) {
    if (error instanceof ApiUnreadable) throw new CommandError(error.message);
    throw error;
  }
}

async function contextMeant({ dir = DEFAULT_FOLDER, kubeconfig, context }: Arguments): Promise<ContextChoice> {
  let file = typeof kubeconfig === 'string' ? kubeconfig : null;
  if (file === null) {
    const running = await runningIn(String(dir));
    // A context by itself is one of the user's own kubeconfig, unless something is up here.
    if (running === null && typeof context !== 'string')
      throw new CommandError(`nothing is up in ${dir}: start it with "muster up", or give --kubeconfig`);
    file = running?.kubeconfig ?? null;
  }
  return { file, context: typeof context === 'string' ? context : null };
}
