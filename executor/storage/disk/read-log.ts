// Reads a log: what it holds, where it breaks off, and whether that is a write that a loss of power tore or damage.
import type { StoredCommit } from '../storage.ts';
import { commitFromJson } from './commit-format.ts';
import { decodeFileHeader, FILE_HEADER_BYTES } from './file-header.ts';
import {
  decodeHeader,
  decodeRecords,
  findMagic,
  type GroupHeader,
  type GroupKind,
  HEADER_BYTES,
} from './group-format.ts';

export interface Log {
  readonly store: string;
  /** The revision before its first commit. */
  readonly start: number;
  /** In order; where there is damage, those that can still be read. */
  readonly commits: readonly StoredCommit[];
  /** The log goes on, or is to be cut, here. */
  readonly end: number;
  /** What lies before this surely reached the medium. */
  readonly safe: number;
  /** It was closed in order. */
  readonly isFinished: boolean;
  /** What was acknowledged last may be missing, for it did not have to be safe. */
  readonly mayLackEnd: boolean;
  /** A write that was never acknowledged, or, with batched syncs, not long before: it may be cut off. */
  readonly torn: string | null;
  /** Something acknowledged cannot be read. */
  readonly damage: string | null;
}

interface Group {
  readonly header: GroupHeader;
  readonly commits: readonly (StoredCommit | null)[];
  readonly end: number;
}

/** What is wrong with it as a sentence, where not even its header can be read. */
export function readLog(bytes: Uint8Array): Log | string {
  const header = decodeFileHeader(bytes, 'log');
  if (typeof header === 'string') return header;
  const { store, revision: start } = header;
  const commits: StoredCommit[] = [];
  let at = FILE_HEADER_BYTES;
  let safe = at;
  let last: GroupKind = 'records';
  while (at < bytes.length) {
    const group = groupAt(bytes, at);
    if (group === null || group.commits.includes(null)) break;
    for (const commit of group.commits as readonly StoredCommit[]) commits.push(commit);
    last = group.header.kind;
    safe = Math.max(safe, group.header.safe);
    at = group.end;
  }
  const isFinished = last === 'end';
  const mayLackEnd = last === 'batched';
  const damage = gapIn(commits, start);
  const whole: Log = { store, start, commits, end: at, safe, isFinished, mayLackEnd, torn: null, damage };
  if (at === bytes.length) return isFinished ? { ...whole, safe: at } : whole;
  const rest = salvage(bytes, at);
  if (rest.safe <= at) {
    return { ...whole, torn: `the last ${bytes.length - at} bytes, from byte ${at}, are of a write that was torn` };
  }
  const broken = `damaged at byte ${at}; after it, ${rest.commits.length} commits can be read`;
  return { ...whole, commits: [...commits, ...rest.commits], damage: broken };
}

function groupAt(bytes: Uint8Array, at: number): Group | null {
  const header = decodeHeader(bytes, at);
  const end = at + HEADER_BYTES + (header?.bytes ?? 0);
  if (header === null || end > bytes.length) return null;
  const values = decodeRecords(bytes.subarray(at + HEADER_BYTES, end), header.count);
  return { header, commits: values.map(commitFromJson), end };
}

/** Everything that can be read from a broken place on, and what the groups there say had been safe before them. */
function salvage(bytes: Uint8Array, from: number): { commits: StoredCommit[]; safe: number } {
  const commits: StoredCommit[] = [];
  let safe = 0;
  for (let at = findMagic(bytes, from); at >= 0; ) {
    const header = decodeHeader(bytes, at);
    const group = header === null ? null : groupAt(bytes, at);
    // A group that could be written says what was safe before it, even if it did not reach the medium whole itself.
    if (header !== null) safe = Math.max(safe, header.safe);
    for (const commit of group?.commits ?? []) if (commit !== null) commits.push(commit);
    at = findMagic(bytes, group?.end ?? at + 1);
  }
  return { commits, safe };
}

function gapIn(commits: readonly StoredCommit[], start: number): string | null {
  for (const [at, { revision }] of commits.entries()) {
    if (revision !== start + at + 1) return `revision ${revision} comes where ${start + at + 1} should`;
  }
  return null;
}
