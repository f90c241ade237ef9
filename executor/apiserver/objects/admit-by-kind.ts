// Karmada's own kinds go through the engine's door of admission: defaults, every mistake at once, and warnings.
import {
  admit,
  beyondQuota,
  brokenRule,
  deepClone,
  deniedByWebhook,
  invalid,
  type KubeObject,
  sealedWork,
  withPermanentId,
} from '../../../engine/index.ts';
import { timeZones } from '../../script/time-zones.ts';
import { admitCluster } from '../agents/admit-cluster.ts';
import type { Resource } from '../resource.ts';
import { kindProblems } from '../resources/validate/kinds.ts';
import type { WriteContext } from './write.ts';

export const isAdmittedByKind = ({ group }: Resource): boolean => group.endsWith('.karmada.io');

export function admitByKind(context: WriteContext, object: KubeObject, previous: KubeObject | null): KubeObject {
  const { hub, resource, warn } = context;
  if (!isAdmittedByKind(resource)) return object;
  admitCluster(context, object, previous);
  admitIngress(context, object);
  // What is going gets no new finalizers.
  const isGoing = previous?.metadata.deletionTimestamp !== undefined;
  const identified = isGoing ? object : withPermanentId(object, previous, hub.uid);
  const {
    object: admitted,
    problems,
    warnings,
  } = admit(sealedWork(identified), hub.now(), {
    ...hub.circumstances,
    zones: timeZones,
    previous,
    others: () => hub.store.list(resource.collection, null),
  });
  if (problems.length > 0) {
    const told = problems.map(({ path, message }) => brokenRule(path, message));
    throw invalid(resource, object.metadata.name ?? '', told);
  }
  const listed = (collection: string, namespace: string) => hub.store.list(collection, namespace);
  const beyond = hub.enforcesQuotas ? beyondQuota(resource.collection, admitted, previous, listed) : null;
  if (beyond !== null) throw deniedByWebhook('resourcebinding.karmada.io', 'QuotaExceeded', beyond);
  for (const { path, message } of warnings) warn?.(path === '' ? message : `${path}: ${message}`);
  return deepClone(admitted);
}

/** A MultiClusterIngress asks for what an Ingress may ask for. */
function admitIngress({ resource }: WriteContext, object: KubeObject): void {
  if (resource.group !== 'networking.karmada.io' || resource.kind !== 'MultiClusterIngress') return;
  const problems = kindProblems('networking.k8s.io', 'Ingress', object);
  if (problems.length > 0) throw invalid(resource, object.metadata.name ?? '', problems);
}
