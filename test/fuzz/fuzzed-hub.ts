// A hub in memory that is asked as clients ask, for tests that draw what they send.
import { type KubeObject, ObjectStore } from '../../engine/index.ts';
import { MASTERS } from '../../executor/apiserver/auth/rbac.ts';
import { type OpenHub, openHub } from '../../executor/apiserver/open-hub.ts';

export const TOKEN = 'the-token-of-the-administrator';

/** Free-form objects, and beside `spec.fixed` nothing is known of them. */
const BOXES: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'boxes.test.dev' },
  spec: {
    group: 'test.dev',
    scope: 'Namespaced',
    names: { plural: 'boxes', kind: 'Box' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        },
      },
    ],
  },
};

export const BOXES_PATH = '/apis/test.dev/v1/namespaces/default/boxes';

export interface Told {
  readonly status: number;
  /** Whatever the hub said, for assertions to look into. */
  readonly body: ReturnType<typeof JSON.parse>;
}

export interface FuzzedHub {
  readonly open: OpenHub;
  ask(method: string, path: string, body?: unknown, type?: string): Told;
  settle(): void;
}

export function fuzzedHub(): FuzzedHub {
  let drawn = 1;
  const open = openHub({
    store: new ObjectStore({ historyMax: 200 }),
    definitions: [BOXES],
    now: () => Date.parse('2026-11-20T10:00:00Z'),
    uid: () => {
      drawn += 1;
      return `aaaaaaaa-0000-4000-8000-${String(drawn).padStart(12, '0')}`;
    },
    draw: (bound) => {
      drawn = (drawn * 48_271) % 2_147_483_647;
      return drawn % bound;
    },
    tokens: new Map([[TOKEN, { name: 'admin', uid: '', groups: [MASTERS], extra: {} }]]),
    secret: new Uint8Array(32),
    rootCertificate: null,
    address: '127.0.0.1:1',
  });
  return {
    open,
    settle: () => open.housekeeping.settle(),
    ask: (method, path, body, type = 'application/json') => {
      const [address = '', query = ''] = path.split('?');
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': type, 'user-agent': 'fuzz/1' };
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
      const request = { method, path: address, query: new URLSearchParams(query), headers, body: Buffer.from(text) };
      const answer = open.answer(request, { headers, certificate: null });
      if (answer.kind !== 'body') return { status: 200, body: answer };
      return { status: answer.status, body: readBody(String(answer.body)) };
    },
  };
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
