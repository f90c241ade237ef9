// Server-side apply by several managers, against a model of a few lines: values, owners, conflicts and what is given up.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { check } from '../properties/check.ts';
import { BOXES_PATH, fuzzedHub } from './fuzzed-hub.ts';

const FIELDS = ['a', 'b', 'c', 'd'];
const MANAGERS = ['ann', 'bob', 'cid'];

interface Step {
  readonly manager: string;
  /** How it is written: applied, or merged in, which never conflicts. */
  readonly way: 'apply' | 'force' | 'merge';
  readonly fields: Readonly<Record<string, number>>;
}

const step: fc.Arbitrary<Step> = fc.record({
  manager: fc.constantFrom(...MANAGERS),
  way: fc.constantFrom('apply', 'apply', 'force', 'merge'),
  fields: fc.dictionary(fc.constantFrom(...FIELDS), fc.integer({ min: 0, max: 2 })),
});

/** What is there, and who holds each field: "ann apply" and "ann merge" are two. */
class Model {
  values = new Map<string, number>();
  owners = new Map<string, Set<string>>();

  /** The owners in the way, if any are. */
  take({ manager, way, fields }: Step): readonly string[] {
    const me = `${manager} ${way === 'merge' ? 'merge' : 'apply'}`;
    const wanted = Object.entries(fields);
    const others = (field: string) => [...(this.owners.get(field) ?? [])].filter((one) => one !== me);
    if (way === 'merge') {
      for (const [field, value] of wanted) {
        if (this.values.get(field) === value) continue;
        this.values.set(field, value);
        this.owners.set(field, new Set([me]));
      }
      return [];
    }
    const inTheWay = wanted
      .filter(([field, value]) => this.values.has(field) && this.values.get(field) !== value)
      .flatMap(([field]) => others(field));
    if (inTheWay.length > 0 && way !== 'force') return inTheWay;
    for (const [field, held] of this.owners) {
      if (!held.has(me) || Object.hasOwn(fields, field)) continue;
      held.delete(me);
      if (held.size > 0) continue;
      this.owners.delete(field);
      this.values.delete(field);
    }
    for (const [field, value] of wanted) {
      const isSame = this.values.get(field) === value;
      this.values.set(field, value);
      this.owners.set(field, new Set(isSame ? [...others(field), me] : [me]));
    }
    return [];
  }
}

/** Holders of each field, as the object's record tells them. */
function ownersIn(managedFields: readonly Record<string, unknown>[] = []): Record<string, string[]> {
  const owners: Record<string, string[]> = {};
  for (const { manager, operation, fieldsV1 } of managedFields) {
    const held = (fieldsV1 as Record<string, Record<string, unknown>>)['f:spec'] ?? {};
    for (const key of Object.keys(held)) {
      if (!key.startsWith('f:')) continue;
      const field = key.slice(2);
      owners[field] = [...(owners[field] ?? []), `${manager} ${operation === 'Apply' ? 'apply' : 'merge'}`];
    }
  }
  return Object.fromEntries(Object.entries(owners).map(([field, held]) => [field, held.sort()]));
}

const { ask } = fuzzedHub();
let count = 0;

it('keeps values and owners as the model does', () => {
  let conflicts = 0;
  check(
    'applies',
    fc.array(step, { minLength: 1, maxLength: 8 }),
    (steps) => {
      count += 1;
      const name = `applied-${count}`;
      const path = `${BOXES_PATH}/${name}`;
      const model = new Model();
      const body = (fields: object) => ({ apiVersion: 'test.dev/v1', kind: 'Box', metadata: { name }, spec: fields });
      // Somebody has to make it before anybody can merge into it.
      expect(ask('PATCH', `${path}?fieldManager=maker`, body({}), 'application/apply-patch+yaml').status).toBe(201);
      for (const one of steps) {
        const { manager, way, fields } = one;
        const type = way === 'merge' ? 'application/merge-patch+json' : 'application/apply-patch+yaml';
        const query = `fieldManager=${manager}${way === 'force' ? '&force=true' : ''}`;
        const answer = ask('PATCH', `${path}?${query}`, way === 'merge' ? { spec: fields } : body(fields), type);
        const inTheWay = model.take(one);
        if (inTheWay.length > 0) {
          conflicts += 1;
          expect(answer.status).toBe(409);
          for (const owner of inTheWay) expect(answer.body.message).toContain(`"${owner.split(' ')[0]}"`);
        } else {
          expect(answer.status).toBe(200);
        }
        const now = ask('GET', path).body;
        expect(now.spec ?? {}).toEqual(Object.fromEntries(model.values));
        const told = Object.fromEntries([...model.owners].map(([field, held]) => [field, [...held].sort()]));
        expect(ownersIn(now.metadata.managedFields)).toEqual(told);
      }
    },
    300,
  );
  expect(conflicts).toBeGreaterThan(20);
});
