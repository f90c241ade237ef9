// A hub in memory with Karmada's kinds, asked by its administrator as clients ask it.
import { ObjectStore } from '../../engine/index.ts';
import { MASTERS } from '../../executor/apiserver/auth/rbac.ts';
import { type HubOptions, type OpenHub, openHub } from '../../executor/apiserver/open-hub.ts';
import { karmadaDefinitions, servedKinds } from '../../executor/apiserver/resources/karmada-definitions.ts';

export interface Told {
  readonly status: number;
  /** Whatever the hub said, for assertions to look into. */
  readonly body: ReturnType<typeof JSON.parse>;
}

export interface AskedHub {
  readonly open: OpenHub;
  /** Everything that follows from the request is done as well. */
  ask(method: string, path: string, body?: object): Told;
}

const TOKEN = 'a-token-for-tests-only';

export function askedHub(options: Partial<HubOptions> = {}): AskedHub {
  let drawn = 0;
  const open = openHub({
    store: new ObjectStore(),
    now: () => Date.parse('2026-11-20T10:00:00Z'),
    uid: () => {
      drawn += 1;
      return `uid-${drawn}`;
    },
    draw: () => 0,
    definitions: karmadaDefinitions(),
    served: servedKinds(),
    tokens: new Map([[TOKEN, { name: 'admin', uid: '', groups: [MASTERS], extra: {} }]]),
    secret: new Uint8Array(32),
    rootCertificate: null,
    address: '127.0.0.1:1',
    ...options,
  });
  const ask = (method: string, path: string, body?: object): Told => {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': type };
    const text = new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body));
    const asked = { method, path, query: new URLSearchParams(), headers, body: text };
    const answer = open.answer(asked, { headers, certificate: null });
    open.housekeeping.settle();
    if (answer.kind !== 'body') throw new Error('a body is expected');
    return { status: answer.status, body: JSON.parse(String(answer.body)) };
  };
  return { open, ask };
}
