// What cordon, uncordon, taint and drain have in common: one cluster, a hub, and a change of taints that may be for show.
import type { Argv } from 'yargs';
import type { HttpApi } from '../live/http-api.ts';
import { changeTaints, type TaintChange, TaintError } from '../live/taints.ts';
import type { Arguments } from '../terminal/command.ts';
import { goOnUnread } from '../terminal/unread.ts';
import { withHub, withHubOptions } from './hub-access.ts';

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

export function runTaintChange(
  args: Arguments,
  changes: () => readonly TaintChange[],
  { done, already }: TaintWords,
  after: (hub: HttpApi, cluster: string) => Promise<void> = async () => {},
): Promise<0> {
  const [cluster, dryRun] = [String(args.cluster), args['dry-run'] === true];
  return withHub(
    args,
    async (hub) => {
      const overwrite = args.overwrite === true;
      if (!dryRun) goOnUnread();
      const hasChanged = await changeTaints(hub, { cluster, changes: changes(), overwrite, dryRun });
      process.stdout.write(`cluster/${cluster} ${hasChanged ? done : already}${dryRun ? ' (dry run)' : ''}\n`);
      if (!dryRun) await after(hub, cluster);
      return 0;
    },
    TaintError,
  );
}
