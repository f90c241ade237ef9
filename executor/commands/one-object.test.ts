import { describe, expect, it } from 'vitest';
import { objectAskedFor } from './one-object.ts';

const asked = (kind?: string, name?: string) => objectAskedFor({ _: [], $0: '', kind, name });

describe('the one object that a command is about', () => {
  it('is named in two words or in one', () => {
    expect(asked('deployment', 'web')).toEqual({ kind: 'deployment', name: 'web' });
    expect(asked('deploy/web')).toEqual({ kind: 'deploy', name: 'web' });
    expect(asked()).toBe(null);
  });

  it.each([
    [['deployment'], 'not one object'],
    [['deploy,svc', 'web'], 'not one object'],
    [['deploy/web', 'svc/web'], 'not one object'],
    [['deploy/web', 'shop'], 'no need to specify a resource type'],
    [['deploy/'], 'must have a single kind and name'],
  ] as const)('is not %j', ([kind, name], why) => {
    expect(() => asked(kind, name)).toThrow(why);
  });
});
