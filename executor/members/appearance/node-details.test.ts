import { expect, it } from 'vitest';
import { ShownMember } from '../../../test/builders/shown-member.ts';

const conditionsOf = (shown: ShownMember, name: string) =>
  (shown.get('Node', name).status as { conditions: Record<string, string>[] }).conditions;

it('tells of a node what its kubelet would, and keeps it through changes', () => {
  const shown = new ShownMember();
  expect(shown.get('Node', 'node-1')).toMatchObject({
    metadata: {
      labels: { 'kubernetes.io/hostname': 'node-1', 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' },
    },
    spec: { podCIDR: '10.244.1.0/24' },
    status: {
      addresses: [
        { type: 'InternalIP', address: '172.18.0.3' },
        { type: 'Hostname', address: 'node-1' },
      ],
      nodeInfo: { kubeletVersion: 'v1.36.0', architecture: 'amd64', operatingSystem: 'linux' },
    },
  });
  shown.run(60_000);
  shown.member.addNodes({ name: 'node', count: 3, allocatable: { cpu: '8', pods: 20 } });
  expect(shown.get('Node', 'node-1').status).toMatchObject({
    allocatable: { cpu: '8' },
    nodeInfo: { kubeletVersion: 'v1.36.0' },
    addresses: [{ address: '172.18.0.3' }, { address: 'node-1' }],
  });
});

it('says that nobody knows how a node is that is silent', () => {
  const shown = new ShownMember();
  const told = () => conditionsOf(shown, 'node-0').map(({ type, status }) => `${type}=${status}`);
  expect(told()).toEqual(['MemoryPressure=False', 'DiskPressure=False', 'PIDPressure=False', 'Ready=True']);
  shown.run(60_000);
  shown.member.silenceNode('node-0');
  expect(told()).toEqual(['MemoryPressure=Unknown', 'DiskPressure=Unknown', 'PIDPressure=Unknown', 'Ready=Unknown']);
  expect(conditionsOf(shown, 'node-0')[3]).toMatchObject({
    reason: 'NodeStatusUnknown',
    lastTransitionTime: '2023-11-14T22:14:20Z',
  });
  shown.member.reviveNode('node-0');
  expect(told()[3]).toBe('Ready=True');
});
