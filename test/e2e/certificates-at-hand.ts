// Certificates for tests, good or ended, in files that are renewed as whoever renews them in earnest does it.
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeAuthority, makeClient, makeIdentity } from '../../executor/apiserver/authority.ts';
import { kubeconfigText } from '../../executor/apiserver/kubeconfig.ts';

export type Authority = Awaited<ReturnType<typeof makeAuthority>>;

const YEAR_MS = 365 * 24 * 3_600_000;
/** Certificates are made for a year. */
const LONG_AGO_MS = 2 * YEAR_MS;
const madeAt = (isGood: boolean): number => Date.now() - (isGood ? 0 : LONG_AGO_MS);

/** Old enough for certificates that have ended. */
export const authorityAtHand = (): Promise<Authority> => makeAuthority(Date.now() - LONG_AGO_MS);

/** Where a server finds its certificate. */
export const filesIn = (folder: string) => ({
  certificate: join(folder, 'tls.crt'),
  key: join(folder, 'tls.key'),
  authority: join(folder, 'ca.crt'),
});

async function put(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export async function putServing(folder: string, authority: Authority, isGood: boolean): Promise<void> {
  const made = await makeIdentity(authority, ['127.0.0.1'], madeAt(isGood));
  const files = filesIn(folder);
  await put(files.key, made.key);
  await put(files.certificate, made.certificate);
  await put(files.authority, authority.certificate);
}

export interface Client {
  readonly file: string;
  readonly server: string;
  readonly user: string;
  readonly isGood: boolean;
}

/** A kubeconfig with a client certificate of somebody who may do everything. */
export async function putClient(authority: Authority, { file, server, user, isGood }: Client): Promise<void> {
  const proof = await makeClient(authority, user, ['system:masters'], madeAt(isGood));
  await put(file, kubeconfigText({ name: 'here', server, authority: authority.certificate, proof, user }));
}
