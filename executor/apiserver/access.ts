// What a request asks permission for: the verb, and the resource or path it is about.
import { forbidden, forbiddenPath } from '../../engine/index.ts';
import type { Attributes } from './auth/rbac.ts';
import { isTrue } from './negotiate.ts';
import type { ApiRequest, UserInfo } from './request.ts';

type Asking = Pick<ApiRequest, 'method' | 'path' | 'query'>;

import type { Route } from './routes.ts';

const ITEM_VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

export function attributesFor(request: Asking, route: Route): Attributes {
  if (route.kind !== 'resource') return { kind: 'path', verb: request.method.toLowerCase(), path: request.path };
  const { group, plural, name, subresource } = route;
  // A namespace is looked at from inside itself.
  const namespace = route.namespace ?? (group === '' && plural === 'namespaces' && name !== null ? name : '');
  return {
    kind: 'resource',
    verb: verbOf(request, route.isWatch, name),
    group,
    resource: plural,
    subresource: subresource ?? '',
    name: name ?? nameInSelector(request),
    namespace,
  };
}

function verbOf(request: Asking, isWatchPath: boolean, name: string | null): string {
  const verb = ITEM_VERBS[request.method] ?? request.method.toLowerCase();
  if (name === null && verb === 'get') return isWatchPath || isTrue(request.query.get('watch')) ? 'watch' : 'list';
  if (name === null && verb === 'delete') return 'deletecollection';
  return isWatchPath ? 'watch' : verb;
}

/** Reading a collection for one name is reading that one object. */
function nameInSelector(request: Asking): string {
  const match = /^metadata\.name=([^,=!]+)$/.exec(request.query.get('fieldSelector') ?? '');
  return match?.[1] ?? '';
}

export function accessDenied(user: UserInfo, asked: Attributes) {
  const who = JSON.stringify(user.name);
  if (asked.kind === 'path') {
    return forbiddenPath(`forbidden: User ${who} cannot ${asked.verb} path ${JSON.stringify(asked.path)}`);
  }
  const what = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`;
  const where = asked.namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(asked.namespace)}`;
  const isOne = !['list', 'watch', 'create', 'deletecollection'].includes(asked.verb) || asked.subresource !== '';
  return forbidden(
    { group: asked.group, resource: asked.resource },
    isOne ? asked.name : '',
    `User ${who} cannot ${asked.verb} resource ${JSON.stringify(what)} in API group ${JSON.stringify(asked.group)} ${where}`,
  );
}
