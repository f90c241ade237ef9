// Tests of rules as a definition declares them: read against the schema's types, and asked with the values' own types.
import { describe, expect, it } from 'vitest';
import {
  celErrors,
  formatFieldError,
  ruleProblems,
  type StructuralSchema,
  type ValidationRule,
} from '../../../engine/index.ts';
import { celHost } from './host.ts';

const SCHEMA: StructuralSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        count: { type: 'integer' },
        ratio: { type: 'number' },
        name: { type: 'string' },
        on: { type: 'boolean' },
        since: { type: 'string', format: 'date-time' },
        lasting: { type: 'string', format: 'duration' },
        secret: { type: 'string', format: 'byte' },
        port: { 'x-kubernetes-int-or-string': true },
        'max-age': { type: 'integer' },
        namespace: { type: 'string' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        hosts: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
      },
    },
  },
};

function withRule(rule: ValidationRule, at: 'root' | 'spec' | 'item' = 'spec'): StructuralSchema {
  const rules = { 'x-kubernetes-validations': [rule] };
  const spec = SCHEMA.properties!.spec!;
  if (at === 'root') return { ...SCHEMA, ...rules };
  if (at === 'spec') return { ...SCHEMA, properties: { spec: { ...spec, ...rules } } };
  const hosts = spec.properties!.hosts!;
  const items = { ...hosts.items!, ...rules };
  return {
    ...SCHEMA,
    properties: { spec: { ...spec, properties: { ...spec.properties, hosts: { ...hosts, items } } } },
  };
}

const refusals = (rule: ValidationRule, at: 'root' | 'spec' | 'item' = 'spec'): string[] =>
  ruleProblems(withRule(rule, at), 'schema', celHost).map(formatFieldError);

describe('a rule that is declared', () => {
  it.each([
    'self.count > 1 && self.ratio < 2.0 && self.name.startsWith("a") && self.on',
    'self.since > timestamp("2020-01-01T00:00:00Z") && self.lasting < duration("1h")',
    'self.secret.size() > 3 && self.labels.all(k, self.labels[k] != "") && "a" in self.labels',
    'self.hosts.exists(h, h.name == "x") && self.hosts.map(h, h.name).isSorted()',
    'self.port == "http" || self.port == 80',
    'self.max__dash__age > 1 && self.__namespace__ == "x"',
    'has(self.count) ? self.count == oldSelf.count : true',
    'self == oldSelf && self.hosts == oldSelf.hosts && self.labels == oldSelf.labels && !(self != oldSelf)',
    'self.count.all(i, i > 1) || true',
  ])('%s is read', (rule) => {
    if (rule.startsWith('self.count.all')) expect(refusals({ rule })[0]).toContain('cannot be range');
    else expect(refusals({ rule })).toEqual([]);
  });

  it('says where it goes wrong', () => {
    expect(refusals({ rule: 'self.count > 0 && self.cuont < 5' })).toEqual([
      'schema.properties[spec].x-kubernetes-validations[0].rule: Invalid value: "self.count > 0 && self.cuont < 5": ' +
        "compilation failed: ERROR: <input>:1:23: undefined field 'cuont'\n" +
        ' | self.count > 0 && self.cuont < 5\n' +
        ' | ......................^',
    ]);
  });

  it.each([
    ['self.count', 'must evaluate to a bool'],
    ['self.count > ', 'compilation failed: ERROR: <input>:1:14'],
    ['self.count > "a"', 'no such overload'],
    ['other > 1', "undeclared reference to 'other' (in container '')"],
    ['self.name.nothing()', "found no matching overload for 'nothing'"],
    ['  ', 'Required value: rule is not specified'],
  ])('%s is refused', (rule, why) => {
    expect(refusals({ rule }).join()).toContain(why);
  });

  it('may speak of the names of a whole object', () => {
    expect(refusals({ rule: 'self.metadata.name.size() < 10 && self.kind == "Web"' }, 'root')).toEqual([]);
    expect(refusals({ rule: 'self.metadata.labels.size() < 10' }, 'root').join()).toContain("undefined field 'labels'");
  });

  it('looks back only where there is a past', () => {
    expect(refusals({ rule: 'self.name == oldSelf.name' }, 'item').join()).toContain(
      'oldSelf cannot be used on the uncorrelatable portion of the schema within schema.properties[spec].properties[hosts]',
    );
    expect(refusals({ rule: 'oldSelf.hasValue() ? self.on : true', optionalOldSelf: true })).toEqual([]);
    expect(refusals({ rule: 'self.on', optionalOldSelf: true }).join()).toContain(
      'may not be set if oldSelf is not used',
    );
  });

  it('has a message that can be told, and a reason there is', () => {
    expect(refusals({ rule: 'self.on', message: 'a\nb' }).join()).toContain('must not contain line breaks');
    expect(refusals({ rule: 'self.on', message: ' ' }).join()).toContain('must be non-empty');
    expect(refusals({ rule: 'self.on', message: 'a'.repeat(2049) }).join()).toContain('maximum length of 2048');
    expect(refusals({ rule: 'self.on', reason: 'Never' }).join()).toContain('supported values: "FieldValueDuplicate"');
    expect(refusals({ rule: 'self.on', messageExpression: 'self.count' }).join()).toContain(
      'must evaluate to a string',
    );
  });
});

