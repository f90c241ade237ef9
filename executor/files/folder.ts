// The folder that a command is to leave its files in: made, or told of as a mistake of whoever named it.
import { mkdir } from 'node:fs/promises';
import { CommandError } from '../terminal/command.ts';

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file of that name',
  ENOTDIR: 'a part of its path is a file',
  EACCES: 'permission is denied',
  EROFS: 'nothing can be written there',
};

export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new CommandError(`the folder ${path} cannot be made: ${REASONS[code] ?? message}`);
  }
}
