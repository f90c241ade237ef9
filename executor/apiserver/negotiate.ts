// Chooses how to answer from the Accept header: JSON or YAML, whole objects, metadata only, or a table.
import { noRepresentation, notAcceptable } from '../../engine/index.ts';

export type Form = 'object' | 'table' | 'metadata' | 'metadata-list';

export interface Answer {
  readonly media: 'json' | 'yaml';
  readonly form: Form;
  /** The version of the meta group that tables and metadata are told in. */
  readonly metaVersion: string;
  readonly pretty: boolean;
}

export interface AcceptClause {
  readonly type: string;
  readonly params: Readonly<Record<string, string>>;
}

export function readAccept(header: string | undefined): AcceptClause[] {
  const text = header === undefined || header.trim() === '' ? '*/*' : header;
  const clauses = text.split(',').map((clause, at) => {
    const [type = '', ...rest] = clause.split(';').map((part) => part.trim());
    const params = Object.fromEntries(
      rest.map((param) => {
        const equals = param.indexOf('=');
        return [param.slice(0, equals).toLowerCase(), param.slice(equals + 1).replaceAll('"', '')];
      }),
    );
    const quality = params.q === undefined ? 1 : Number(params.q);
    return { type: type.toLowerCase(), params, quality, at };
  });
  return clauses.sort((a, b) => b.quality - a.quality || a.at - b.at);
}

export const ACCEPTED = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const;

const FORMS: Readonly<Record<string, Form>> = {
  Table: 'table',
  PartialObjectMetadata: 'metadata',
  PartialObjectMetadataList: 'metadata-list',
};

function mediaOf({ type }: AcceptClause): 'json' | 'yaml' | 'protobuf' | null {
  switch (type) {
    case 'application/json':
    case '*/*':
      return 'json';
    case 'application/yaml':
      return 'yaml';
    case 'application/vnd.kubernetes.protobuf':
      return 'protobuf';
    default:
      return null;
  }
}

/**
 * Differs from Kubernetes: answers are never in Protobuf. Who offers JSON beside it gets JSON; who wants nothing else is
 * told which forms there are.
 */
export function chooseAnswer(header: string | undefined, query: URLSearchParams, isWatchable: boolean): Answer {
  const pretty = isTrue(query.get('pretty'));
  let understood = false;
  for (const clause of readAccept(header)) {
    const media = mediaOf(clause);
    if (media === null) continue;
    understood = true;
    if (media === 'protobuf') continue;
    const { as, g, v } = clause.params;
    if (as === undefined) return { media, form: 'object', metaVersion: 'v1', pretty };
    const form = Object.hasOwn(FORMS, as) ? FORMS[as] : undefined;
    if (form !== undefined && g === 'meta.k8s.io' && (v === 'v1' || v === 'v1beta1')) {
      return { media, form, metaVersion: v, pretty };
    }
  }
  if (understood) throw notAcceptable(`only the following media types are accepted: ${ACCEPTED.join(', ')}`);
  const streams = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];
  throw noRepresentation(isWatchable ? [...ACCEPTED, ...streams] : ACCEPTED);
}

/** Watches are told in JSON lines only. */
export function chooseWatchAnswer(header: string | undefined): Answer {
  for (const clause of readAccept(header)) {
    if (mediaOf(clause) !== 'json') continue;
    const { as, v } = clause.params;
    const form = as === undefined ? 'object' : (FORMS[as] ?? 'object');
    return { media: 'json', form, metaVersion: v ?? 'v1', pretty: false };
  }
  throw notAcceptable(
    'only the following media types are accepted: application/json;stream=watch,' +
      ' application/vnd.kubernetes.protobuf;stream=watch',
  );
}

export const isTrue = (value: string | null): boolean =>
  value !== null && !['', '0', 'false', 'False', 'FALSE', 'f', 'F'].includes(value);
