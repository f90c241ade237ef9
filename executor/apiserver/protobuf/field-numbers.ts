// Which number each field of a built-in type has in Protobuf, from compact tables.
//
//   Type: field, field, 7 field, .Inlined      numbered from 1 on, or from the number that stands before a field;
//   a dot: the fields of that message stand in its parent, as they do in JSON
import { assert } from '../../../engine/index.ts';
import { admissionregistrationNumbers } from './numbers/admissionregistration.ts';
import { appsNumbers } from './numbers/apps.ts';
import { authenticationNumbers } from './numbers/authentication.ts';
import { authorizationNumbers } from './numbers/authorization.ts';
import { autoscalingV1Numbers } from './numbers/autoscaling-v1.ts';
import { autoscalingV2Numbers } from './numbers/autoscaling-v2.ts';
import { batchNumbers } from './numbers/batch.ts';
import { certificatesNumbers } from './numbers/certificates.ts';
import { coordinationNumbers } from './numbers/coordination.ts';
import { coreNumbers } from './numbers/core.ts';
import { discoveryNumbers } from './numbers/discovery.ts';
import { eventsNumbers } from './numbers/events.ts';
import { flowcontrolNumbers } from './numbers/flowcontrol.ts';
import { metaNumbers } from './numbers/meta.ts';
import { networkingNumbers } from './numbers/networking.ts';
import { nodeNumbers } from './numbers/node.ts';
import { policyNumbers } from './numbers/policy.ts';
import { rbacNumbers } from './numbers/rbac.ts';
import { schedulingNumbers } from './numbers/scheduling.ts';
import { storageNumbers } from './numbers/storage.ts';

export type Field =
  | { readonly sort: 'own'; readonly name: string }
  /** The message's fields stand in its parent. */
  | { readonly sort: 'inlined'; readonly type: string };

export type FieldNumbers = ReadonlyMap<number, Field>;

const TEXTS: Readonly<Record<string, string>> = {
  meta: metaNumbers,
  v1: coreNumbers,
  'admissionregistration.k8s.io/v1': admissionregistrationNumbers,
  'apps/v1': appsNumbers,
  'authentication.k8s.io/v1': authenticationNumbers,
  'authorization.k8s.io/v1': authorizationNumbers,
  'autoscaling/v1': autoscalingV1Numbers,
  'autoscaling/v2': autoscalingV2Numbers,
  'batch/v1': batchNumbers,
  'certificates.k8s.io/v1': certificatesNumbers,
  'coordination.k8s.io/v1': coordinationNumbers,
  'discovery.k8s.io/v1': discoveryNumbers,
  'events.k8s.io/v1': eventsNumbers,
  'flowcontrol.apiserver.k8s.io/v1': flowcontrolNumbers,
  'networking.k8s.io/v1': networkingNumbers,
  'node.k8s.io/v1': nodeNumbers,
  'policy/v1': policyNumbers,
  'rbac.authorization.k8s.io/v1': rbacNumbers,
  'scheduling.k8s.io/v1': schedulingNumbers,
  'storage.k8s.io/v1': storageNumbers,
};

const tables = new Map<string, ReadonlyMap<string, FieldNumbers>>();

function tableOf(groupVersion: string): ReadonlyMap<string, FieldNumbers> {
  let table = tables.get(groupVersion);
  if (table === undefined) {
    table = readTable(TEXTS[groupVersion] ?? '');
    tables.set(groupVersion, table);
  }
  return table;
}

/** A group's own type hides one of the same name that all may use; null for a type without a message. */
export function fieldNumbers(groupVersion: string, type: string): FieldNumbers | null {
  for (const scope of [groupVersion, 'v1', 'meta']) {
    const found = tableOf(scope).get(type);
    if (found !== undefined) return found;
  }
  return null;
}

function readTable(text: string): ReadonlyMap<string, FieldNumbers> {
  const entries = text.matchAll(/^(\w+): ([\s\S]*?)(?=\n\w+: |\n*$(?![\s\S]))/gm);
  return new Map([...entries].map(([, type, fields]) => [type!, readFieldNumbers(fields!)]));
}

function readFieldNumbers(text: string): FieldNumbers {
  let next = 1;
  return new Map(
    text.split(/,\s+/).map((field) => {
      const match = /^(?:(\d+) )?(\.?)([\w$]+)$/.exec(field);
      assert(match !== null, `the numbered field "${field}" cannot be read`);
      const [, number, dot, name] = match;
      const own = number === undefined ? next : Number(number);
      next = own + 1;
      return [own, dot === '' ? { sort: 'own', name: name! } : { sort: 'inlined', type: name! }] as const;
    }),
  );
}
