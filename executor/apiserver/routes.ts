// Reads a URL's path: which resource, object and subresource it names, or which of the server's own pages. Pure.

export type Route =
  | { readonly kind: 'groups' }
  | { readonly kind: 'core-versions' }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'resources'; readonly group: string; readonly version: string }
  | ResourceRoute
  | { readonly kind: 'page'; readonly path: string };

export interface ResourceRoute {
  readonly kind: 'resource';
  readonly group: string;
  readonly version: string;
  /** The outdated /watch/ form of a URL. */
  readonly isWatch: boolean;
  /** Null where the path names none. */
  readonly namespace: string | null;
  readonly plural: string;
  readonly name: string | null;
  readonly subresource: string | null;
  /** What follows the subresource, for proxies; empty elsewhere. */
  readonly rest: string;
}

export function readRoute(path: string): Route {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  if (parts.includes(null)) return { kind: 'page', path };
  const words = parts as string[];
  if (words[0] === 'api') {
    if (words.length === 1) return { kind: 'core-versions' };
    return readResource('', words[1]!, words.slice(2));
  }
  if (words[0] === 'apis') {
    if (words.length === 1) return { kind: 'groups' };
    if (words.length === 2) return { kind: 'group', group: words[1]! };
    return readResource(words[1]!, words[2]!, words.slice(3));
  }
  return { kind: 'page', path };
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function readResource(group: string, version: string, words: readonly string[]): Route {
  if (words.length === 0) return { kind: 'resources', group, version };
  const isWatch = words[0] === 'watch';
  let rest = isWatch ? words.slice(1) : words;
  let namespace: string | null = null;
  const isNamespaceItself = group === '' && (rest.length <= 2 || ['status', 'finalize'].includes(rest[2]!));
  if (rest[0] === 'namespaces' && rest.length > 1 && !(isNamespaceItself && rest.length <= 3)) {
    namespace = rest[1]!;
    rest = rest.slice(2);
  }
  const [plural = '', name = null, subresource = null, ...tail] = rest;
  return { kind: 'resource', group, version, isWatch, namespace, plural, name, subresource, rest: tail.join('/') };
}
