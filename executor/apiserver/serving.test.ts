import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeAuthority, makeIdentity, type ServerIdentity, trustIn } from './authority.ts';
import type { ShownCertificate } from './certificate-files.ts';
import { servingOf } from './serving.ts';

const DAY_MS = 24 * 3_600_000;
const START = Date.UTC(2026, 0, 1);

let folder = '';
let now = START;
let authority: ServerIdentity['authority'];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-serving-'));
  now = START;
  authority = await makeAuthority(START);
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);
const endOf = ({ certificate }: ShownCertificate): number => Date.parse(new X509Certificate(certificate).validTo);

function options(files: { certificate: string; key: string } | null, say: (text: string) => void = () => {}) {
  return { authority, hosts: ['127.0.0.1'], files, clientAuthorityFile: null, now: () => now, say };
}

async function put(name: string, madeAt: number): Promise<{ certificate: string; key: string }> {
  const { certificate, key } = await makeIdentity(authority, ['127.0.0.1'], madeAt);
  const files = { certificate: at(`${name}.crt`), key: at(`${name}.key`) };
  writeFileSync(files.certificate, certificate);
  writeFileSync(files.key, key);
  return files;
}

describe("a server's own certificate", () => {
  it('is made anew before it ends, and not sooner', async () => {
    vi.useFakeTimers();
    const serving = await servingOf(options(null));
    const shown: ShownCertificate[] = [];
    const stop = serving.keep({ show: (one) => shown.push(one) });
    now = START + 330 * DAY_MS;
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(shown).toEqual([]);
    now = START + 340 * DAY_MS;
    vi.advanceTimersByTime(3_600_000);
    vi.useRealTimers();
    await expect.poll(() => shown.length).toBe(1);
    expect(endOf(shown[0]!)).toBe(now + 365 * DAY_MS);
    stop();
  });
});

describe('a certificate in files', () => {
  it('is shown as it stands, and its authority is for clients to trust', async () => {
    const { identity } = await servingOf(options(await put('good', START)));
    expect(trustIn(identity)?.trim()).toBe(authority.certificate.trim());
    expect(endOf(identity)).toBe(START + 365 * DAY_MS);
  });

  it('has ended: that is said once', async () => {
    const said: string[] = [];
    const files = await put('old', START - 400 * DAY_MS);
    const serving = await servingOf(options(files, (text) => said.push(text)));
    serving.keep({ show: () => {} })();
    expect(said).toEqual([
      `clients turn away: the certificate in ${files.certificate} expired on 2025-11-27T00:00:00Z`,
    ]);
  });

  it('is refused with the file that is wrong', async () => {
    const [good, other] = [await put('good', START), await put('other', START)];
    writeFileSync(at('empty'), '');
    const wrong = (files: { certificate: string; key: string }) => expect(servingOf(options(files))).rejects;
    await wrong({ ...good, key: other.key }).toThrow(`${other.key} has another key than that of the certificate in`);
    await wrong({ ...good, certificate: at('empty') }).toThrow(`${at('empty')} has no certificate in PEM`);
    await wrong({ ...good, key: at('empty') }).toThrow(`${at('empty')} has no private key in PEM`);
    await wrong({ ...good, key: at('none') }).toThrow(`${at('none')} cannot be read: ENOENT`);
  });
});
