// The bytes of groups: records that were written together, each with its own checksum, behind a header that has one too.
//
//   header   magic 4, bytes of the records 4, how many 4, kind 4, revision 8, safe 8, checksum of these 32 bytes 4
//   record   bytes of the text 4, checksum of the text 4, text (JSON in UTF-8)
//
// `safe` is the place in the file up to which everything had surely reached the medium when the group was written. It is
// what tells a torn write from damage: nothing but a loss of power can leave a broken group at or after the `safe` of every
// whole group that follows; what breaks before it had been acknowledged.
// The magic begins and ends with bytes that no UTF-8 text holds, so that a search cannot find one inside a record.
import { crc32c } from '../crc32c.ts';

export const HEADER_BYTES = 36;
const RECORD_HEADER_BYTES = 8;
const MAGIC = 0xfe474dff; // ff 4d 47 fe, as it lies in the file

export const KINDS = ['records', 'end', 'batched'] as const;
/**
 * `end` says that the file was finished in order: nothing that came before can have been torn. `batched` are records that were
 * acknowledged before they were safe: where the last group is one, what was acknowledged after it may be missing.
 */
export type GroupKind = (typeof KINDS)[number];

export interface GroupHeader {
  readonly kind: GroupKind;
  readonly bytes: number;
  readonly count: number;
  /** Of the first commit in it, or of the state that a snapshot holds. */
  readonly revision: number;
  readonly safe: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export function encodeRecord(value: unknown): Uint8Array {
  const text = encoder.encode(JSON.stringify(value));
  const record = new Uint8Array(RECORD_HEADER_BYTES + text.length);
  const view = new DataView(record.buffer);
  view.setUint32(0, text.length, true);
  view.setUint32(4, crc32c(text), true);
  record.set(text, RECORD_HEADER_BYTES);
  return record;
}

export function encodeGroup(
  kind: GroupKind,
  revision: number,
  safe: number,
  records: readonly Uint8Array[],
): Uint8Array {
  let bytes = 0;
  for (const record of records) bytes += record.length;
  const group = new Uint8Array(HEADER_BYTES + bytes);
  const view = new DataView(group.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, bytes, true);
  view.setUint32(8, records.length, true);
  view.setUint32(12, KINDS.indexOf(kind), true);
  view.setFloat64(16, revision, true);
  view.setFloat64(24, safe, true);
  view.setUint32(32, crc32c(group.subarray(0, 32)), true);
  let at = HEADER_BYTES;
  for (const record of records) {
    group.set(record, at);
    at += record.length;
  }
  return group;
}

/** Null where no header lies there. */
export function decodeHeader(bytes: Uint8Array, at: number): GroupHeader | null {
  if (at + HEADER_BYTES > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER_BYTES);
  if (view.getUint32(0, true) !== MAGIC) return null;
  if (view.getUint32(32, true) !== crc32c(bytes.subarray(at, at + 32))) return null;
  const kind = KINDS[view.getUint32(12, true)];
  if (kind === undefined) return null;
  return {
    kind,
    bytes: view.getUint32(4, true),
    count: view.getUint32(8, true),
    revision: view.getFloat64(16, true),
    safe: view.getFloat64(24, true),
  };
}

/** The records of a group's body; null in the place of each that is broken. */
export function decodeRecords(body: Uint8Array, count: number): readonly (unknown | null)[] {
  const values: (unknown | null)[] = [];
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  let at = 0;
  while (values.length < count) {
    const length = at + RECORD_HEADER_BYTES <= body.length ? view.getUint32(at, true) : Number.POSITIVE_INFINITY;
    if (at + RECORD_HEADER_BYTES + length > body.length) break;
    const text = body.subarray(at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + length);
    // Zeroes, which files are full of that lost power while they grew, are the checksum of nothing.
    const isWhole = text.length > 0 && crc32c(text) === view.getUint32(at + 4, true);
    values.push(isWhole ? JSON.parse(decoder.decode(text)) : null);
    at += RECORD_HEADER_BYTES + length;
  }
  const isExact = at === body.length;
  while (values.length < count) values.push(null);
  // A body that is too long for its records was put together wrongly, and then none of them can be trusted.
  return isExact || values.includes(null) ? values : values.map(() => null);
}

/** The next place, from here on, where a header's magic lies; -1 where there is none. */
export function findMagic(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === 0x4d && bytes[at + 2] === 0x47 && bytes[at + 3] === 0xfe) return at;
  }
  return -1;
}
