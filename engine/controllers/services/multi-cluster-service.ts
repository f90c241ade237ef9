// MultiClusterService -> Works and binding: its providers are noted, and the Service of its name goes to them and to its consumers,
// whatever policies say.
import { COLLECTIONS } from '../../api/kinds.ts';
import { clusterOfExecutionSpace, executionSpaceOf, FINALIZERS, LABELS, workNameOf } from '../../api/names.ts';
import {
  isCrossCluster,
  MULTI_CLUSTER_SERVICE,
  type MultiClusterService,
  SERVICE_CONDITIONS,
} from '../../api/services.ts';
import { WORK_API_VERSION, type Work } from '../../api/work.ts';
import { merged } from '../../base/merged.ts';
import { byText } from '../../base/order.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { nameUuid } from '../../kube/hash.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { EXPOSURES, providerIn, serviceKeyIn } from '../../propagate/endpoint-slices.ts';
import { sealManifest } from '../../propagate/manifest.ts';
import type { Change } from '../../store/change.ts';
import { isWish } from '../changes.ts';
import { patienceWith } from '../members/strays.ts';
import type { ControlPorts } from '../ports.ts';
import { taken, written } from '../works/own-works.ts';
import { asSeen, hold, isHeldBy, release } from '../writes.ts';
import { isCollected, letGo, worksByService, worksOfService } from './collecting.ts';
import { isProviderNote } from './endpoint-slice-collect.ts';
import { binding, claiming, givingBack, serviceAt } from './exposed-service.ts';
import { consumersOf, exposedAnew, exposureAt, providersOf, whyNot } from './exposure.ts';
import { type ServiceKey, serviceKeyOf, serviceText, textOfObject } from './service-key.ts';
import { eventAbout, objectKeyOf, problemIn, told, type Verdict } from './telling.ts';

const NAME = 'multi-cluster-service';

export function multiClusterService({ profile }: ControlPorts): Controller {
  if (!profile.gates.MultiClusterService) return { name: NAME, watches: [], reconcile: () => NOTHING_TO_DO };
  return {
    name: NAME,
    indexes: [worksByService(EXPOSURES)],
    ignoresEchoes: true,
    watches: [
      {
        on: 'hub',
        collection: COLLECTIONS.multiClusterServices,
        isOptional: true,
        keysOf: (change) => (isWish(change) ? [textOfObject(change.object)] : []),
      },
      { on: 'hub', collection: COLLECTIONS.services, keysOf: ofService },
      { on: 'hub', collection: COLLECTIONS.bindings, keysOf: ofBinding },
      { on: 'hub', collection: COLLECTIONS.works, keysOf: ofWork },
      { on: 'hub', collection: COLLECTIONS.clusters, keysOf: exposedAnew },
    ],
    reconcile,
  };
}

/** Of what is exposed, or was. */
const ofService = (change: Change, view: View): readonly string[] => {
  const text = textOfObject(change.object);
  const isClaimed = change.object.metadata.labels?.[LABELS.claimedBy] === MULTI_CLUSTER_SERVICE;
  return isWish(change) && (isClaimed || exposureAt(view, serviceKeyOf(text)) !== null) ? [text] : [];
};

/** One that is gone, or that others have changed, is made again. */
function ofBinding(change: Change): readonly string[] {
  const versions = [change.object, change.previous];
  if (!versions.some((one) => one?.metadata.labels?.[LABELS.bindingManagedBy] === MULTI_CLUSTER_SERVICE)) return [];
  const { namespace = '' } = change.object.metadata;
  const { resource } = change.object.spec as { readonly resource: { readonly name: string } };
  return isWish(change) ? [serviceText({ namespace, name: resource.name })] : [];
}

/** What is collected changes often, and only has to be known of. */
function ofWork(change: Change): readonly string[] {
  const key = serviceKeyIn(change.object, EXPOSURES);
  if (key === null || providerIn(change.object) !== null) return [];
  const isNews = isProviderNote(change.object as unknown as Work) ? isWish(change) : change.type === 'ADDED';
  return isNews ? [serviceText(key)] : [];
}

function reconcile(text: string, view: View, now: Millis): Outcome {
  const key = serviceKeyOf(text);
  const found = exposureAt(view, key);
  if (found === null) return tidyUp(key, view, now);
  const isGoing = found.metadata.deletionTimestamp !== undefined || !isCrossCluster(found);
  const isHeld = isHeldBy(found, FINALIZERS.multiClusterService);
  if (isGoing) return isHeld ? end(key, found, view) : NOTHING_TO_DO;
  if (!isHeld) {
    const commands = [hold(objectKeyOf(key), found, FINALIZERS.multiClusterService)];
    return { commands, requeue: 'when-done', events: [] };
  }
  return expose(key, found, view, now);
}

