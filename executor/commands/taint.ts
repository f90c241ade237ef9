// muster taint: taints of a cluster, added and removed as kubectl does it for nodes.
import { readTaintChange } from '../live/taints.ts';
import type { Command } from '../terminal/command.ts';
import { runTaintChange, withTaintOptions } from './taint-change.ts';

export const command: Command = {
  declare: (yargs) =>
    withTaintOptions(yargs)
      .positional('taints', {
        describe: 'key=value:Effect or key:Effect to add, key:Effect- or key- to remove',
        type: 'string',
        array: true,
        demandOption: true,
      })
      .option('overwrite', { describe: 'change the values of taints that are there', type: 'boolean', default: false }),
  run: (args) =>
    runTaintChange(args, () => (args.taints as readonly unknown[]).map((one) => readTaintChange(String(one))), {
      done: 'tainted',
      already: 'has and lacks these taints already',
    }),
};
