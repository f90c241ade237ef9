// Tells who asked for what and how it ended, one JSON line a request, in the form of Kubernetes' audit events.
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Entrance } from './dispatch.ts';
import type { UserInfo } from './request.ts';

export interface Audited {
  readonly id: string;
  readonly entrance: Entrance | null;
  readonly uri: string;
  readonly method: string;
  readonly address: string;
  readonly userAgent: string;
  readonly code: number;
  readonly began: number;
  readonly ended: number;
}

export interface AuditLog {
  write(audited: Audited): void;
  close(): Promise<void>;
}

/** Appends to a file that only its owner may read; rejects where it cannot be written. */
export async function openAuditLog(file: string, onError: (message: string) => void): Promise<AuditLog> {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
  await once(stream, 'open');
  stream.on('error', (error) => onError(`the audit log cannot be written: ${error.message}`));
  return new FileAuditLog(stream);
}

class FileAuditLog implements AuditLog {
  private readonly stream: WriteStream;

  constructor(stream: WriteStream) {
    this.stream = stream;
  }

  write(audited: Audited): void {
    this.stream.write(`${JSON.stringify(auditEvent(audited))}\n`);
  }

  async close(): Promise<void> {
    this.stream.end();
    await once(this.stream, 'close');
  }
}

const micro = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');

const userOf = ({ name, uid, groups, extra }: UserInfo) => ({
  username: name,
  ...(uid === '' ? {} : { uid }),
  groups,
  ...(Object.keys(extra).length === 0 ? {} : { extra }),
});

/** Bodies stay out: secrets pass here, too. */
export function auditEvent({ entrance, ...told }: Audited): Record<string, unknown> {
  const asked = entrance?.asked;
  const isActing = entrance !== null && entrance.user !== entrance.caller;
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: told.id,
    stage: 'ResponseComplete',
    requestURI: told.uri,
    verb: asked?.verb ?? told.method.toLowerCase(),
    user: entrance === null ? {} : userOf(entrance.caller),
    ...(isActing ? { impersonatedUser: userOf(entrance.user) } : {}),
    sourceIPs: [told.address],
    userAgent: told.userAgent,
    ...(asked?.kind === 'resource' ? { objectRef: referenceOf(entrance!) } : {}),
    responseStatus: { metadata: {}, code: told.code },
    requestReceivedTimestamp: micro(told.began),
    stageTimestamp: micro(told.ended),
  };
}

function referenceOf({ asked, route }: Entrance): Record<string, string> {
  if (asked.kind !== 'resource') return {};
  const { resource, namespace, name, group, subresource } = asked;
  const apiVersion = route.kind === 'resource' ? route.version : '';
  const all = { resource, namespace, name, apiGroup: group, apiVersion, subresource };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}
