// A backup: the whole state of a store in one file, checksummed to its end, in the form that snapshots on disk have.
import { randomBytes } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { nodeFileSystem } from './disk/node-file-system.ts';
import { openError } from './disk/problem.ts';
import { readSnapshot, writeSnapshot } from './disk/snapshot-file.ts';
import { StorageError, type StoredObject, type StoredState } from './storage.ts';

export interface BackupSize {
  readonly objects: number;
  readonly bytes: number;
}

/** The file has its name only when it is whole and on the medium; one that is there is replaced. */
export async function writeBackup(file: string, { revision, objects }: StoredState): Promise<BackupSize> {
  let count = 0;
  function* counted(): Generator<StoredObject, void> {
    for (const object of objects) {
      count += 1;
      yield object;
    }
  }
  const id = randomBytes(16).toString('hex');
  const state = { revision, objects: counted() };
  try {
    const bytes = await writeSnapshot(nodeFileSystem, dirname(file), basename(file), id, state);
    return { objects: count, bytes };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new StorageError('invalid', `there is no folder ${dirname(file)}`, { cause: error });
    }
    throw openError(error, file);
  }
}

export async function readBackup(file: string): Promise<{ readonly state: StoredState; readonly objects: number }> {
  try {
    const { revision, objects } = await readSnapshot(nodeFileSystem, file);
    return { state: { revision, objects }, objects: objects.length };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new StorageError('invalid', `${file} does not exist`, { cause: error });
    }
    throw openError(error, file);
  }
}
