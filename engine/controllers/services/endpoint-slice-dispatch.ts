// MultiClusterService, at its consumers: what was collected from its providers goes to all who may ask for it, but not back to where it is
// from.
import { COLLECTIONS } from '../../api/kinds.ts';
import { clusterOfExecutionSpace, executionSpaceOf } from '../../api/names.ts';
import { type MultiClusterService, SERVICE_CONDITIONS } from '../../api/services.ts';
import type { Work } from '../../api/work.ts';
import { merged } from '../../base/merged.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import {
  dispatchedWork,
  dispatchedWorkNameOf,
  EXPOSURES,
  providerIn,
  serviceKeyIn,
  slicesIn,
} from '../../propagate/endpoint-slices.ts';
import type { Change } from '../../store/change.ts';
import { keyOf } from '../../store/key.ts';
import { isWish } from '../changes.ts';
import { patienceWith } from '../members/strays.ts';
import type { ControlPorts } from '../ports.ts';
import { taken, written } from '../works/own-works.ts';
import { isHeldBy, release } from '../writes.ts';
import { answering } from './answering.ts';
import { isCollected, worksByService, worksOfService } from './collecting.ts';
import { isProviderNote } from './endpoint-slice-collect.ts';
import { consumersOf, exposedAnew, exposureAt, isExposed, whyNot } from './exposure.ts';
import { type ServiceKey, serviceKeyOf, serviceText, textOfObject } from './service-key.ts';
import { eventAbout, problemIn, type Telling, told, type Verdict } from './telling.ts';

const NAME = 'endpoint-slice-dispatch';

export function endpointSliceDispatch({ profile }: ControlPorts): Controller {
  if (!profile.gates.MultiClusterService) return { name: NAME, watches: [], reconcile: () => NOTHING_TO_DO };
  const { withdrawsDeadEndpoints } = profile.switches;
  return {
    name: NAME,
    indexes: [worksByService(EXPOSURES)],
    ignoresEchoes: true,
    watches: [
      { on: 'hub', collection: COLLECTIONS.works, keysOf: ofWork },
      {
        on: 'hub',
        collection: COLLECTIONS.multiClusterServices,
        isOptional: true,
        keysOf: (change) => (isWish(change) ? [textOfObject(change.object)] : []),
      },
      { on: 'hub', collection: COLLECTIONS.clusters, keysOf: exposedAnew },
    ],
    reconcile: (text, view, now) => reconcile(serviceKeyOf(text), view, now, withdrawsDeadEndpoints),
  };
}

/** Of what is collected, or was, and of what is sent. */
function ofWork(change: Change): readonly string[] {
  const versions = [change.object, change.previous].flatMap((one) => (one === null ? [] : [one]));
  const keys = versions.flatMap((one) => serviceKeyIn(one, EXPOSURES) ?? []);
  if (keys.length === 0 || !isWish(change) || isProviderNote(change.object as unknown as Work)) return [];
  return [...new Set(keys.map(serviceText))];
}

function reconcile(key: ServiceKey, view: View, now: Millis, withdraws: boolean): Outcome {
  const found = exposureAt(view, key);
  const works = worksOfService(view, key, EXPOSURES);
  const collected = works.filter((work) => isCollected(work, EXPOSURES));
  const wanted = isExposed(found) ? dispatched(key, found, collected, view, withdraws) : [];
  const spare = works.filter((work) => work.metadata.deletionTimestamp === undefined && isSpare(work, wanted));
  const { waiting, leftMs, since } = found === null ? unheardOf(spare, collected, view, now) : NOBODY_WAITS;
  const commands = [
    ...wanted.flatMap((work) => brought(work, view)),
    ...spare.filter((work) => !waiting.includes(work)).map(taken),
    ...collected.flatMap(released),
  ];
  const telling = isExposed(found) && collected.length > 0 ? tellingOf(key, found, commands, view, now) : SILENCE;
  return {
    commands: [...telling.commands, ...commands],
    requeue: waiting.length > 0 ? { afterMs: leftMs } : commands.length > 0 ? 'when-done' : 'await-change',
    events: telling.events,
    remember: waiting.length > 0 ? since : null,
  };
}

