// Why a write did not happen: expected outcomes, as values. Codes are the API's own reasons; messages are for people.
import { formatKey, type ObjectKey } from './key.ts';

export type FailureCode = 'AlreadyExists' | 'Conflict' | 'Forbidden' | 'Invalid' | 'NotFound';

export interface Failure {
  readonly ok: false;
  readonly code: FailureCode;
  readonly message: string;
}

const failure = (code: FailureCode, key: ObjectKey, why: string): Failure => ({
  ok: false,
  code,
  message: `${formatKey(key)} ${why}`,
});

export const alreadyExists = (key: ObjectKey) => failure('AlreadyExists', key, 'already exists');

export const stillBeingDeleted = (key: ObjectKey) =>
  failure('AlreadyExists', key, 'already exists and is being deleted');

export const revisionInCreate = (key: ObjectKey) =>
  failure('Invalid', key, 'cannot be created with a resourceVersion: it is the store that numbers');

export const noName = (key: ObjectKey) => failure('Invalid', key, 'has neither a name nor a generateName');

export const notFound = (key: ObjectKey) => failure('NotFound', key, 'does not exist');

export const staleRevision = (key: ObjectKey, wanted: string, found: string) =>
  failure('Conflict', key, `has changed: resourceVersion ${wanted} was expected, and it is ${found}`);

export const otherUid = (key: ObjectKey, wanted: string, found: string) =>
  failure('Conflict', key, `is another object: uid ${wanted} was expected, and it is ${found}`);

export const lateFinalizer = (key: ObjectKey, finalizer: string) =>
  failure('Forbidden', key, `is being deleted: finalizer ${finalizer} cannot be added any more`);

export const refused = (key: ObjectKey, code: FailureCode, why: string) => failure(code, key, why);
