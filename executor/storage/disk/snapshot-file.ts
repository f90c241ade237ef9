// A whole state in one file, checksummed to its end: snapshots of a store, and backups of any. Written and read in parts, so
// that neither memory nor the event loop is held for long.
import { crc32c } from '../crc32c.ts';
import { StorageError, type StoredObject, type StoredState } from '../storage.ts';
import { objectFromJson } from './commit-format.ts';
import { decodeFileHeader, encodeFileHeader, FILE_HEADER_BYTES } from './file-header.ts';
import { type FileSystem, type OpenFile, readFully, writeFully } from './file-system.ts';
import { decodeHeader, decodeRecords, encodeGroup, encodeRecord, HEADER_BYTES } from './group-format.ts';

const GROUP_BYTES = 256 * 1024;
/** One sync of everything at the end would hold up the log's syncs, which wait behind it in the file system. */
const SYNC_BYTES = 8 * 1024 * 1024;
/** No group of ours comes near it: what claims to be larger is broken. */
const GROUP_BYTES_MAX = 1024 * 1024 * 1024;

export interface Snapshot {
  readonly store: string;
  readonly revision: number;
  readonly objects: readonly StoredObject[];
}

/** Writes under a name of its own, then renames, so that the name stands for a whole state or for nothing. Tells the size. */
export async function writeSnapshot(
  system: FileSystem,
  folder: string,
  name: string,
  store: string,
  state: StoredState,
): Promise<number> {
  const path = `${folder}/${name}`;
  const draft = `${path}.tmp`;
  await system.remove(draft).catch(() => {});
  const file = await system.open(draft, 'create');
  try {
    const size = await writeState(file, store, state);
    await file.close();
    await system.rename(draft, path);
    await system.syncFolder(folder);
    return size;
  } catch (error) {
    await file.close().catch(() => {});
    await system.remove(draft).catch(() => {});
    throw error;
  }
}

async function writeState(file: OpenFile, store: string, { revision, objects }: StoredState): Promise<number> {
  let at = 0;
  let synced = 0;
  const write = async (bytes: Uint8Array) => {
    await writeFully(file, bytes, at);
    at += bytes.length;
    if (at - synced < SYNC_BYTES) return;
    await file.sync();
    synced = at;
  };
  await write(encodeFileHeader({ kind: 'snapshot', revision, store }));
  let records: Uint8Array[] = [];
  let pending = 0;
  let count = 0;
  let checksum = 0;
  for (const object of objects) {
    const record = encodeRecord(object);
    checksum = crc32c(record, checksum);
    records.push(record);
    pending += record.length;
    count += 1;
    if (pending < GROUP_BYTES) continue;
    await write(encodeGroup('records', revision, 0, records));
    records = [];
    pending = 0;
  }
  if (records.length > 0) await write(encodeGroup('records', revision, 0, records));
  await write(encodeGroup('end', revision, 0, [encodeRecord([count, checksum])]));
  await file.sync();
  return at;
}

/** Throws a StorageError that says where the file is broken. */
export async function readSnapshot(system: FileSystem, path: string): Promise<Snapshot> {
  const file = await system.open(path, 'read');
  try {
    return await readState(file, path);
  } finally {
    await file.close();
  }
}

async function readState(file: OpenFile, path: string): Promise<Snapshot> {
  const broken = (why: string) => new StorageError('damaged', `${path} ${why}`);
  const head = new Uint8Array(FILE_HEADER_BYTES);
  const header = decodeFileHeader(head.subarray(0, await readFully(file, head, 0)), 'snapshot');
  if (typeof header === 'string') throw broken(header);
  const objects: StoredObject[] = [];
  let checksum = 0;
  for (let at = FILE_HEADER_BYTES; ; ) {
    const groupHead = new Uint8Array(HEADER_BYTES);
    const count = await readFully(file, groupHead, at);
    const group = decodeHeader(groupHead.subarray(0, count), 0);
    if (group === null || group.bytes > GROUP_BYTES_MAX) {
      throw broken(count < HEADER_BYTES ? `ends too early, at byte ${at + count}` : `is damaged at byte ${at}`);
    }
    const body = new Uint8Array(group.bytes);
    if ((await readFully(file, body, at + HEADER_BYTES)) < body.length) throw broken('ends too early');
    const values = decodeRecords(body, group.count);
    if (values.includes(null)) throw broken(`is damaged in the ${body.length} bytes after byte ${at}`);
    at += HEADER_BYTES + body.length;
    if (group.kind === 'end') {
      const [total, expected] = values[0] as [number, number];
      if (total !== objects.length || expected !== checksum) throw broken('has a part that is not of it');
      return { store: header.store, revision: header.revision, objects };
    }
    checksum = crc32c(body, checksum);
    for (const value of values) {
      const object = objectFromJson(value);
      if (object === null) throw broken(`holds something that is no object, after byte ${at}`);
      objects.push(object);
    }
  }
}
