// The options of lists and watches: revisions, pages and time limits, and what may not be combined.
import {
  badRequest,
  type FieldError,
  forbiddenField,
  internalError,
  invalid,
  isObject,
  type ObjectStore,
  revisionTooLarge,
  unsupported,
} from '../../../engine/index.ts';
import { isTrue } from '../negotiate.ts';

export interface ListOptions {
  readonly limit: number;
  readonly page: { readonly revision: number; readonly after: string } | null;
  /** Null for the newest state. */
  readonly exactly: number | null;
}

const META = 'meta.k8s.io';

/** 0 where it is left out. */
export function wholeNumber(query: URLSearchParams, name: string): number {
  const text = query.get(name);
  if (text === null || text === '') return 0;
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

/** A revision that a client names; null where it names none. */
export function readRevision(text: string | null): number | null {
  if (text === null || text === '') return null;
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

const badRevision = (text: string) =>
  `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;

export function readListOptions(query: URLSearchParams, store: ObjectStore): ListOptions {
  const limit = wholeNumber(query, 'limit');
  wholeNumber(query, 'timeoutSeconds');
  const match = query.get('resourceVersionMatch') ?? '';
  const text = query.get('resourceVersion') ?? '';
  const token = query.get('continue') ?? '';
  const problems: FieldError[] = [];
  if (query.has('sendInitialEvents'))
    problems.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  if (match !== '') {
    if (text === '') {
      problems.push(
        forbiddenField('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided'),
      );
    }
    if (token !== '') {
      problems.push(
        forbiddenField('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided'),
      );
    }
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      problems.push(unsupported('resourceVersionMatch', match, ['Exact', 'NotOlderThan', '']));
    }
    if (match === 'Exact' && text === '0') {
      problems.push(
        forbiddenField('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'),
      );
    }
  }
  if (problems.length > 0) throw invalid({ group: META, kind: 'ListOptions' }, '', problems);
  const revision = readRevision(text);
  if (Number.isNaN(revision)) throw badRequest(`invalid resource version: ${badRevision(text)}`);
  if (token !== '') {
    if (text !== '' && text !== '0') throw badRequest('specifying resource version is not allowed when using continue');
    return { limit: Math.max(limit, 0), page: readToken(token), exactly: null };
  }
  const current = store.revision();
  if (revision !== null && revision > current) throw revisionTooLarge(text, current);
  const isExact = match === 'Exact' || (match === '' && limit > 0 && revision !== null && revision > 0);
  return { limit: Math.max(limit, 0), page: null, exactly: isExact ? revision : null };
}

export const writeToken = (revision: number, start: string): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${start}\u0000` })).toString('base64url');

function readToken(token: string): { revision: number; after: string } {
  const bytes = Buffer.from(token, 'base64url');
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    const first = bytes[0] ?? 0;
    const shown =
      first < 0x20 || first >= 0x7f ? `\\u${first.toString(16).padStart(4, '0')}` : String.fromCharCode(first);
    throw badRequest(
      `invalid continue token: continue key is not valid: invalid character '${shown}' looking for beginning of value`,
    );
  }
  if (!isObject(value) || value.v !== 'meta.k8s.io/v1') {
    throw badRequest(
      'invalid continue token: continue key is not valid: server does not recognize this encoded version',
    );
  }
  if (typeof value.rv !== 'number' || typeof value.start !== 'string') {
    throw badRequest('invalid continue token: continue key is not valid: encoded continue resourceVersion is invalid');
  }
  return { revision: value.rv, after: value.start.endsWith('\u0000') ? value.start.slice(0, -1) : value.start };
}

export interface WatchOptions {
  /** Null for a start from the newest state with everything that exists. */
  readonly after: number | null;
  readonly bookmarks: boolean;
  /** Nothing of what exists: only what is still to come. */
  readonly onlyNews: boolean;
  readonly initialEvents: boolean;
  readonly timeoutMs: number;
}

export function readWatchOptions(query: URLSearchParams, defaultTimeoutMs: number): WatchOptions {
  const timeout = wholeNumber(query, 'timeoutSeconds');
  const match = query.get('resourceVersionMatch') ?? '';
  const text = query.get('resourceVersion') ?? '';
  const asked = query.has('sendInitialEvents');
  const problems: FieldError[] = [];
  if (asked) {
    if (match !== 'NotOlderThan') {
      problems.push(
        forbiddenField(
          'resourceVersionMatch',
          'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
        ),
      );
      if (match !== '') problems.push(unsupported('resourceVersionMatch', match, ['NotOlderThan']));
    }
  } else if (match !== '') {
    problems.push(
      forbiddenField(
        'resourceVersionMatch',
        'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      ),
    );
  }
  if ((query.get('continue') ?? '') !== '') {
    problems.push(
      forbiddenField('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided'),
    );
  }
  if (problems.length > 0) throw invalid({ group: META, kind: 'ListOptions' }, '', problems);
  const revision = readRevision(text);
  if (Number.isNaN(revision)) throw internalError(badRevision(text));
  const initialEvents = asked && isTrue(query.get('sendInitialEvents'));
  return {
    after: revision === null || revision === 0 || initialEvents ? null : revision,
    bookmarks: isTrue(query.get('allowWatchBookmarks')),
    initialEvents,
    onlyNews: asked && !initialEvents && (revision === null || revision === 0),
    timeoutMs: timeout > 0 ? timeout * 1000 : defaultTimeoutMs,
  };
}
