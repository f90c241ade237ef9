// Random objects and patches, against models that are written from the standards' own pseudocode and share nothing with us.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { check } from '../properties/check.ts';
import { BOXES_PATH, fuzzedHub } from './fuzzed-hub.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const KEYS = ['a', 'b', 'a/b', 'm~n', '0', '-', '__proto__', 'constructor', 'é'];

const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom<Json>(true, false, '', 'x', 'yy', 'é', 0.5),
);

const tree = (withNull: boolean): fc.Arbitrary<Json> =>
  fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      withNull ? fc.oneof(scalar, fc.constant(null)) : scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 3 }) as fc.Arbitrary<Json>,
    ),
  })).value;

const fields = (withNull: boolean) =>
  fc.dictionary(fc.constantFrom(...KEYS), tree(withNull), { maxKeys: 4 }) as fc.Arbitrary<{ [key: string]: Json }>;

const isFields = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const set = (target: object, key: string, value: unknown) =>
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });

/** RFC 7386, section 2. */
function mergeModel(target: Json | undefined, patch: Json): Json {
  if (!isFields(patch)) return structuredClone(patch);
  const result: { [key: string]: Json } = {};
  if (isFields(target)) for (const key of Object.keys(target)) set(result, key, target[key]);
  for (const key of Object.keys(patch)) {
    if (patch[key] === null) delete result[key];
    else set(result, key, mergeModel(Object.hasOwn(result, key) ? result[key] : undefined, patch[key]!));
  }
  return result;
}

const { ask } = fuzzedHub();
let count = 0;

function makeBox(spec: Json): string {
  count += 1;
  const path = `${BOXES_PATH}/box-${count}`;
  const made = ask('POST', BOXES_PATH, {
    apiVersion: 'test.dev/v1',
    kind: 'Box',
    metadata: { name: `box-${count}` },
    spec,
  });
  expect(made.status).toBe(201);
  return path;
}

it('merge patches do what RFC 7386 says', () => {
  check(
    'merge patches',
    fc.tuple(fields(false), fields(true)),
    ([spec, patch]) => {
      const path = makeBox(spec);
      const patched = ask('PATCH', path, { spec: patch }, 'application/merge-patch+json');
      expect(patched.status).toBe(200);
      const wanted = mergeModel({ spec }, { spec: patch }) as { spec: Json };
      expect(patched.body.spec).toEqual(JSON.parse(JSON.stringify(wanted.spec)));
      expect(ask('GET', path).body.spec).toEqual(patched.body.spec);
    },
    400,
  );
});

interface Operation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: Json;
}

/** Mostly one step, so that it leads somewhere often enough. */
const pointer = fc
  .oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...KEYS)) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom(...KEYS, '1'), { minLength: 2, maxLength: 3 }) },
  )
  .map((parts) => `/spec/${parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant('add' as const), path: pointer, value: tree(false) }) },
  fc.record({ op: fc.constantFrom('replace' as const, 'test' as const), path: pointer, value: tree(false) }),
  fc.record({ op: fc.constant('remove' as const), path: pointer }),
  fc.record({ op: fc.constantFrom('move' as const, 'copy' as const), path: pointer, from: pointer }),
);

class No extends Error {}

/** RFC 6902 on a copy that is changed in place, and Kubernetes' leniency: absent fields equal null when tested. */
function patchModel(document: Json, operations: readonly Operation[]): Json {
  const root = { document: structuredClone(document) };
  const steps = (path: string) =>
    path
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const at = (container: Json, step: string, size: number): number => {
    if (!Array.isArray(container) || !/^(0|[1-9]\d*)$/.test(step) || Number(step) >= size) throw new No();
    return Number(step);
  };
  const child = (container: Json, step: string): Json => {
    if (Array.isArray(container)) return container[at(container, step, container.length)]!;
    if (isFields(container) && Object.hasOwn(container, step)) return container[step]!;
    throw new No();
  };
  const parentOf = (path: string): [Json, string] => {
    const all = steps(path);
    const last = all.pop()!;
    return [all.reduce(child, root.document), last];
  };
  const get = (path: string): Json => steps(path).reduce(child, root.document);
  const add = (path: string, value: Json) => {
    const [container, last] = parentOf(path);
    if (Array.isArray(container)) {
      const place = last === '-' ? container.length : at(container, last, container.length + 1);
      container.splice(place, 0, structuredClone(value));
    } else if (isFields(container)) set(container, last, structuredClone(value));
    else throw new No();
  };
  const remove = (path: string) => {
    const [container, last] = parentOf(path);
    child(container, last);
    if (Array.isArray(container)) container.splice(Number(last), 1);
    else delete (container as { [key: string]: Json })[last];
  };
  for (const { op, path, from = '', value = null } of operations) {
    if (op === 'add') add(path, value);
    else if (op === 'remove') remove(path);
    else if (op === 'replace') {
      const [container, last] = parentOf(path);
      child(container, last);
      if (Array.isArray(container)) container[Number(last)] = structuredClone(value);
      else set(container as object, last, structuredClone(value));
    } else if (op === 'copy') add(path, get(from));
    else if (op === 'move') {
      if (path.startsWith(`${from}/`)) throw new No();
      const moved = structuredClone(get(from));
      remove(from);
      add(path, moved);
    } else if (JSON.stringify(sorted(get(path))) !== JSON.stringify(sorted(value))) throw new No();
  }
  return root.document;
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  const pairs = Object.keys(value)
    .sort()
    .map((key) => [key, sorted(value[key]!)]);
  return { pairs } as Json;
}

it('JSON patches do what RFC 6902 says, wholly or not at all', () => {
  let applied = 0;
  check(
    'JSON patches',
    fc.tuple(fields(false), fc.array(operation, { minLength: 1, maxLength: 3 })),
    ([spec, operations]) => {
      const path = makeBox(spec);
      const patched = ask('PATCH', path, operations, 'application/json-patch+json');
      let wanted: Json | null = null;
      try {
        wanted = (patchModel({ spec }, operations) as { spec: Json }).spec;
      } catch (error) {
        if (!(error instanceof No)) throw error;
      }
      if (wanted === null) {
        expect(patched.status).toBe(422);
        expect(ask('GET', path).body.spec).toEqual(JSON.parse(JSON.stringify(spec)));
        return;
      }
      applied += 1;
      expect(patched.status).toBe(200);
      expect(patched.body.spec).toEqual(JSON.parse(JSON.stringify(wanted)));
    },
    600,
  );
  expect(applied).toBeGreaterThan(50);
});
