// Tests that a record of a move is taken only as it was noted.
import { describe, expect, it } from 'vitest';
import { RECORD_ANNOTATION, recordOf } from './record.ts';

const RECORD = {
  verb: 'migrate',
  from: 'm1',
  to: 'm2',
  before: {
    placement: { clusterAffinity: { clusterNames: ['m1'] } },
    propagateDeps: false,
    clusters: [{ name: 'm1' }],
  },
  placement: {},
  policy: { apiVersion: 'policy.karmada.io/v1alpha1', kind: 'PropagationPolicy', namespace: 'shop', name: 'web' },
  made: null,
};

const noted = (text: string) => recordOf({ metadata: { name: 'web', annotations: { [RECORD_ANNOTATION]: text } } });

describe('the record of a move', () => {
  it('is read as it was noted', () => {
    expect(noted(JSON.stringify(RECORD))).toEqual(RECORD);
    expect(noted(JSON.stringify({ ...RECORD, verb: 'clone', from: null }))).toMatchObject({ from: null });
  });

  it.each([
    ['is no JSON', '{'],
    ['is no object', '[]'],
    ['has lost what was before', JSON.stringify({ ...RECORD, before: undefined })],
    ['names no clusters', JSON.stringify({ ...RECORD, before: { ...RECORD.before, clusters: 2 } })],
    ['says nonsense of a placement', JSON.stringify({ ...RECORD, placement: { clusterTolerations: 5 } })],
    ['names no policy', JSON.stringify({ ...RECORD, policy: { name: { toString: 1 } } })],
  ])('is none where it %s', (_how, text) => {
    expect(noted(text)).toBeNull();
  });
});
