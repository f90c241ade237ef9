// Requests for certificates tell truly who made them, and only those who may speak for a signer approve or sign.
import { deepEqual, forbidden, formatTime, isObject, type KubeObject } from '../../../engine/index.ts';
import { authorize, MASTERS } from '../auth/rbac.ts';
import type { WriteContext } from '../objects/write.ts';
import { namedOf } from '../resource.ts';
import { items } from '../resources/cells.ts';
import { readSigningRequest, SigningRequestError } from './signing-request.ts';

const GROUP = 'certificates.k8s.io';

const CLIENT_SIGNER = 'kubernetes.io/kube-apiserver-client';

export const REQUESTS = `${GROUP}/certificatesigningrequests`;

/** Whatever the request says of its maker, it is the user. Nobody becomes a master by a certificate that was asked for. */
export function admitRequest({ user, resource }: WriteContext, object: KubeObject): KubeObject {
  const { uid: _uid, extra: _extra, ...given } = isObject(object.spec) ? object.spec : {};
  if (given.signerName === CLIENT_SIGNER && organizationsOf(given.request).includes(MASTERS)) {
    const why = `use of ${CLIENT_SIGNER} signer with ${MASTERS} group is not allowed`;
    throw forbidden(namedOf(resource), object.metadata.name, why);
  }
  const spec = {
    ...given,
    username: user.name,
    ...(user.uid !== '' && { uid: user.uid }),
    groups: [...user.groups],
    ...(Object.keys(user.extra).length > 0 && { extra: user.extra }),
  };
  return { ...object, spec };
}

/** None of what cannot be read: that is told where the fields are looked at. */
function organizationsOf(request: unknown): readonly string[] {
  try {
    return readSigningRequest(String(request ?? '')).organizations;
  } catch (error) {
    if (error instanceof SigningRequestError) return [];
    throw error;
  }
}

/** The update, with its conditions dated, where the user may make it. */
export function admitRequestUpdate(
  context: WriteContext,
  next: KubeObject,
  old: KubeObject,
  subresource: string,
): KubeObject {
  if (subresource === 'approval') requireVerb(context, 'approve', old);
  const certificates = [next, old].map(({ status }) => (isObject(status) ? status.certificate : undefined));
  if (subresource === 'status' && !deepEqual(certificates[0], certificates[1])) requireVerb(context, 'sign', old);
  if (subresource === '') return { ...next, spec: old.spec };
  const status = isObject(next.status) ? next.status : {};
  const at = formatTime(context.hub.now());
  const conditions = items(status.conditions).map((condition) => ({
    ...condition,
    lastTransitionTime: condition.lastTransitionTime ?? at,
  }));
  return conditions.length === 0 ? next : { ...next, status: { ...status, conditions } };
}

function requireVerb({ hub, user, resource }: WriteContext, verb: string, request: KubeObject): void {
  const signer = isObject(request.spec) ? String(request.spec.signerName ?? '') : '';
  const asked = { kind: 'resource' as const, verb, group: GROUP, resource: 'signers', subresource: '', namespace: '' };
  const names = [signer, `${signer.split('/')[0]}/*`];
  if (names.some((name) => authorize(hub.store, user, { ...asked, name }).allowed)) return;
  const why = `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`;
  throw forbidden(namedOf(resource), request.metadata.name, why);
}
