// muster uncordon: a cluster that was cordoned or drained is scheduled to again.
import { UNCORDON } from '../live/taints.ts';
import type { Command } from '../terminal/command.ts';
import { runTaintChange, withTaintOptions } from './taint-change.ts';

export const command: Command = {
  declare: withTaintOptions,
  run: (args) => runTaintChange(args, () => UNCORDON, { done: 'uncordoned', already: 'already uncordoned' }),
};
