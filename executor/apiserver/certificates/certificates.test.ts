import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObjectStore } from '../../../engine/index.ts';
import { MASTERS } from '../auth/rbac.ts';
import { makeAuthority } from '../authority.ts';
import { type OpenHub, openHub } from '../open-hub.ts';
import { bitString, element, oid, readElements, sequence, TAG } from './der.ts';
import type { SigningAuthority } from './issue.ts';
import { readSigningRequest, SigningRequestError } from './signing-request.ts';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const PATH = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const SIGNER = 'kubernetes.io/kube-apiserver-client';
const ECDSA = '1.2.840.10045.4.3.2';

const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

interface Keys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** As a client would write it: PEM in base64. */
function requestFor(user: string, groups: readonly string[], keys: Keys, algorithm = ECDSA, signedBy = keys): string {
  const attribute = (name: string, value: string) =>
    element(TAG.set, sequence(oid(name), element(0x0c, Buffer.from(value))));
  const subject = sequence(attribute('2.5.4.3', user), ...groups.map((group) => attribute('2.5.4.10', group)));
  const key = keys.publicKey.export({ format: 'der', type: 'spki' });
  const info = sequence(element(TAG.integer, Uint8Array.from([0])), subject, key, element(0xa0));
  const signature = sign(algorithm === '1.3.101.112' ? null : 'sha256', info, signedBy.privateKey);
  const whole = Buffer.from(sequence(info, sequence(oid(algorithm)), bitString(signature)));
  const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${whole.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
  return Buffer.from(pem).toString('base64');
}

/** Null for a request that can be read; any other error than its own is thrown. */
function whyNot(request: string): string | null {
  try {
    readSigningRequest(request);
    return null;
  } catch (error) {
    if (error instanceof SigningRequestError) return error.message;
    throw error;
  }
}

describe('requests for certificates', () => {
  let hub: OpenHub;
  let authority: SigningAuthority;

  beforeEach(async () => {
    authority = await makeAuthority(NOW);
    let drawn = 0;
    const user = (name: string, groups: readonly string[]) => ({ name, uid: `uid-of-${name}`, groups, extra: {} });
    hub = openHub({
      store: new ObjectStore(),
      now: () => NOW,
      uid: () => {
        drawn += 1;
        return `uid-${drawn}`;
      },
      draw: () => 0,
      tokens: new Map([
        ['admin-token', user('admin', [MASTERS])],
        ['robot-token', user('robot', ['robots'])],
      ]),
      secret: new Uint8Array(32),
      rootCertificate: authority.certificate,
      signing: authority,
      address: '127.0.0.1:1',
    });
  });

  afterEach(() => hub.housekeeping.close());

  function ask(method: string, path: string, body: unknown, by = 'admin') {
    const headers = { authorization: `Bearer ${by}-token`, 'content-type': 'application/json' };
    const text = new TextEncoder().encode(body === null ? '' : JSON.stringify(body));
    const answer = hub.answer(
      { method, path, query: new URLSearchParams(), headers, body: text },
      { headers, certificate: null },
    );
    if (answer.kind !== 'body') throw new Error('a body is expected');
    hub.housekeeping.settle();
    return JSON.parse(String(answer.body));
  }

  const request = (spec: object) => ({
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'carla' },
    spec: { signerName: SIGNER, usages: ['client auth'], ...spec },
  });

  function approved(by = 'admin') {
    const found = ask('GET', `${PATH}/carla`, null);
    const condition = { type: 'Approved', status: 'True', reason: 'Test' };
    return ask('PUT', `${PATH}/carla/approval`, { ...found, status: { conditions: [condition] } }, by);
  }

  const statusNow = () => ask('GET', `${PATH}/carla`, null).status;

  it.each([
    ['an elliptic key', ec(), ECDSA],
    ['an RSA key', generateKeyPairSync('rsa', { modulusLength: 2048 }), '1.2.840.113549.1.1.11'],
    ['an Ed25519 key', generateKeyPairSync('ed25519'), '1.3.101.112'],
  ])('are signed once they are approved, for %s', (_, keys, algorithm) => {
    ask(
      'POST',
      PATH,
      request({ request: requestFor('carla', ['ops', 'dev'], keys, algorithm), expirationSeconds: 3600 }),
    );
    expect(statusNow()).toEqual({});
    approved();
    const pem = Buffer.from(statusNow().certificate, 'base64').toString();
    const made = new X509Certificate(pem);
    const root = new X509Certificate(authority.certificate);
    expect([made.verify(root.publicKey), made.checkIssued(root), made.ca]).toEqual([true, true, false]);
    expect(made.subject.split('\n')).toEqual(['CN=carla', 'O=ops', 'O=dev']);
    expect(made.publicKey.equals(keys.publicKey)).toBe(true);
    expect(made.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(Date.parse(made.validTo) - NOW).toBe(3_600_000);
    expect(statusNow().conditions[0].lastTransitionTime).toBe('2026-11-20T10:00:00Z');
  });

  it('tell who made them, whatever they say, and stay as they are', () => {
    hub.hub.store.put('rbac.authorization.k8s.io/clusterroles', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'asks' },
      rules: [{ verbs: ['create', 'update'], apiGroups: ['certificates.k8s.io'], resources: ['*'] }],
    });
    hub.hub.store.put('rbac.authorization.k8s.io/clusterrolebindings', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'asks' },
      subjects: [{ kind: 'User', name: 'robot' }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'asks' },
    });
    const asked = request({ request: requestFor('carla', [], ec()), username: 'admin', groups: [MASTERS] });
    const made = ask('POST', PATH, asked, 'robot');
    expect(made.spec).toMatchObject({
      username: 'robot',
      uid: 'uid-of-robot',
      groups: ['robots', 'system:authenticated'],
    });
    expect(approved('robot')).toMatchObject({
      code: 403,
      message: expect.stringContaining('not permitted to approve'),
    });
    const changed = ask('PUT', `${PATH}/carla`, { ...made, spec: { ...made.spec, username: 'admin' } });
    expect(changed.spec.username).toBe('robot');
  });

  it('are refused where they would make masters, and where they are none', () => {
    const refused = (spec: object) => ask('POST', PATH, request(spec));
    expect(refused({ request: requestFor('x', [MASTERS], ec()) })).toMatchObject({ code: 403 });
    const good = requestFor('carla', [], ec());
    expect(refused({ request: 'eA==' }).message).toContain('PEM block type must be CERTIFICATE REQUEST');
    expect(refused({ request: good, signerName: 'no-domain' }).message).toContain('spec.signerName');
    expect(refused({ request: good, usages: ['flying'] }).message).toContain('spec.usages[0]');
    expect(refused({ request: good, expirationSeconds: 5 }).message).toContain('600 seconds');
    const stolen = requestFor('carla', [], ec(), ECDSA, ec());
    expect(refused({ request: stolen }).message).toContain('not by its key');
  });

  it('fail where the signer does not take them, and go when they have been answered for a while', () => {
    ask('POST', PATH, request({ request: requestFor('carla', [], ec()), usages: ['server auth'] }));
    approved();
    expect(statusNow().conditions.at(-1)).toMatchObject({ type: 'Failed', reason: 'SignerValidationFailure' });
    hub.housekeeping.forgetSigned();
    expect(statusNow().conditions).toHaveLength(2);
    const collection = 'certificates.k8s.io/certificatesigningrequests';
    const { metadata, ...rest } = hub.hub.store.get(collection, '', 'carla')!;
    hub.hub.store.put(collection, { ...rest, metadata: { ...metadata, creationTimestamp: '2026-11-20T08:59:00Z' } });
    hub.housekeeping.forgetSigned();
    expect(ask('GET', `${PATH}/carla`, null).code).toBe(404);
  });

  it('that cannot be read end in a clear word, never in a crash', () => {
    const whole = Buffer.from(requestFor('carla', ['ops'], ec()), 'base64').toString();
    const der = Buffer.from(whole.split('\n')[1]!, 'base64');
    for (let at = 0; at < der.length; at += 1) {
      for (const bytes of [
        der.subarray(0, at),
        Buffer.concat([der.subarray(0, at), Buffer.from([der[at]! ^ 0x81]), der.subarray(at + 1)]),
      ]) {
        const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
        const told = whyNot(Buffer.from(pem).toString('base64'));
        // What is signed cannot be changed; around it there are bits that mean nothing.
        if (bytes.length < der.length || at < der.length / 2) expect(told).toMatch(/certificate request|PEM/);
      }
    }
    expect(() => readElements(Uint8Array.from([0x30, 0x85, 1, 1, 1, 1, 1]))).toThrow('length');
  });
});