/** Left behind by one that was let go of before its time; or it is not seen yet. */
function tidyUp(key: ServiceKey, view: View, now: Millis): Outcome {
  const commands = view.isSynced(COLLECTIONS.multiClusterServices) ? leaving(key, view) : [];
  if (commands.length === 0) return { ...NOTHING_TO_DO, remember: null };
  const { since, leftMs } = patienceWith(view, now);
  if (leftMs > 0) return { commands: [], requeue: { afterMs: leftMs }, events: [], remember: since };
  return { commands, requeue: 'await-change', events: [], remember: null };
}

/** What was made for it goes, and then it does. */
function end(key: ServiceKey, found: MultiClusterService, view: View): Outcome {
  const commands = leaving(key, view);
  if (commands.length > 0) return { commands, requeue: 'when-done', events: [] };
  const released = release(objectKeyOf(key), found, FINALIZERS.multiClusterService);
  return { commands: [released], requeue: 'await-change', events: [] };
}

const leaving = (key: ServiceKey, view: View): readonly Command[] => [
  ...givingBack(key, view),
  ...worksOfService(view, key, EXPOSURES).flatMap((work) => without(work)),
];

/** What is sent to consumers is others' to take away. */
function without(work: Work): readonly Command[] {
  if (isCollected(work, EXPOSURES)) return letGo(work, EXPOSURES);
  return isProviderNote(work) && work.metadata.deletionTimestamp === undefined ? [taken(work)] : [];
}

function expose(key: ServiceKey, found: MultiClusterService, view: View, now: Millis): Outcome {
  const providers = providersOf(found, view);
  const refusals = providers.flatMap((name) => whyNot(name, view) ?? []);
  const providing = providers.filter((name) => whyNot(name, view) === null);
  const spare = worksOfService(view, key, EXPOSURES).filter(
    ({ metadata }) => !providers.includes(clusterOfExecutionSpace(metadata.namespace ?? '') ?? ''),
  );
  const works = [...providing.flatMap((name) => note(found, name, view)), ...spare.flatMap(without)];
  const service = serviceAt(view, key);
  if (service === null || service.metadata.deletionTimestamp !== undefined) {
    const { commands, events } = told(key, found, failure(`services "${key.name}" not found`), now);
    return { commands: [...works, ...commands], requeue: 'await-change', events };
  }
  const clusters = [...new Set([...providers, ...consumersOf(found, view)])].sort(byText);
  const bound = binding(service, found, clusters, view);
  const claims = claiming(service, found);
  // One that was there may have gone because its Service has, which is heard of later.
  const isLost = claims.length === 0 && bound?.some(({ verb }) => verb === 'create') === true;
  const before = isLost ? [asSeen(COLLECTIONS.services, service)] : [];
  const carried = [...works, ...claims, ...before, ...(bound ?? [])];
  if (carried.length === 0 && bound !== null) return { ...told(key, found, SUCCESS, now), requeue: 'await-change' };
  const problem = problemIn(view);
  const telling = problem === null ? { commands: [], events: [] } : told(key, found, failure(problem), now);
  const warnings = refusals.map(({ reason, message }) => eventAbout(key, 'Warning', reason, message));
  return {
    commands: [...telling.commands, ...carried],
    // That it is done is told when it is.
    requeue: bound === null ? 'back-off' : 'when-done',
    events: [...telling.events, ...warnings],
  };
}

const SUCCESS: Verdict = {
  type: SERVICE_CONDITIONS.applied,
  isGood: true,
  reason: 'ServiceAppliedSucceed',
  message: 'Service is propagated to target clusters.',
  event: 'SyncServiceSucceed',
};

const failure = (message: string): Verdict => ({
  type: SERVICE_CONDITIONS.applied,
  isGood: false,
  reason: 'ServiceAppliedFailed',
  message,
  event: 'SyncServiceFailed',
});

/**
 * The MultiClusterService itself, as a Work that brings nothing.
 *
 * Differs from Karmada: a provider that is not ready is noted as well; nothing is asked of it until it is.
 */
function note(found: MultiClusterService, cluster: string, view: View): readonly Command[] {
  const { name: service, namespace, uid = '', labels } = found.metadata;
  const name = workNameOf(MULTI_CLUSTER_SERVICE, service, namespace);
  const space = executionSpaceOf(cluster);
  const stored = view.get(COLLECTIONS.works, space, name) as unknown as Work | null;
  const id = stored?.metadata.labels?.[LABELS.workId] ?? nameUuid(`${uid}/${space}`);
  const bare: Omit<Work, 'spec'> = stored ?? {
    apiVersion: WORK_API_VERSION,
    kind: 'Work',
    metadata: { name, namespace: space },
  };
  const wanted: Work = merged(bare, {
    metadata: merged(bare.metadata, {
      labels: merged(bare.metadata.labels, {
        [LABELS.workId]: id,
        [LABELS.multiClusterServiceId]: labels?.[LABELS.multiClusterServiceId] ?? '',
        [LABELS.multiClusterServiceNamespace]: namespace ?? '',
        [LABELS.multiClusterServiceName]: service,
      }),
    }),
    spec: {
      workload: { manifests: [sealManifest(found as unknown as KubeObject, { namespace: space, name, id })] },
      suspendDispatching: true,
    },
  });
  return written(stored, wanted);
}
