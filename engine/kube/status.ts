// The API's answer to what went wrong: Status objects, one function a reason, with field errors as their causes.
import { type FieldError, fieldErrorText } from './field-error.ts';

export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: { readonly continue?: string; readonly resourceVersion?: string };
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

/** Thrown where a request is refused; carries exactly what the client gets to read. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: Status;
  constructor(status: Status) {
    super(status.message ?? status.reason ?? `status ${status.code}`);
    this.status = status;
  }
}

/** What a resource is called in messages: "deployments.apps", or "configmaps" for the core group. */
export interface Named {
  readonly group: string;
  readonly resource: string;
}

const qualified = (group: string, word: string) => (group === '' ? word : `${word}.${group}`);

function failure(code: number, reason: string | undefined, message: string, details?: StatusDetails): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  });
}

function detailsOf(named: Named, name: string): StatusDetails {
  return {
    ...(name === '' ? {} : { name }),
    ...(named.group === '' ? {} : { group: named.group }),
    kind: named.resource,
  };
}

export const success = (details: StatusDetails): Omit<Status, 'code'> => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details,
});

export const notFound = (named: Named, name: string) =>
  failure(404, 'NotFound', `${qualified(named.group, named.resource)} "${name}" not found`, detailsOf(named, name));

/** The URL itself leads nowhere. */
export const noSuchResource = () => failure(404, 'NotFound', 'the server could not find the requested resource', {});

export const alreadyExists = (named: Named, name: string) =>
  failure(
    409,
    'AlreadyExists',
    `${qualified(named.group, named.resource)} "${name}" already exists`,
    detailsOf(named, name),
  );

export const beingDeleted = (named: Named, name: string) =>
  failure(
    409,
    'AlreadyExists',
    `object is being deleted: ${qualified(named.group, named.resource)} "${name}" already exists`,
    detailsOf(named, name),
  );

export const conflict = (named: Named, name: string, why: string) =>
  failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(named.group, named.resource)} "${name}": ${why}`,
    detailsOf(named, name),
  );

export const staleRevision = (named: Named, name: string) =>
  conflict(named, name, 'the object has been modified; please apply your changes to the latest version and try again');

export const applyConflict = (message: string, causes: readonly StatusCause[]) =>
  failure(409, 'Conflict', message, { causes });

export const badRequest = (message: string) => failure(400, 'BadRequest', message);

export const unauthorized = () => failure(401, 'Unauthorized', 'Unauthorized');

export const forbidden = (named: Named, name: string, why: string, causes?: readonly StatusCause[]) =>
  failure(
    403,
    'Forbidden',
    `${qualified(named.group, named.resource)}${name === '' ? '' : ` "${name}"`} is forbidden: ${why}`,
    { ...detailsOf(named, name), ...(causes === undefined ? {} : { causes }) },
  );

/** As a webhook of that name says it. */
export const deniedByWebhook = (webhook: string, reason: string, why: string) =>
  failure(403, reason, `admission webhook "${webhook}" denied the request: ${why}`);

/** Forbidden for URLs that name no resource. */
export const forbiddenPath = (message: string) => failure(403, 'Forbidden', message, {});

export const methodNotAllowed = () =>
  failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

export const notAcceptable = (message: string) => failure(406, 'NotAcceptable', message);
export const noRepresentation = (available: readonly string[]) =>
  failure(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${available.join(', ')}`, {});

export const unsupportedMediaType = (message: string, details?: StatusDetails) =>
  failure(415, 'UnsupportedMediaType', message, details);

export const expired = (message: string, again?: { token: string; revision: string }) => {
  const made = failure(410, 'Expired', message);
  if (again === undefined) return made;
  return new StatusError({
    ...made.status,
    metadata: { resourceVersion: again.revision, continue: again.token },
  });
};

export const gone = (message: string) => failure(410, 'Expired', message);

export const tooLarge = (message: string) => failure(413, 'RequestEntityTooLarge', message);

export const tooManyRequests = (message: string, causes: readonly StatusCause[], retryAfterSeconds?: number) =>
  failure(429, 'TooManyRequests', message, {
    ...(causes.length === 0 ? {} : { causes }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });

/** A plain error inside the server: no reason, as a client sees it from an unclassified failure. */
export const internalError = (message: string) => failure(500, undefined, message);

export const serviceUnavailable = (message: string) => failure(503, 'ServiceUnavailable', message);

export const revisionTooLarge = (wanted: string, current: number) =>
  failure(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });

/** A patch that cannot be applied to the object as it is. */
export const unprocessable = () =>
  failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

/** 422 with every cause: the whole story of what is wrong with an object. */
export function invalid(kind: { group: string; kind: string }, name: string, problems: readonly FieldError[]) {
  const lines = problems.map((problem) => `${problem.path}: ${fieldErrorText(problem)}`);
  const unique = lines.filter((line, at) => lines.indexOf(line) === at);
  const text = unique.length === 1 ? unique[0] : `[${unique.join(', ')}]`;
  return failure(422, 'Invalid', `${qualified(kind.group, kind.kind)} "${name}" is invalid: ${text}`, {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    ...(kind.kind === '' ? {} : { kind: kind.kind }),
    causes: problems.map((problem) => ({
      reason: `FieldValue${problem.code}`,
      message: fieldErrorText(problem),
      field: problem.path,
    })),
  });
}
