// muster migrate: an application leaves one cluster for another, and is never absent from both.
import type { Command } from '../terminal/command.ts';
import { runRelocation, WAVES_WORDS, withRelocationOptions } from './relocate/relocation-command.ts';

export const command: Command = {
  declare: (yargs) =>
    withRelocationOptions(yargs)
      .option('from', { type: 'string', describe: 'the cluster that it leaves' })
      .example('$0 migrate deployment web -n shop --from member1 --to member2', 'with all that it refers to')
      .example('$0 migrate -l app=shop -n shop --from member1 --to member2', 'an application of several parts')
      .example('$0 migrate deployment web -n shop --undo', 'and back')
      .epilogue(
        `The old copy goes when the new one is ready; if that takes too long, all is put back as it was. ${WAVES_WORDS}`,
      ),
  run: (args) => runRelocation(args, { verb: 'migrate', from: typeof args.from === 'string' ? args.from : null }),
};
