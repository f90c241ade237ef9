// What the system's error codes mean to people who run a hub.
import { type ProblemCode, StorageError, type StorageProblem } from '../storage.ts';

const MEANINGS: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  ENOSPC: ['full', 'there is no room left on the disk'],
  EDQUOT: ['full', 'the quota of the disk is used up'],
  EROFS: ['read-only', 'the file system is read-only'],
  EACCES: ['denied', 'permission is denied'],
  EPERM: ['denied', 'permission is denied'],
  EIO: ['io', 'the disk reports an input/output error'],
  EMFILE: ['io', 'too many files are open'],
  ENFILE: ['io', 'too many files are open'],
  ENOTDIR: ['invalid', 'a part of the path is no folder'],
};

export function readProblem(error: unknown, place: string): StorageProblem {
  if (error instanceof StorageError) return { code: error.code, message: error.message };
  const { code = '', message } = error as NodeJS.ErrnoException;
  const [meaning, sentence] = MEANINGS[code] ?? ['io', message];
  return { code: meaning, message: `${place} cannot be written: ${sentence}` };
}

export function openError(error: unknown, folder: string): unknown {
  if (error instanceof StorageError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  const meaning = MEANINGS[code];
  if (meaning === undefined) return error;
  return new StorageError(meaning[0], `${folder} cannot be used: ${meaning[1]}`, { cause: error });
}
