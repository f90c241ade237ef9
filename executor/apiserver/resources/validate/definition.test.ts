// Tests of what a custom resource definition must satisfy.
import { describe, expect, it } from 'vitest';
import { formatFieldError, type KubeObject } from '../../../../engine/index.ts';
import { karmadaDefinitions } from '../karmada-definitions.ts';
import { definitionProblems } from './definition.ts';

type Schema = Record<string, unknown>;

const version = (schema: Schema, name = 'v1', storage = true) => ({
  name,
  served: true,
  storage,
  schema: { openAPIV3Schema: schema },
});

const definition = (versions: readonly object[], more: object = {}): KubeObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'webs.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'webs', singular: 'web', kind: 'Web', listKind: 'WebList' },
    versions,
    ...more,
  },
});

const told = (object: KubeObject): string[] => definitionProblems(object).map(formatFieldError);
const ofField = (field: Schema): string[] =>
  told(definition([version({ type: 'object', properties: { field } })])).map((text) =>
    text.replace('spec.validation.openAPIV3Schema.properties[field]', 'FIELD'),
  );

describe('a definition', () => {
  it('of each kind that is served from the beginning is right', () => {
    expect(karmadaDefinitions().flatMap(definitionProblems)).toEqual([]);
  });

  it('tells where in which version a schema goes wrong, unless all versions have the same', () => {
    const bad = { type: 'object', properties: { spec: {} } };
    const why = 'properties[spec].type: Required value: must not be empty for specified object fields';
    expect(told(definition([version(bad)]))).toEqual([`spec.validation.openAPIV3Schema.${why}`]);
    expect(told(definition([version({ type: 'object' }), version(bad, 'v2', false)]))).toEqual([
      `spec.versions[1].schema.openAPIV3Schema.${why}`,
    ]);
  });

  it('has versions with names of their own, one of them stored', () => {
    const same = version({ type: 'object' });
    expect(told(definition([same, same])).join()).toContain('must contain unique version names');
    expect(told(definition([same, same])).join()).toContain('must have exactly one version marked as storage version');
    expect(told(definition([version({ type: 'object' }, 'V_1')])).join()).toContain('spec.versions[0].name');
    expect(told(definition([{ name: 'v1', storage: true }])).join()).toContain(
      'spec.versions[0].schema.openAPIV3Schema: Required value',
    );
    expect(told(definition([version({ type: 'array', items: { type: 'string' } })])).join()).toContain(
      'object at the root',
    );
  });

  it('converts by a webhook that is named, or not at all', () => {
    const versions = [version({ type: 'object' })];
    const conversion = (one: object) => told(definition(versions, { conversion: one })).join();
    expect(conversion({ strategy: 'None' })).toBe('');
    expect(conversion({ strategy: 'Webhook' })).toContain('required when strategy is set to Webhook');
    expect(conversion({ strategy: 'None', webhook: {} })).toContain('should not be set');
    expect(conversion({ strategy: 'Magic' })).toContain('supported values: "None", "Webhook"');
  });
});

describe('a field of a schema', () => {
  it.each<Schema>([
    { type: 'integer', default: 3, minimum: 1 },
    { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
    { 'x-kubernetes-preserve-unknown-fields': true },
    { type: 'string', nullable: true, default: null },
    { type: 'object', additionalProperties: { type: 'string' }, 'x-kubernetes-map-type': 'atomic' },
    {
      type: 'object',
      properties: { a: { type: 'string' } },
      oneOf: [{ required: ['a'] }, { not: { required: ['a'] } }],
    },
    {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
    },
  ])('%j is right', (field) => {
    expect(ofField(field)).toEqual([]);
  });

  it.each<[Schema, string]>([
    [
      { type: 'integer', default: 'x' },
      'FIELD.default: Invalid value: "string": spec.validation.openAPIV3Schema.properties[field].default in body must be of type',
    ],
    [{ type: 'integer', default: 0, minimum: 1 }, 'should be greater than or equal to 1'],
    [{ type: 'string', default: null }, 'must be of type object: "null"'],
    [{ type: 'word' }, 'FIELD.type: Unsupported value: "word"'],
    [{ type: 'array' }, 'FIELD.items: Required value: must be specified'],
    [{ type: 'string', pattern: '(' }, 'FIELD.pattern: Invalid value: "(": must be a valid regular expression'],
    [{ type: 'string', 'x-kubernetes-int-or-string': true }, 'must be empty if x-kubernetes-int-or-string is true'],
    [{ type: 'string', 'x-kubernetes-preserve-unknown-fields': true }, 'must be object if'],
    [{ type: 'object', properties: {}, additionalProperties: { type: 'string' } }, 'mutual exclusive'],
    [{ type: 'object', additionalProperties: false }, 'cannot be set to false'],
    [{ type: 'object', $ref: '#/x' }, 'FIELD.$ref: Forbidden'],
    [{ type: 'array', items: { type: 'string' }, uniqueItems: true }, 'uniqueItems cannot be set to true'],
    [{ type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'map' }, 'must not be empty if'],
    [{ type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'heap' }, 'Unsupported value: "heap"'],
    [{ type: 'string', 'x-kubernetes-list-type': 'set' }, 'must be array if x-kubernetes-list-type is specified'],
    [{ type: 'string', 'x-kubernetes-map-type': 'atomic' }, 'must be object if x-kubernetes-map-type is specified'],
    [{ type: 'array', items: { type: 'string' }, 'x-kubernetes-list-map-keys': ['a'] }, 'must be map if'],
    [
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: { type: 'object', properties: { name: { type: 'string' } } },
      },
      'FIELD.items.properties[name].default: Required value: this property is in x-kubernetes-list-map-keys',
    ],
    [
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['other'],
        items: { type: 'object', properties: { name: { type: 'string' } } },
      },
      'entries must all be names of item properties',
    ],
    [{ type: 'string', anyOf: [{ type: 'string' }] }, 'FIELD.anyOf[0].type: Forbidden: must be empty to be structural'],
    [{ type: 'object', not: { properties: { a: { default: 1 } } } }, 'FIELD.not.properties[a].default: Forbidden'],
  ])('%j is wrong', (field, why) => {
    expect(ofField(field).join()).toContain(why);
  });

  it('metadata may only be said to have names', () => {
    const metadata = (properties: object) =>
      told(definition([version({ type: 'object', properties: { metadata: { type: 'object', properties } } })]));
    expect(metadata({ name: { type: 'string', maxLength: 5 } })).toEqual([]);
    expect(metadata({ labels: { type: 'object' } }).join()).toContain('anything other than name and generateName');
  });
});
