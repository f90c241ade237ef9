// Assembles the built-in resources from their tables: kinds, types, columns, conversions.
import { assert } from '../../../engine/index.ts';
import type { Resource, ScalePaths, Subresource } from '../resource.ts';
import { builtinColumns } from './columns.ts';
import { conversionOf } from './conversion.ts';
import { builtinKinds } from './kinds.ts';
import { type BuiltinShape, readTypes, type TypeTable } from './type-notation.ts';
import { admissionregistrationTypes } from './types/admissionregistration.ts';
import { apiextensionsTypes } from './types/apiextensions.ts';
import { apiregistrationTypes } from './types/apiregistration.ts';
import { appsTypes } from './types/apps.ts';
import { authenticationTypes } from './types/authentication.ts';
import { authorizationTypes } from './types/authorization.ts';
import { autoscalingV1Types } from './types/autoscaling-v1.ts';
import { autoscalingV2Types } from './types/autoscaling-v2.ts';
import { batchTypes } from './types/batch.ts';
import { certificatesTypes } from './types/certificates.ts';
import { coordinationTypes } from './types/coordination.ts';
import { coreTypes } from './types/core.ts';
import { discoveryTypes } from './types/discovery.ts';
import { eventsTypes } from './types/events.ts';
import { flowcontrolTypes } from './types/flowcontrol.ts';
import { metaTypes } from './types/meta.ts';
import { networkingTypes } from './types/networking.ts';
import { nodeTypes } from './types/node.ts';
import { policyTypes } from './types/policy.ts';
import { rbacTypes } from './types/rbac.ts';
import { schedulingTypes } from './types/scheduling.ts';
import { storageTypes } from './types/storage.ts';

const TEXTS: Readonly<Record<string, string>> = {
  'apiregistration.k8s.io/v1': apiregistrationTypes,
  'apps/v1': appsTypes,
  'events.k8s.io/v1': eventsTypes,
  'authentication.k8s.io/v1': authenticationTypes,
  'authorization.k8s.io/v1': authorizationTypes,
  'autoscaling/v1': autoscalingV1Types,
  'autoscaling/v2': autoscalingV2Types,
  'batch/v1': batchTypes,
  'certificates.k8s.io/v1': certificatesTypes,
  'networking.k8s.io/v1': networkingTypes,
  'policy/v1': policyTypes,
  'rbac.authorization.k8s.io/v1': rbacTypes,
  'storage.k8s.io/v1': storageTypes,
  'admissionregistration.k8s.io/v1': admissionregistrationTypes,
  'apiextensions.k8s.io/v1': apiextensionsTypes,
  'scheduling.k8s.io/v1': schedulingTypes,
  'coordination.k8s.io/v1': coordinationTypes,
  'node.k8s.io/v1': nodeTypes,
  'discovery.k8s.io/v1': discoveryTypes,
  'flowcontrol.apiserver.k8s.io/v1': flowcontrolTypes,
};

const EVERYTHING = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export interface Builtins {
  readonly resources: readonly Resource[];
  /** By group version, "v1" for the core group; the types of metadata under "meta". */
  readonly types: ReadonlyMap<string, TypeTable>;
}

const SCALE: ScalePaths = { spec: '.spec.replicas', status: '.status.replicas', selector: '.spec.selector' };

let loaded: Builtins | null = null;

/** Read once, when they are first wanted. */
export function builtins(): Builtins {
  loaded ??= loadBuiltins();
  return loaded;
}

function loadBuiltins(): Builtins {
  const meta = readTypes(metaTypes);
  const core = readTypes(coreTypes, meta);
  const types = new Map<string, TypeTable>([
    ['meta', meta],
    ['v1', core],
  ]);
  for (const [groupVersion, text] of Object.entries(TEXTS)) types.set(groupVersion, readTypes(text, core, meta));

  const resources: Resource[] = [];
  let heading = '';
  for (const line of builtinKinds.trim().split('\n')) {
    if (!line.startsWith(' ')) {
      heading = line.slice(0, -1);
      continue;
    }
    resources.push(readResource(heading, line.trim().split(' '), types));
  }
  return { resources, types };
}

function readResource(heading: string, words: readonly string[], types: ReadonlyMap<string, TypeTable>): Resource {
  const [plural, singular, kind, scope, ...options] = words;
  assert(plural && singular && kind && scope, `a line of the kinds cannot be read: ${words.join(' ')}`);
  const option = (name: string) =>
    options
      .find((one) => one.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .split(',') ?? [];
  const slash = heading.indexOf('/');
  const group = slash < 0 ? '' : heading.slice(0, slash);
  const version = heading.slice(slash + 1);
  const builtin: BuiltinShape | undefined = types.get(heading)?.get(kind);
  assert(builtin !== undefined, `${heading} ${kind} has no type`);
  const verbs = option('verbs');
  const subresources = option('sub').map((text) => readSubresource(text, { group, version, kind }));
  return {
    group,
    version,
    plural,
    singular,
    kind,
    listKind: `${kind}List`,
    namespaced: scope === 'namespaced',
    verbs: verbs.length > 0 ? verbs : EVERYTHING,
    shortNames: option('short'),
    categories: option('in'),
    subresources,
    shape: builtin,
    builtin,
    custom: null,
    columns: builtinColumns(kind),
    scale: subresources.some(({ name }) => name === 'scale') ? SCALE : null,
    ...conversionOf(group, version, plural),
  };
}

function readSubresource(text: string, parent: { group: string; version: string; kind: string }): Subresource {
  const match = /^([^=:]+)(?:=([^:]+))?(?::(.+))?$/.exec(text);
  assert(match !== null, `the subresource "${text}" cannot be read`);
  const [, name, target, verbs] = match;
  const parts = target?.split('/') ?? [];
  const kind = parts.at(-1) ?? parent.kind;
  const foreign = parts.length === 3 ? { group: parts[0]!, version: parts[1]! } : { group: '', version: '' };
  return {
    name: name!,
    ...(target === undefined ? { group: '', version: '' } : foreign),
    kind,
    verbs: verbs?.split('+') ?? ['get', 'patch', 'update'],
  };
}
