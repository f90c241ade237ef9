// muster cordon: nothing more is scheduled to a cluster; what is there stays.
import { CORDON } from '../live/taints.ts';
import type { Command } from '../terminal/command.ts';
import { runTaintChange, withTaintOptions } from './taint-change.ts';

export const command: Command = {
  declare: withTaintOptions,
  run: (args) => runTaintChange(args, () => CORDON, { done: 'cordoned', already: 'already cordoned' }),
};
