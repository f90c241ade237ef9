import { describe, expect, it } from 'vitest';
import { findCondition, hasConditionStatus, withCondition } from './conditions.ts';

const ready = (status: 'True' | 'False', message = '') => ({ type: 'Ready', status, reason: 'R', message });

describe('conditions', () => {
  it('remember when the status last changed, not when the words did', () => {
    const first = withCondition(undefined, ready('True'), 1000);
    const same = withCondition(first, ready('True', 'still'), 2000);
    expect(same).toEqual([{ ...ready('True', 'still'), lastTransitionTime: '1970-01-01T00:00:01Z' }]);
    const changed = withCondition(same, ready('False'), 3000);
    expect(changed).toEqual([{ ...ready('False'), lastTransitionTime: '1970-01-01T00:00:03Z' }]);
  });

  it('keep their places, and leave the list they came from alone', () => {
    const list = Object.freeze(withCondition(withCondition([], ready('True'), 0), { ...ready('True'), type: 'B' }, 0));
    const next = withCondition(list, ready('False'), 0);
    expect(next.map(({ type, status }) => [type, status])).toEqual([
      ['Ready', 'False'],
      ['B', 'True'],
    ]);
    expect(list[0]?.status).toBe('True');
  });

  it('are found by their type', () => {
    const list = withCondition([], ready('True'), 0);
    expect(findCondition(list, 'Ready')?.reason).toBe('R');
    expect(findCondition(undefined, 'Ready')).toBeUndefined();
    expect(hasConditionStatus(list, 'Ready', 'True')).toBe(true);
    expect(hasConditionStatus(list, 'Gone', 'True')).toBe(false);
  });
});