describe('a rule that is asked', () => {
  const asked = (rule: ValidationRule, spec: object, old?: object, at: 'root' | 'spec' = 'spec'): string[] => {
    const whole = (one: object) => ({ kind: 'Web', metadata: { name: 'web' }, spec: one });
    return celErrors(whole(spec), old === undefined ? undefined : whole(old), withRule(rule, at), celHost).map(
      formatFieldError,
    );
  };

  it.each([
    [
      'self.since > timestamp("2020-01-01T00:00:00Z")',
      { since: '2021-01-01T00:00:00Z' },
      { since: '2019-01-01T00:00:00Z' },
    ],
    ['self.lasting <= duration("1h")', { lasting: '59m' }, { lasting: '2h' }],
    ['self.secret == b"abc"', { secret: 'YWJj' }, { secret: 'YWJk' }],
    ['self.max__dash__age < 5', { 'max-age': 4 }, { 'max-age': 6 }],
    ['self.__namespace__ == "x"', { namespace: 'x' }, { namespace: 'y' }],
    ['self.ratio < 2.5 && self.count < 3', { ratio: 2, count: 2 }, { ratio: 3, count: 2 }],
    ['self.labels.all(k, v, k == v)', { labels: { a: 'a' } }, { labels: { a: 'b' } }],
    ['type(self.port) == int', { port: 80 }, { port: 'http' }],
  ])('%s', (rule, good, bad) => {
    expect(asked({ rule }, good)).toEqual([]);
    expect(asked({ rule }, bad)).toEqual([`spec: Invalid value: failed rule: ${rule}`]);
  });

  it('knows the name of the object', () => {
    expect(asked({ rule: 'self.metadata.name == self.spec.name' }, { name: 'web' }, undefined, 'root')).toEqual([]);
    expect(asked({ rule: 'self.metadata.name == self.spec.name' }, { name: 'x' }, undefined, 'root')).toHaveLength(1);
  });

  it('may be told that there is no past', () => {
    const rule = { rule: 'oldSelf.optMap(o, o.count <= self.count).orValue(self.count == 1)', optionalOldSelf: true };
    expect(asked(rule, { count: 1 })).toEqual([]);
    expect(asked(rule, { count: 2 })).toHaveLength(1);
    expect(asked(rule, { count: 3 }, { count: 2 })).toEqual([]);
    expect(asked(rule, { count: 1 }, { count: 2 })).toHaveLength(1);
  });
});
