// What etcd's refusals and silences mean to people who run a hub, and which of them pass.
import { StorageError, type StorageProblem } from '../storage.ts';
import { CODE, EtcdError } from './connection.ts';

/** Asking again, here or at another member, may help. What was asked for may have happened, or may yet. */
export function isPassing(error: unknown): error is EtcdError {
  if (!(error instanceof EtcdError)) return false;
  return error.failure !== 'refused' || error.code === CODE.unavailable;
}

export function etcdProblem(error: unknown): StorageProblem {
  if (error instanceof StorageError) return { code: error.code, message: error.message };
  if (!(error instanceof EtcdError)) throw error;
  const { failure, code, message } = error;
  if (failure !== 'refused' || code === CODE.unavailable) return { code: 'unreachable', message };
  if (/too large|too many operations/.test(message)) return { code: 'too-large', message: `etcd refuses: ${message}` };
  if (code === CODE.exhausted) return { code: 'full', message: `etcd takes no more: ${message}` };
  if (code === CODE.denied || code === CODE.unauthenticated || /authentication failed|user name/.test(message)) {
    return { code: 'denied', message: `etcd refuses: ${message}` };
  }
  return { code: 'io', message: `etcd refuses: ${message}` };
}

export function etcdError(error: unknown): Error {
  if (error instanceof StorageError || !(error instanceof EtcdError)) return error as Error;
  const { code, message } = etcdProblem(error);
  return new StorageError(code, message, { cause: error });
}
