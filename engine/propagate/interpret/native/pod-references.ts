// The objects that a pod cannot run without: its config maps, secrets, service account and volume claims.
import { byText } from '../../../base/order.ts';
import { type Fields, fieldsAt, listAt, textAt } from '../../fields.ts';
import type { DependentReference } from '../interpreter.ts';

/** By kind, and by name within a kind, each once. */
export function podReferences(podSpec: Fields, namespace: string | undefined): DependentReference[] {
  const references = (kind: string, names: readonly (string | undefined)[]) =>
    [...new Set(names)]
      .filter((name): name is string => name !== undefined && name !== '')
      .sort(byText)
      .map((name) => ({ apiVersion: 'v1', kind, ...(namespace && { namespace }), name }));
  const account = textAt(podSpec, 'serviceAccountName');
  return [
    ...references('ConfigMap', configMapNames(podSpec)),
    ...references('Secret', secretNames(podSpec)),
    ...references('ServiceAccount', account === 'default' ? [] : [account]),
    ...references('PersistentVolumeClaim', claimNames(podSpec)),
  ];
}

const allContainers = (podSpec: Fields): Fields[] => [
  ...listAt(podSpec, 'initContainers'),
  ...listAt(podSpec, 'containers'),
  ...listAt(podSpec, 'ephemeralContainers'),
];

function configMapNames(podSpec: Fields): (string | undefined)[] {
  return [
    ...allContainers(podSpec).flatMap((container) => environmentNames(container, 'configMapRef', 'configMapKeyRef')),
    ...listAt(podSpec, 'volumes').flatMap((volume) => {
      if (fieldsAt(volume, 'projected')) return projectedNames(volume, 'configMap');
      return [textAt(volume, 'configMap', 'name')];
    }),
  ];
}

function secretNames(podSpec: Fields): (string | undefined)[] {
  return [
    ...listAt(podSpec, 'imagePullSecrets').map((reference) => textAt(reference, 'name')),
    ...allContainers(podSpec).flatMap((container) => environmentNames(container, 'secretRef', 'secretKeyRef')),
    ...listAt(podSpec, 'volumes').flatMap(volumeSecretNames),
  ];
}

function environmentNames(container: Fields, fromField: string, keyField: string): (string | undefined)[] {
  return [
    ...listAt(container, 'envFrom').map((source) => textAt(source, fromField, 'name')),
    ...listAt(container, 'env').map((variable) => textAt(variable, 'valueFrom', keyField, 'name')),
  ];
}

const projectedNames = (volume: Fields, source: string): (string | undefined)[] =>
  listAt(volume, 'projected', 'sources').map((item) => textAt(item, source, 'name'));

/** Where each kind of volume names its secret, in the order in which Kubernetes looks: the first that is set counts. */
const VOLUME_SECRETS: readonly (readonly [string, ...string[]])[] = [
  ['azureFile', 'secretName'],
  ['cephfs', 'secretRef', 'name'],
  ['cinder', 'secretRef', 'name'],
  ['flexVolume', 'secretRef', 'name'],
  ['projected'],
  ['rbd', 'secretRef', 'name'],
  ['secret', 'secretName'],
  ['scaleIO', 'secretRef', 'name'],
  ['iscsi', 'secretRef', 'name'],
  ['storageos', 'secretRef', 'name'],
  ['csi', 'nodePublishSecretRef', 'name'],
];

function volumeSecretNames(volume: Fields): (string | undefined)[] {
  const path = VOLUME_SECRETS.find(([source]) => fieldsAt(volume, source) !== undefined);
  if (path === undefined) return [];
  return path[0] === 'projected' ? projectedNames(volume, 'secret') : [textAt(volume, ...path)];
}

const claimNames = (podSpec: Fields): (string | undefined)[] =>
  listAt(podSpec, 'volumes').map((volume) => textAt(volume, 'persistentVolumeClaim', 'claimName'));
