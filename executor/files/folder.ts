// Folders that commands are given: to leave files in, or to find them in.
import { mkdir, stat } from 'node:fs/promises';
import { CommandError } from '../terminal/command.ts';
import { unreadable } from './read-text.ts';

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

/** What is not there is told of. */
export async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
}
