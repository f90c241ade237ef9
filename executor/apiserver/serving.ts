// What a server shows to be known by: a certificate of its own authority, made anew before it ends, or one in files that somebody
// else renews.
import { makeIdentity, type ServerIdentity } from './authority.ts';
import {
  authoritiesIn,
  type CertificateFiles,
  certificatesIn,
  endOf,
  followCertificateFiles,
  readAuthorities,
  readCertificateFiles,
} from './certificate-files.ts';
import type { HubServer } from './server.ts';

export interface ServingOptions {
  readonly authority: ServerIdentity['authority'];
  /** By which names and addresses clients may find it. */
  readonly hosts: readonly string[];
  /** Null for a certificate of the authority's. */
  readonly files: CertificateFiles | null;
  /** Others whose word for clients is believed. */
  readonly clientAuthorityFile: string | null;
  readonly now: () => number;
  readonly say: (text: string) => void;
}

export interface Serving {
  readonly identity: ServerIdentity;
  /** Sees to it that the server always shows what is good, until the answer is called. */
  readonly keep: (server: Pick<HubServer, 'show'>) => () => void;
}

const LOOK_MS = 3_600_000;
const DAY_MS = 24 * LOOK_MS;
/** Early enough for whoever is away for a while. */
const AHEAD_MS = 30 * DAY_MS;

/** Throws a CertificateFileError for files that do not do. */
export async function servingOf(options: ServingOptions): Promise<Serving> {
  const { authority, hosts, files, clientAuthorityFile, now, say } = options;
  const clientAuthorities = clientAuthorityFile === null ? null : await readAuthorities(clientAuthorityFile);
  const others = clientAuthorities === null ? {} : { clientAuthorities };
  if (files === null) {
    const identity = { ...(await makeIdentity(authority, hosts, now())), ...others };
    return { identity, keep: (server) => keepOwn(identity, server, options) };
  }
  const shown = await readCertificateFiles(files);
  return {
    identity: { authority, ...shown, trust: authoritiesIn(shown.certificate), ...others },
    keep: (server) => followCertificateFiles(files, shown, { renewed: (renewed) => server.show(renewed), say, now }),
  };
}

function keepOwn(first: ServerIdentity, server: Pick<HubServer, 'show'>, options: ServingOptions): () => void {
  const { authority, hosts, now } = options;
  let shown = first;
  const look = async () => {
    if (endOf(certificatesIn(shown.certificate)[0]!) - now() > AHEAD_MS) return;
    shown = await makeIdentity(authority, hosts, now());
    server.show(shown);
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  return () => clearInterval(timer);
}
