import { describe, expect, it } from 'vitest';
import { PropagationError } from './errors.ts';
import {
  booleanAt,
  fieldsAt,
  listAt,
  mapList,
  mapValue,
  numberAt,
  present,
  textAt,
  textsAt,
  valueAt,
  withValue,
} from './fields.ts';

const object = {
  metadata: { name: 'web', labels: { app: 'web', bad: 1 } },
  spec: { replicas: 3, ratio: 0.5, paused: false, list: [{ a: 1 }, 5], nothing: null },
};

describe('reading a field', () => {
  it('takes absent and null for the same', () => {
    expect(valueAt(object, 'spec', 'nothing')).toBeUndefined();
    expect(valueAt(object, 'spec', 'nothing', 'deeper')).toBeUndefined();
    expect(valueAt(object, 'status', 'deeper')).toBeUndefined();
    expect(listAt(object, 'spec', 'none')).toEqual([]);
  });

  it('gives values of the type asked for', () => {
    expect(numberAt(object, 'spec', 'replicas')).toBe(3);
    expect(textAt(object, 'metadata', 'name')).toBe('web');
    expect(booleanAt(object, 'spec', 'paused')).toBe(false);
    expect(fieldsAt(object, 'metadata', 'labels')).toBe(object.metadata.labels);
  });

  it('tells the place of a value of another type', () => {
    const failures: [() => unknown, string][] = [
      [() => numberAt(object, 'spec', 'ratio'), 'spec.ratio must be a whole number, not 0.5'],
      [() => textAt(object, 'spec', 'replicas'), 'spec.replicas must be a text, not 3'],
      [() => booleanAt(object, 'metadata', 'name'), 'metadata.name must be true or false, not "web"'],
      [() => fieldsAt(object, 'spec', 'list'), 'spec.list must be an object'],
      [() => textsAt(object, 'metadata', 'labels'), 'metadata.labels.bad must be a text, not 1'],
      [() => listAt(object, 'spec', 'list'), 'spec.list.1 must be an object, not 5'],
      [() => listAt(object, 'spec', 'replicas'), 'spec.replicas must be a list, not 3'],
      [() => valueAt(object, 'spec', 'replicas', 'x'), 'spec.replicas must be an object, not 3'],
    ];
    for (const [read, message] of failures) {
      expect(read).toThrow(PropagationError);
      expect(read).toThrow(message);
    }
  });

  it('sees own fields only', () => {
    expect(valueAt({}, 'constructor')).toBeUndefined();
    expect(valueAt({}, '__proto__', 'toString')).toBeUndefined();
  });
});

describe('changing a field', () => {
  it('copies the way to it and shares everything else', () => {
    const changed = withValue(object, 4, 'spec', 'replicas');
    expect(changed.spec.replicas).toBe(4);
    expect(object.spec.replicas).toBe(3);
    expect(changed.metadata).toBe(object.metadata);
    expect(changed.spec.list).toBe(object.spec.list);
  });

  it('makes the objects on the way, but not in order to take something away', () => {
    expect(withValue({}, 1, 'a', 'b')).toEqual({ a: { b: 1 } });
    expect(withValue({}, undefined, 'a', 'b')).toEqual({});
    expect(withValue({ a: { b: 1, c: 2 } }, undefined, 'a', 'b')).toEqual({ a: { c: 2 } });
    expect(withValue({ a: null }, 1, 'a', 'b')).toEqual({ a: { b: 1 } });
  });

  it('never reaches a prototype', () => {
    const changed = withValue({}, { polluted: true }, '__proto__') as { polluted?: boolean };
    expect(changed.polluted).toBeUndefined();
    expect(Object.hasOwn(changed, '__proto__')).toBe(true);
  });

  it('refuses to go through what is no object', () => {
    expect(() => withValue({ a: 'text' }, 1, 'a', 'b')).toThrow('a must be an object, not "text"');
  });

  it('leaves what is absent absent when it maps', () => {
    const double = (value: unknown) => (value as number) * 2;
    expect(mapValue({ a: 2 }, double, 'a')).toEqual({ a: 4 });
    expect(mapValue({}, double, 'a')).toEqual({});
    expect(mapList({ l: [{ a: 1 }] }, (item) => ({ ...item, b: 2 }), 'l')).toEqual({ l: [{ a: 1, b: 2 }] });
    expect(mapList({}, (item) => item, 'l')).toEqual({});
  });
});

describe('present fields', () => {
  it('are those that are not undefined', () => {
    expect(Object.keys(present({ a: undefined, b: null, c: 0 }))).toEqual(['b', 'c']);
  });
});
