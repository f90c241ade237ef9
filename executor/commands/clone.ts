// muster clone: an application gets a copy in one more cluster.
import type { Command } from '../terminal/command.ts';
import { runRelocation, WAVES_WORDS, withRelocationOptions } from './relocate/relocation-command.ts';

export const command: Command = {
  declare: (yargs) =>
    withRelocationOptions(yargs)
      .example('$0 clone deployment web -n shop --to member2', 'with all that it refers to')
      .example('$0 clone deployment web -n shop --undo', 'the copy goes again')
      .epilogue(WAVES_WORDS),
  run: (args) => runRelocation(args, { verb: 'clone', from: null }),
};
