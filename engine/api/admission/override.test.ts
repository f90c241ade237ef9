import { describe, expect, it } from 'vitest';
import { overrideOf, overridingBy, refusedAt } from '../../../test/builders/admitted.ts';

const RULE = 'spec.overrideRules[0].overriders';
const add = (value?: object) => [{ operator: 'add', value }];
const inField = (more: object) => ({ fieldOverrider: [{ fieldPath: '/data/a', ...more }] });
const patch = (operator: string, more: object = {}) => [{ subPath: '/b', operator, ...more }];

const REFUSED: readonly (readonly [string, object, string])[] = [
  ['a label that cannot be a key', { labelsOverrider: add({ 'a~b': 'c' }) }, '.labelsOverrider[0].value["a~b"]'],
  ['a label that cannot be a value', { labelsOverrider: add({ a: 'b c' }) }, '.labelsOverrider[0].value.a'],
  ['labels without any', { labelsOverrider: add() }, '.labelsOverrider[0].value'],
  ['annotations without any', { annotationsOverrider: add() }, '.annotationsOverrider[0].value'],
  [
    'an annotation that cannot be a key',
    { annotationsOverrider: add({ 'a~b': 'c d' }) },
    '.annotationsOverrider[0].value["a~b"]',
  ],
  ['a field without edits', inField({}), '.fieldOverrider[0]'],
  [
    'a field that is JSON and YAML',
    inField({ json: patch('remove'), yaml: patch('remove') }),
    '.fieldOverrider[0].yaml',
  ],
  ['an edit that lacks its value', inField({ json: patch('add') }), '.fieldOverrider[0].json[0].value'],
  ['an edit that puts nothing', inField({ yaml: patch('replace') }), '.fieldOverrider[0].yaml[0].value'],
  [
    'an edit that takes away a value',
    inField({ yaml: patch('remove', { value: 1 }) }),
    '.fieldOverrider[0].yaml[0].value',
  ],
  [
    'a field at no pointer',
    { fieldOverrider: [{ fieldPath: 'data', json: patch('remove') }] },
    '.fieldOverrider[0].fieldPath',
  ],
  [
    'an edit at no pointer',
    inField({ json: [{ subPath: 'b', operator: 'remove' }] }),
    '.fieldOverrider[0].json[0].subPath',
  ],
  [
    'an image at no pointer',
    { imageOverrider: [{ component: 'Tag', operator: 'remove', predicate: { path: 'spec' } }] },
    '.imageOverrider[0].predicate.path',
  ],
];

const TAKEN: readonly (readonly [string, object])[] = [
  ['a plaintext edit anywhere', { plaintext: [{ path: 'spec/replicas', operator: 'remove' }] }],
  ['a plaintext edit of everything', { plaintext: [{ path: '', operator: 'replace', value: {} }] }],
  ['a plaintext edit without a value', { plaintext: [{ path: '/spec', operator: 'replace' }] }],
  ['an image that gets nothing', { imageOverrider: [{ component: 'Registry', operator: 'add' }] }],
  ['an edit of a whole document', inField({ yaml: [{ subPath: '', operator: 'replace', value: 1 }] })],
  ['an empty list beside a filled one', inField({ json: [], yaml: patch('remove') })],
  ['a container without a name', { commandOverrider: [{ containerName: '', operator: 'add' }] }],
  ['annotations in capitals', { annotationsOverrider: add({ 'Example.com/A': 'b c' }) }],
];

describe('a rule of overrides', () => {
  it.each(REFUSED)('does not have %s', (_, overriders, place) => {
    expect(refusedAt(overridingBy(overriders))).toEqual([`${RULE}${place}`]);
  });

  it.each(TAKEN)('may have %s', (_, overriders) => expect(refusedAt(overridingBy(overriders))).toEqual([]));

  it('has no old form of one beside it', () => {
    const old = { plaintext: [{ path: '/a', operator: 'remove' }] };
    expect(refusedAt(overrideOf({ overrideRules: [], overriders: old }))).toEqual(['spec.overrideRules']);
    expect(refusedAt(overrideOf({ overrideRules: [], targetCluster: {} }))).toEqual(['spec.overrideRules']);
    expect(refusedAt(overrideOf({ overrideRules: [], overriders: { plaintext: [], imageOverrider: [] } }))).toEqual([]);
  });
});

describe('the old form of one rule', () => {
  it('is left as it is', () => {
    const bad = { labelsOverrider: add({ 'a~b': 'c d' }), ...inField({ json: patch('add') }) };
    expect(refusedAt(overrideOf({ overriders: bad }))).toEqual([]);
    expect(refusedAt(overrideOf({ overriders: { labelsOverrider: add() } }))).toEqual([
      'spec.overriders.labelsOverrider[0].value',
    ]);
  });
});
