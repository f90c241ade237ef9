// Gives services what a cluster gives them: addresses of their own and ports on every node.
import { invalid, invalidValue, isIp, isObject, type KubeObject } from '../../../engine/index.ts';
import type { Hub } from '../hub.ts';
import { items } from '../resources/cells.ts';

const NODE_PORT_FIRST = 30_000;
const NODE_PORTS = 2768;
const TRIES_MAX = 100_000;

export function allocateAddresses(hub: Hub, object: KubeObject, old: KubeObject | null): KubeObject {
  const spec: Record<string, unknown> = { ...(isObject(object.spec) ? object.spec : {}) };
  const before = old !== null && isObject(old.spec) ? old.spec : {};
  if (spec.type === 'ExternalName') {
    for (const key of [
      'clusterIPs',
      'ipFamilies',
      'ipFamilyPolicy',
      'internalTrafficPolicy',
      'allocateLoadBalancerNodePorts',
    ]) {
      delete spec[key];
    }
    if (spec.clusterIP === '' || before.clusterIP === spec.clusterIP) delete spec.clusterIP;
    return { ...object, spec };
  }
  const others = hub.store
    .list('/services', null)
    .filter(({ metadata }) => metadata.uid !== object.metadata.uid)
    .map((service) => (isObject(service.spec) ? service.spec : {}));
  const wanted = spec.clusterIP;
  if (wanted === undefined || wanted === '') {
    const kept = before.clusterIP;
    spec.clusterIP = typeof kept === 'string' && kept !== '' ? kept : freshAddress(hub, others);
  }
  spec.clusterIPs =
    Array.isArray(spec.clusterIPs) && spec.clusterIPs[0] === spec.clusterIP ? spec.clusterIPs : [spec.clusterIP];
  for (const [at, ip] of (spec.clusterIPs as unknown[]).entries()) {
    if (ip === 'None' || isIp(String(ip))) continue;
    // A bad address is told alone: nothing else is looked at before addresses are given out.
    const why = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
    throw invalid({ group: '', kind: 'Service' }, object.metadata.name, [
      invalidValue(`spec.clusterIPs[${at}]`, ip, why),
    ]);
  }
  spec.ipFamilies ??= before.ipFamilies ?? ['IPv4'];
  spec.ipFamilyPolicy ??= before.ipFamilyPolicy ?? 'SingleStack';
  const needsPorts =
    spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
  spec.ports = nodePorts(hub, items(spec.ports), needsPorts, items(before.ports), others);
  if ((spec.ports as unknown[]).length === 0) delete spec.ports;
  return { ...object, spec };
}

function freshAddress(hub: Hub, others: readonly Record<string, unknown>[]): string {
  const taken = new Set(others.map(({ clusterIP }) => clusterIP));
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const host = 2 + hub.draw(65_533);
    const address = `10.96.${host >> 8}.${host & 255}`;
    if (!taken.has(address)) return address;
  }
  throw new Error('the range of service addresses is full');
}

function nodePorts(
  hub: Hub,
  ports: readonly Record<string, unknown>[],
  needed: boolean,
  before: readonly Record<string, unknown>[],
  others: readonly Record<string, unknown>[],
): Record<string, unknown>[] {
  const taken = new Set(others.flatMap((spec) => items(spec.ports).map(({ nodePort }) => nodePort)));
  return ports.map((port) => {
    if (!needed) return port;
    if (typeof port.nodePort === 'number' && port.nodePort !== 0) return port;
    const kept = before.find((one) => one.port === port.port && one.protocol === port.protocol)?.nodePort;
    let nodePort = typeof kept === 'number' && kept !== 0 ? kept : NODE_PORT_FIRST + hub.draw(NODE_PORTS);
    for (let attempt = 0; taken.has(nodePort) && attempt < TRIES_MAX; attempt += 1) {
      nodePort = NODE_PORT_FIRST + hub.draw(NODE_PORTS);
    }
    taken.add(nodePort);
    return { ...port, nodePort };
  });
}
