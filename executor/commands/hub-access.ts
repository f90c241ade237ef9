// The hub that a command speaks to: that of --kubeconfig, or the one that `muster up` left in its folder.
import type { Argv } from 'yargs';
import { ApiObjects, ApiProblem } from '../live/api-objects.ts';
import { type ApiAddress, HttpApi } from '../live/http-api.ts';
import { contextAddress } from '../members/kubeconfig.ts';
import { ApiUnreadable } from '../members/member.ts';
import { type Arguments, CommandError, type ExitCode } from '../terminal/command.ts';
import { DEFAULT_FOLDER, runningIn } from './up/state.ts';

export const withHubOptions = (yargs: Argv): Argv =>
  yargs
    .option('dir', { describe: 'the folder that up was given', type: 'string', default: DEFAULT_FOLDER })
    .option('kubeconfig', { describe: "the hub's kubeconfig, in place of that in the folder", type: 'string' })
    .option('context', { describe: 'its context', type: 'string' });

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

export async function hubAddressOf({ dir = DEFAULT_FOLDER, kubeconfig, context }: Arguments): Promise<ApiAddress> {
  let file = typeof kubeconfig === 'string' ? kubeconfig : null;
  if (file === null) {
    const running = await runningIn(String(dir));
    // A context by itself is one of the user's own kubeconfig, unless something is up here.
    if (running === null && typeof context !== 'string')
      throw new CommandError(`nothing is up in ${dir}: start it with "muster up", or give --kubeconfig`);
    file = running?.kubeconfig ?? null;
  }
  try {
    return await contextAddress({ file, context: typeof context === 'string' ? context : null });
  } catch (error) {
    if (error instanceof ApiUnreadable) throw new CommandError(error.message);
    throw error;
  }
}
