// What a pod's specification says where its author said nothing.
import { isObject } from '../../../engine/index.ts';

type Fields = Record<string, unknown>;

const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);

const set = (object: Fields, values: Fields): void => {
  for (const [key, value] of Object.entries(values)) if (object[key] === undefined) object[key] = value;
};

export function defaultPodSpec(spec: Fields): void {
  set(spec, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  for (const container of [...listOf(spec.initContainers), ...listOf(spec.containers)]) {
    defaultContainer(container, spec.hostNetwork === true);
  }
  for (const container of listOf(spec.ephemeralContainers)) defaultContainer(container, false);
  for (const volume of listOf(spec.volumes)) defaultVolume(volume);
  for (const constraint of listOf(spec.topologySpreadConstraints)) {
    set(constraint, { nodeAffinityPolicy: 'Honor', nodeTaintsPolicy: 'Ignore' });
  }
  if (spec.serviceAccountName !== undefined) set(spec, { serviceAccount: spec.serviceAccountName });
  else if (typeof spec.serviceAccount === 'string') spec.serviceAccountName = spec.serviceAccount;
}

function defaultContainer(container: Fields, hostNetwork: boolean): void {
  set(container, {
    imagePullPolicy: pullPolicyOf(container.image),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    resources: {},
  });
  for (const port of listOf(container.ports)) {
    set(port, { protocol: 'TCP' });
    if (hostNetwork) set(port, { hostPort: port.containerPort });
  }
  for (const variable of listOf(container.env)) {
    const source = isObject(variable.valueFrom) ? variable.valueFrom : {};
    if (isObject(source.fieldRef)) set(source.fieldRef, { apiVersion: 'v1' });
    if (isObject(source.resourceFieldRef)) set(source.resourceFieldRef, { divisor: '0' });
  }
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const wanted = container[probe];
    if (!isObject(wanted)) continue;
    set(wanted, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
    if (isObject(wanted.httpGet)) set(wanted.httpGet, { path: '/', scheme: 'HTTP' });
    if (isObject(wanted.grpc)) set(wanted.grpc, { service: '' });
  }
  const lifecycle = isObject(container.lifecycle) ? container.lifecycle : {};
  for (const hook of ['postStart', 'preStop']) {
    const handler = lifecycle[hook];
    if (isObject(handler) && isObject(handler.httpGet)) set(handler.httpGet, { path: '/', scheme: 'HTTP' });
  }
}

/** Images without a tag, or tagged latest, are pulled every time. */
function pullPolicyOf(image: unknown): string {
  if (typeof image !== 'string') return 'IfNotPresent';
  const name = image.slice(image.lastIndexOf('/') + 1);
  if (name.includes('@')) return 'IfNotPresent';
  const tag = name.includes(':') ? name.slice(name.indexOf(':') + 1) : 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function defaultVolume(volume: Fields): void {
  const sources = Object.keys(volume).filter((key) => key !== 'name');
  if (sources.length === 0) volume.emptyDir = {};
  for (const source of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const wanted = volume[source];
    if (isObject(wanted)) set(wanted, { defaultMode: 420 });
  }
  if (isObject(volume.hostPath)) set(volume.hostPath, { type: '' });
  if (isObject(volume.iscsi)) set(volume.iscsi, { iscsiInterface: 'default' });
  if (isObject(volume.rbd)) set(volume.rbd, { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' });
  if (isObject(volume.azureDisk)) {
    set(volume.azureDisk, { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false });
  }
  const projected = isObject(volume.projected) ? volume.projected : {};
  for (const source of listOf(projected.sources)) {
    if (isObject(source.serviceAccountToken)) set(source.serviceAccountToken, { expirationSeconds: 3600 });
    if (isObject(source.downwardAPI)) defaultDownward(source.downwardAPI);
  }
  if (isObject(volume.downwardAPI)) defaultDownward(volume.downwardAPI);
  const template = isObject(volume.ephemeral) ? volume.ephemeral.volumeClaimTemplate : undefined;
  if (isObject(template) && isObject(template.spec)) set(template.spec, { volumeMode: 'Filesystem' });
}

function defaultDownward(source: Fields): void {
  for (const item of listOf(source.items)) {
    if (isObject(item.fieldRef)) set(item.fieldRef, { apiVersion: 'v1' });
    if (isObject(item.resourceFieldRef)) set(item.resourceFieldRef, { divisor: '0' });
  }
}
