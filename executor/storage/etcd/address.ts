// From "http://host:2379,http://other:2379/prefix?ca=FILE" to the way into etcd: members, prefix, and who we are to it.
import { readFileSync } from 'node:fs';
import { StorageError } from '../storage.ts';
import type { EtcdAccess } from './connection.ts';

export interface EtcdAddress {
  readonly access: EtcdAccess;
  /** Begins every key; without a slash at its end. */
  readonly prefix: string;
  /** For people; holds no password. */
  readonly shown: string;
}

const PREFIX = '/muster';
const FILES = ['ca', 'cert', 'key'] as const;

/** Members that are named after the first share its scheme; user, path and options stand with the last. */
export function readEtcdAddress(text: string): EtcdAddress {
  const parts = text.split(',');
  const urls = parts.map((part) => {
    if (!URL.canParse(part)) throw invalid(`"${part}" is no URL`);
    return new URL(part);
  });
  const first = urls[0]!;
  const last = urls.at(-1)!;
  for (const { protocol } of urls) {
    if (protocol !== 'http:' && protocol !== 'https:')
      throw invalid(`etcd is spoken to by http or https, not "${protocol}"`);
    if (protocol !== first.protocol) throw invalid('all members of etcd are reached either by http or by https');
  }
  for (const name of last.searchParams.keys()) {
    if (!FILES.some((one) => one === name)) throw invalid(`etcd has no option "${name}": it is ${FILES.join(', ')}`);
  }
  const [authority, certificate, key] = FILES.map((name) => readPem(last.searchParams.get(name)));
  const user = urls.find(({ username }) => username !== '') ?? null;
  const prefix = last.pathname.replace(/\/+$/, '') || PREFIX;
  return {
    access: {
      endpoints: urls.map(({ origin }) => new URL(origin)),
      user: user === null ? null : decodeURIComponent(user.username),
      password: user === null ? null : decodeURIComponent(user.password),
      authority: authority ?? null,
      certificate: certificate ?? null,
      key: key ?? null,
    },
    prefix,
    shown: `${urls.map(({ origin }) => origin).join(',')}${prefix}`,
  };
}

const invalid = (why: string) => new StorageError('invalid', `--storage etcd: ${why}`);

function readPem(file: string | null): string | null {
  if (file === null) return null;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw invalid(`${file} cannot be read: ${(error as Error).message}`);
  }
}
