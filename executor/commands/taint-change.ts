// What cordon, uncordon, taint and drain have in common: one cluster, a hub, and a change of taints that may be for show.
import type { Argv } from 'yargs';
import type { HttpApi } from '../live/http-api.ts';
import { changeTaints, type TaintChange, TaintError } from '../live/taints.ts';
import { type Arguments, CommandError } from '../terminal/command.ts';
import { hubApiOf, withHubOptions } from './hub-access.ts';

export const withTaintOptions = (yargs: Argv): Argv =>
  withHubOptions(yargs)
    .positional('cluster', { describe: 'name of the cluster', type: 'string', demandOption: true })
    .option('dry-run', {
      describe: 'ask the hub whether it would do, and change nothing',
      type: 'boolean',
      default: false,
    });

export interface TaintWords {
  readonly done: string;
  readonly already: string;
}

export async function runTaintChange(
  args: Arguments,
  changes: () => readonly TaintChange[],
  { done, already }: TaintWords,
  after: (hub: HttpApi, cluster: string) => Promise<void> = async () => {},
): Promise<0> {
  const [cluster, dryRun] = [String(args.cluster), args['dry-run'] === true];
  const hub = await hubApiOf(args);
  try {
    const overwrite = args.overwrite === true;
    const hasChanged = await changeTaints(hub, { cluster, changes: changes(), overwrite, dryRun });
    process.stdout.write(`cluster/${cluster} ${hasChanged ? done : already}${dryRun ? ' (dry run)' : ''}\n`);
    if (!dryRun) await after(hub, cluster);
    return 0;
  } catch (error) {
    if (error instanceof TaintError) throw new CommandError(error.message);
    throw error;
  } finally {
    hub.close();
  }
}
