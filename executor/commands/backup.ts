// muster backup: everything that a hub keeps, at one revision, in one file; also while the hub is running.
import { writeBackup } from '../storage/backup-file.ts';
import { archiveOf } from '../storage/open-storage.ts';
import { ARCHIVE_FORMS } from '../storage/storage-forms.ts';
import type { Command } from '../terminal/command.ts';
import { withAdvice } from './storage-errors.ts';

export const command: Command = {
  declare: (yargs) =>
    yargs
      .option('storage', { describe: `what to back up: ${ARCHIVE_FORMS}`, type: 'string', demandOption: true })
      .option('out', { describe: 'file to write; one that is there is replaced', type: 'string', demandOption: true })
      .epilogue("The hub may be running. The file holds the hub's keys and every Secret: it is readable by you alone."),
  run: async (args) => {
    const file = String(args.out);
    const archive = await withAdvice(async () => archiveOf(String(args.storage), { windowMs: 0, warn: () => {} }));
    const state = await withAdvice(() => archive.read());
    const { objects, bytes } = await withAdvice(() => writeBackup(file, state));
    const size = `${(bytes / 1e6).toFixed(1)} MB`;
    process.stderr.write(
      `backup: ${objects} objects of ${archive.name} at revision ${state.revision} in ${file}, ${size}\n`,
    );
    return 0;
  },
};
