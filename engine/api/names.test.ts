import { describe, expect, it } from 'vitest';
import {
  bindingNameOf,
  clusterOfExecutionSpace,
  dependedByLabelOf,
  executionSpaceOf,
  isReservedNamespace,
  workNameOf,
} from './names.ts';

describe('generated names', () => {
  it('of Works are those that Karmada gives', () => {
    expect(workNameOf('Deployment', 'nginx', 'default')).toBe('nginx-687f7fb96f');
  });

  it('of Works of cluster-wide objects leave the namespace out, and of roles the colons', () => {
    expect(workNameOf('ClusterRole', 'system:Node', undefined)).toMatch(
      /^system\.node-[bcdfghjklmnpqrstvwxz2456789]{1,10}$/,
    );
    expect(workNameOf('ClusterRole', 'a', undefined)).toBe(workNameOf('ClusterRole', 'a', ''));
    expect(workNameOf('ClusterRole', 'a', 'b')).not.toBe(workNameOf('ClusterRole', 'a', ''));
  });

  it('of bindings are name and kind in small letters', () => {
    expect(bindingNameOf('ClusterRole', 'system:Node')).toBe('system.node-clusterrole');
  });

  it('of execution spaces lead to the cluster and back', () => {
    expect(executionSpaceOf('m1')).toBe('karmada-es-m1');
    expect(clusterOfExecutionSpace('karmada-es-m1')).toBe('m1');
    expect(clusterOfExecutionSpace('default')).toBeNull();
    expect(['karmada-system', 'karmada-cluster', 'karmada-es-x', 'karmada'].map(isReservedNamespace)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('of dependents differ by namespace', () => {
    expect(dependedByLabelOf('a', 'x')).not.toBe(dependedByLabelOf('b', 'x'));
    expect(dependedByLabelOf(undefined, 'x')).toMatch(/^resourcebinding\.karmada\.io\/depended-by-\w+$/);
  });
});
