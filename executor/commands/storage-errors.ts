// What to do about a storage that cannot be used, for those who named it on a command line.
import { StorageError } from '../storage/storage.ts';
import { CommandError } from '../terminal/command.ts';

/** Runs what uses a storage; its errors come out with advice. */
export async function withAdvice<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StorageError ? new CommandError(adviceFor(error)) : error;
  }
}

function adviceFor({ code, message }: StorageError): string {
  switch (code) {
    case 'in-use':
      return `${message}; stop that one first, or name another folder with --storage disk:DIR`;
    case 'denied':
    case 'read-only':
      return `${message}; let this user write there, or name another place`;
    case 'unreachable':
      return `${message}; start it, or name another place with --storage`;
    default:
      return message;
  }
}
