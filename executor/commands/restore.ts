// muster restore: fills an empty storage from a backup.
import { readBackup } from '../storage/backup-file.ts';
import { archiveOf } from '../storage/open-storage.ts';
import { ARCHIVE_FORMS } from '../storage/storage-forms.ts';
import type { Command } from '../terminal/command.ts';
import { withAdvice } from './storage-errors.ts';

/**
 * Clients may have seen revisions after the backup. They are never given out a second time: what is restored goes on far above
 * them, and watches from before are told to list anew.
 */
const REVISIONS_SKIPPED = 1_000_000_000;

export const command: Command = {
  declare: (yargs) =>
    yargs
      .positional('file', { describe: 'a file that "muster backup" wrote', type: 'string', demandOption: true })
      .option('storage', { describe: `the empty place to fill: ${ARCHIVE_FORMS}`, type: 'string', demandOption: true })
      .epilogue('No hub may be running there. What the place holds already is never overwritten.'),
  run: async (args) => {
    const file = String(args.file);
    const archive = await withAdvice(async () => archiveOf(String(args.storage), { windowMs: 0, warn: () => {} }));
    const { state, objects } = await withAdvice(() => readBackup(file));
    const revision = state.revision + REVISIONS_SKIPPED;
    await withAdvice(() => archive.fill({ revision, objects: state.objects }));
    process.stderr.write(
      `restore: ${objects} objects of revision ${state.revision} in ${archive.name}, at ${revision}\n`,
    );
    return 0;
  },
};
