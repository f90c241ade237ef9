// Nobody may hand out rights that they do not hold: checked where roles and bindings are written.
import { forbidden, isObject, type KubeObject } from '../../../engine/index.ts';
import type { Hub } from '../hub.ts';
import type { UserInfo } from '../request.ts';
import { namedOf, type Resource } from '../resource.ts';
import { authorize, missingRules, type Rule, readRules, ruleText } from './rbac.ts';

const RBAC = 'rbac.authorization.k8s.io';

export function checkEscalation(hub: Hub, resource: Resource, object: KubeObject, user: UserInfo): void {
  if (resource.group !== RBAC) return;
  const namespace = object.metadata.namespace ?? '';
  const isRole = resource.plural === 'roles' || resource.plural === 'clusterroles';
  const mayAnyway = authorize(hub.store, user, {
    kind: 'resource',
    verb: isRole ? 'escalate' : 'bind',
    group: RBAC,
    resource: isRole ? resource.plural : boundKind(object),
    subresource: '',
    name: isRole ? object.metadata.name : boundName(object),
    namespace,
  }).allowed;
  if (mayAnyway) return;
  const missing = missingRules(hub.store, user, namespace, isRole ? readRules(object) : boundRules(hub, object));
  if (missing.length === 0) return;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  throw forbidden(
    namedOf(resource),
    object.metadata.name,
    `user ${JSON.stringify(user.name)} (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n` +
      missing.map(ruleText).join('\n'),
  );
}

const refOf = (object: KubeObject) => (isObject(object.roleRef) ? object.roleRef : {});
const boundKind = (object: KubeObject) => (refOf(object).kind === 'Role' ? 'roles' : 'clusterroles');
const boundName = (object: KubeObject) => String(refOf(object).name ?? '');

function boundRules(hub: Hub, object: KubeObject): Rule[] {
  const isRole = refOf(object).kind === 'Role';
  const namespace = isRole ? (object.metadata.namespace ?? '') : '';
  return readRules(hub.store.get(`${RBAC}/${boundKind(object)}`, namespace, boundName(object)));
}
