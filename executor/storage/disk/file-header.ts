// The first bytes of every file of a store: what it is, the revision that it starts from, and the store that it belongs to.
import { crc32c } from '../crc32c.ts';

export const FILE_HEADER_BYTES = 44;
const FORMAT = 1;
const MAGICS = { log: 'MUSTERLG', snapshot: 'MUSTERSN' } as const;

export type FileKind = keyof typeof MAGICS;

export interface FileHeader {
  readonly kind: FileKind;
  readonly revision: number;
  /** 32 hexadecimal digits. */
  readonly store: string;
}

export function encodeFileHeader({ kind, revision, store }: FileHeader): Uint8Array {
  const bytes = Buffer.alloc(FILE_HEADER_BYTES);
  bytes.write(MAGICS[kind], 0, 'latin1');
  bytes.writeUInt32LE(FORMAT, 8);
  bytes.writeDoubleLE(revision, 16);
  bytes.write(store, 24, 'hex');
  bytes.writeUInt32LE(crc32c(bytes.subarray(0, 40)), 40);
  return bytes;
}

/** The header, or what is wrong with it. */
export function decodeFileHeader(bytes: Uint8Array, kind: FileKind): FileHeader | string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, FILE_HEADER_BYTES));
  if (head.length < FILE_HEADER_BYTES) return 'is too short to have a header';
  if (head.toString('latin1', 0, 8) !== MAGICS[kind]) return `does not begin as a ${kind} does`;
  if (head.readUInt32LE(40) !== crc32c(head.subarray(0, 40))) return 'has a header whose checksum is wrong';
  const format = head.readUInt32LE(8);
  if (format !== FORMAT) return `is of format ${format}, and this program knows ${FORMAT}`;
  return { kind, revision: head.readDoubleLE(16), store: head.toString('hex', 24, 40) };
}