const SILENCE: Telling = { commands: [], events: [] };
const NOBODY_WAITS = { waiting: [] as readonly Work[], leftMs: 0, since: 0 };

/** All that consumers are to have. */
function dispatched(
  { name }: ServiceKey,
  found: MultiClusterService,
  collected: readonly Work[],
  view: View,
  withdraws: boolean,
): readonly Work[] {
  const standing = collected.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const consumers = consumersOf(found, view);
  return (withdraws ? answering(standing, view) : standing).flatMap((work) => {
    const provider = clusterIn(work);
    return slicesIn(work).flatMap((slice) =>
      consumers
        .filter((consumer) => consumer !== provider)
        .map((consumer) => {
          const known = view.get(COLLECTIONS.works, executionSpaceOf(consumer), dispatchedWorkNameOf(slice, provider));
          return dispatchedWork(slice, name, provider, consumer, known as unknown as Work | null);
        }),
    );
  });
}

const clusterIn = ({ metadata }: Work): string => clusterOfExecutionSpace(metadata.namespace ?? '') ?? '';

const isSpare = (work: Work, wanted: readonly Work[]): boolean =>
  providerIn(work) !== null &&
  !wanted.some(
    ({ metadata }) => metadata.name === work.metadata.name && metadata.namespace === work.metadata.namespace,
  );

/** Nothing is known of what they are for: it may be that it is not seen yet. */
function unheardOf(spare: readonly Work[], collected: readonly Work[], view: View, now: Millis): typeof NOBODY_WAITS {
  const { since, leftMs } = patienceWith(view, now);
  const isKnown = (work: Work): boolean =>
    collected.some((one) =>
      slicesIn(one).some((slice) => dispatchedWorkNameOf(slice, clusterIn(one)) === work.metadata.name),
    );
  return { waiting: leftMs > 0 ? spare.filter((work) => !isKnown(work)) : [], leftMs, since };
}

function brought(wanted: Work, view: View): readonly Command[] {
  // What a consumer has that is not what it should be just now stays as it is.
  if (whyNot(clusterIn(wanted), view) !== null) return [];
  const { namespace = '', name } = wanted.metadata;
  const stored = view.get(COLLECTIONS.works, namespace, name) as unknown as Work | null;
  return written(stored, wanted);
}

/** Of one that is going nothing is left at its consumers. */
const released = (work: Work): readonly Command[] =>
  work.metadata.deletionTimestamp !== undefined && isHeldBy(work, EXPOSURES.finalizer)
    ? [
        merged(release(keyOf(COLLECTIONS.works, work as unknown as KubeObject), work, EXPOSURES.finalizer), {
          isIndependent: true,
        }),
      ]
    : [];

function tellingOf(
  key: ServiceKey,
  found: MultiClusterService,
  commands: readonly Command[],
  view: View,
  now: Millis,
): Telling {
  if (commands.length === 0) return told(key, found, SUCCESS, now);
  const problem = problemIn(view);
  const refusals = consumersOf(found, view).flatMap((name) => whyNot(name, view) ?? []);
  const warnings = refusals.map(({ reason, message }) => eventAbout(key, 'Warning', reason, message));
  if (problem === null) return { commands: [], events: warnings };
  const telling = told(key, found, { ...SUCCESS, ...FAILURE, message: problem }, now);
  return { commands: telling.commands, events: [...telling.events, ...warnings] };
}

const SUCCESS: Verdict = {
  type: SERVICE_CONDITIONS.dispatched,
  isGood: true,
  reason: 'EndpointSliceDispatchedSucceed',
  message: 'EndpointSlice are dispatched successfully',
  event: 'DispatchEndpointSliceSucceed',
};

const FAILURE = {
  isGood: false,
  reason: 'EndpointSliceDispatchedFailed',
  event: 'DispatchEndpointSliceFailed',
};
