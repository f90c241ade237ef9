// What a kubelet tells of its node: who it is, what it runs, where it is reached, and that it lacks nothing.
import { createHash } from 'node:crypto';
import { type Fields, isObject, type KubeObject, specOf } from '../../../engine/index.ts';
import type { Addresses } from './addresses.ts';

const PRESSURES: readonly (readonly [type: string, reason: string, message: string])[] = [
  ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
];
const SILENT = { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };
const KUBELET_PORT = 10_250;

export interface NodeDetailsOptions {
  readonly addresses: Addresses;
  /** Of Kubernetes, as its kubelets have it. */
  readonly version: string;
  readonly now: () => string;
}

/** What is there already stays; what only the kubelet knows is added. */
export function completedNode(node: KubeObject, { addresses, version, now }: NodeDetailsOptions): KubeObject {
  const { name, labels } = node.metadata;
  const podCIDR = addresses.podRange(name);
  const own = { 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': name };
  const next: KubeObject = {
    ...node,
    metadata: { ...node.metadata, labels: { ...own, ...labels } },
    spec: { podCIDR, podCIDRs: [podCIDR], providerID: `muster://${name}`, ...specOf(node) },
  };
  if (!isObject(node.status)) return next;
  const status = { ...node.status, conditions: conditionsOf(node.status, now()) };
  const addressList = [
    { type: 'InternalIP', address: addresses.nodeAddress(name) },
    { type: 'Hostname', address: name },
  ];
  const daemonEndpoints = { kubeletEndpoint: { Port: KUBELET_PORT } };
  return { ...next, status: { addresses: addressList, daemonEndpoints, nodeInfo: infoOf(name, version), ...status } };
}

function conditionsOf(status: Fields, now: string): readonly Fields[] {
  const known = Array.isArray(status.conditions) ? status.conditions.filter(isObject) : [];
  const ready: Fields = known.find(({ type }) => type === 'Ready') ?? { type: 'Ready', status: 'Unknown' };
  const isSilent = ready.status === 'Unknown';
  const others: readonly Fields[] = PRESSURES.map(([type, reason, message]) =>
    isSilent ? { type, status: 'Unknown', ...SILENT } : { type, status: 'False', reason, message },
  );
  const told = isSilent ? SILENT : { reason: 'KubeletReady', message: 'kubelet is posting ready status' };
  return [...others, { ...ready, ...told }].map((condition) => {
    const { status: last, ...times } = known.find((one) => one.type === condition.type) ?? {};
    const { lastHeartbeatTime = now, lastTransitionTime = now } = last === condition.status ? times : {};
    return { ...condition, lastHeartbeatTime, lastTransitionTime };
  });
}

function infoOf(name: string, version: string): Fields {
  const id = createHash('sha256').update(name).digest('hex');
  const uuid = [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20, 32)].join('-');
  return {
    architecture: 'amd64',
    bootID: uuid,
    containerRuntimeVersion: 'simulated://1.0.0',
    kernelVersion: 'simulated',
    kubeProxyVersion: '',
    kubeletVersion: version,
    machineID: id.slice(0, 32),
    operatingSystem: 'linux',
    osImage: 'Muster simulated node',
    systemUUID: uuid,
  };
}
