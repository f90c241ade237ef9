// FederatedHPA: asks the clusters of a workload what its pods use, and asks in its template for as many as that takes. It looks again
// and again; what it has recommended of late is kept in memory, as in Karmada, and a restart begins to count anew.
//
// A look has steps: the clusters are asked, the template is written, and then it is told what came of that. Ending in between does no
// harm: the next look begins with what there is.
import { defaultFederatedHpa } from '../../api/admission/autoscaling.ts';
import type { FederatedHPA, MetricStatus } from '../../api/autoscaling.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { decide, SCALING } from '../../autoscale/decide.ts';
import { type WorkloadLoad, wholeLoad } from '../../autoscale/load.ts';
import { NOTHING_REMEMBERED, type ScaleMemory, withChange } from '../../autoscale/memory.ts';
import { wishOf } from '../../autoscale/metrics.ts';
import type { Tuning } from '../../autoscale/tuning.ts';
import { merged } from '../../base/merged.ts';
import type { Command, CommandResult } from '../../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type Requeue, type View } from '../../control/controller.ts';
import { clusterOf, memberPlace } from '../../control/place.ts';
import type { ConditionState } from '../../kube/conditions.ts';
import { isObject, type JsonValue } from '../../kube/json.ts';
import type { Millis } from '../../kube/time.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Timings } from '../../profile/timings.ts';
import { keyOf } from '../../store/key.ts';
import { isWish } from '../changes.ts';
import { DEFINED_KIND_INDEX } from '../kinds.ts';
import { isTemplateCollection } from '../policies/templates.ts';
import type { ControlPorts } from '../ports.ts';
import { event, patch } from '../writes.ts';
import { calibrationOf } from './calibration.ts';
import { keyOfScaler, type News, tellStatus, tellTrouble } from './scaling-status.ts';
import { type NoSite, noScale, rivalOf, type Site, siteOf } from './site.ts';
import { asSound } from './sound.ts';
import { type TemplateScale, templateScale, withReplicas } from './template-scale.ts';

/** A scaling whose template is being written. */
interface Rescaling {
  readonly from: number;
  readonly to: number;
  readonly why: string;
  readonly conditions: readonly ConditionState[];
  readonly metrics: readonly MetricStatus[] | null;
}

interface Memory extends ScaleMemory {
  readonly rescaling?: Rescaling;
}

export function federatedHpa({ profile }: ControlPorts): Controller {
  return {
    name: 'federated-hpa',
    indexes: [DEFINED_KIND_INDEX],
    concurrency: 64,
    // A cluster that does not answer is an answer: what the others say is not put off.
    backOff: { baseMs: 1, maxMs: 1_000 },
    watches: [
      {
        on: 'hub',
        collection: COLLECTIONS.federatedHpas,
        isOptional: true,
        keysOf: (change) => (isWish(change) ? [pathOf(change.object)] : []),
      },
      // What it reads: it looks by itself, and not because any of that has changed.
      { on: 'hub', collection: COLLECTIONS.bindings },
      { on: 'hub', collection: COLLECTIONS.clusters },
      { on: 'hub', collection: COLLECTIONS.definitions },
      { on: 'hub', collection: isTemplateCollection },
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, profile),
  };
}

const pathOf = ({ metadata }: { readonly metadata: { readonly namespace?: string; readonly name: string } }): string =>
  `${metadata.namespace ?? ''}/${metadata.name}`;

const tuningOf = (timings: Timings): Tuning => ({
  tolerance: timings.horizontalPodAutoscalerTolerance,
  cpuInitializationMs: timings.horizontalPodAutoscalerCpuInitializationPeriodMs,
  initialReadinessDelayMs: timings.horizontalPodAutoscalerInitialReadinessDelayMs,
  downscaleStabilizationMs: timings.horizontalPodAutoscalerDownscaleStabilizationMs,
});

const memoryOf = ({ remembered }: View): Memory =>
  isObject(remembered) && Array.isArray(remembered.recommended)
    ? (remembered as unknown as Memory)
    : NOTHING_REMEMBERED;

const kept = (memory: Memory): JsonValue => memory as unknown as JsonValue;

function reconcile(key: string, view: View, now: Millis, profile: Profile): Outcome {
  const [namespace = '', name = ''] = key.split('/');
  const found = view.get(COLLECTIONS.federatedHpas, namespace, name);
  if (found === null || found.metadata.deletionTimestamp !== undefined)
    return merged(NOTHING_TO_DO, { remember: null });
  // A hub without Karmada's webhook completes nothing.
  const hpa = defaultFederatedHpa(asSound<FederatedHPA>(found));
  const later: Requeue = { afterMs: Math.max(1, profile.timings.horizontalPodAutoscalerSyncPeriodMs) };
  const { rescaling, ...memory } = memoryOf(view);
  const written = view.attempt.results.find(({ command }) => command.verb === 'patch')?.result;
  if (rescaling !== undefined && written !== undefined) {
    if (written.ok) return rescaled(hpa, rescaling, memory, later, now);
    // Somebody else has written the template meanwhile, and that may change everything.
    if (written.code !== 'Conflict') return notRescaled(hpa, rescaling, written, memory, later, now);
  }
  const inTheWay = ({ reason, message, event: told }: NoSite): Outcome => {
    const condition = { type: SCALING.able, status: 'False', reason, message } as const;
    return tell(hpa, { conditions: [condition] }, condition, told, memory, later, now);
  };
  const scale = templateScale(hpa.spec.scaleTargetRef, namespace, view);
  if ('is' in scale) return inTheWay(noScale(scale));
  if (scale.replicas === 0 && hpa.spec.minReplicas !== 0) return disabled(hpa, memory, later, now);
  const site = siteOf(scale, view);
  if (!site.ok) return inTheWay(site);
  return look(hpa, scale, site, memory, view, later, now, profile);
}

function look(
  hpa: FederatedHPA,
  scale: TemplateScale,
  site: Site,
  memory: ScaleMemory,
  view: View,
  later: Requeue,
  now: Millis,
  { timings, switches }: Profile,
): Outcome {
  const { metrics = [] } = hpa.spec;
  const { replicas: current, collection, template } = scale;
  const answers = view.attempt.results.filter(({ command }) => command.verb === 'ask');
  if (answers.length === 0 && site.clusters.length > 0) {
    const key = keyOf(collection, template);
    const question = { about: 'load', key, wish: wishOf(metrics) } as const;
    const commands = site.clusters.map((cluster): Command => {
      return { verb: 'ask', on: memberPlace(cluster), question, isIndependent: true };
    });
    return { commands, requeue: 'when-done', events: [], remember: kept(memory) };
  }
  const seen = answers.flatMap(({ command, result }) => {
    const load = loadIn(result);
    return load === null ? [] : [{ cluster: clusterOf(command.on) ?? '', load }];
  });
  const load = wholeLoad(seen.map((one) => one.load));
  if (load.replicas === 0) {
    const message = 'no cluster tells of any replicas: those that have it are not ready, or do not answer';
    const condition = { type: SCALING.able, status: 'False', reason: 'FailedGetScale', message } as const;
    return tell(hpa, { conditions: [condition] }, condition, 'FailedGetScale', memory, later, now);
  }
  const unclear = ambiguity(hpa, scale, load, view);
  if (unclear !== null) {
    const news = { conditions: [SCALE_KNOWN, unclear], current };
    return tell(hpa, news, unclear, unclear.reason, memory, later, now);
  }
  const names = seen.map(({ cluster }) => cluster);
  const calibration = calibrationOf(site.binding, names, load.replicas, current, switches.scalesByPlacement);
  const decision = decide(hpa.spec, { load, current, calibration, memory, now, tuning: tuningOf(timings) });
  const { desired, why, conditions, failed } = decision;
  const trouble = failed === null ? [] : tellTrouble(hpa, stateOfFailure(failed), failed.reason);
  if (desired === null || desired === current) {
    const news: News = {
      conditions: [SCALE_KNOWN, ...conditions],
      current,
      ...(desired !== null && { desired, metrics: decision.metrics }),
    };
    const commands = tellStatus(hpa, news, now);
    return { commands, requeue: later, events: trouble, remember: kept(decision.memory) };
  }
  const rescaling = { from: current, to: desired, why, conditions, metrics: decision.metrics };
  const write = patch(keyOf(collection, template), template, withReplicas(scale.path, desired));
  return {
    commands: [write],
    requeue: 'when-done',
    events: trouble,
    remember: kept({ ...decision.memory, rescaling }),
  };
}

const SCALE_KNOWN: ConditionState = {
  type: SCALING.able,
  status: 'True',
  reason: 'SucceededGetScale',
  message: 'it is known how many there are',
};

const stateOfFailure = ({
  reason,
  message,
}: {
  readonly reason: string;
  readonly message: string;
}): ConditionState => ({
  type: SCALING.active,
  status: 'False',
  reason,
  message,
});

/** Null where there is no answer. */
const loadIn = (result: CommandResult): WorkloadLoad | null =>
  result.ok && isObject(result.answer) ? (result.answer as unknown as WorkloadLoad) : null;

function ambiguity(hpa: FederatedHPA, scale: TemplateScale, { pods }: WorkloadLoad, view: View): ConditionState | null {
  if (pods === null)
    return stateOfFailure({ reason: 'InvalidSelector', message: 'its scale does not say which pods are its own' });
  const rival = rivalOf(hpa, scale, view);
  if (rival === null) return null;
  return stateOfFailure({ reason: 'AmbiguousSelector', message: `FederatedHPA ${rival} scales the same pods` });
}

/** In Karmada nobody comes here, as it looks for replicas in the clusters first and finds none; nothing is scaled either way. */
function disabled(hpa: FederatedHPA, memory: ScaleMemory, later: Requeue, now: Millis): Outcome {
  const message = 'the template asks for no replicas';
  const condition = stateOfFailure({ reason: 'ScalingDisabled', message });
  const news = { conditions: [SCALE_KNOWN, condition], current: 0, desired: 0, metrics: null };
  return { commands: tellStatus(hpa, news, now), requeue: later, events: [], remember: kept(memory) };
}

function tell(
  hpa: FederatedHPA,
  news: News,
  condition: ConditionState,
  reason: string,
  memory: ScaleMemory,
  later: Requeue,
  now: Millis,
): Outcome {
  const events = tellTrouble(hpa, condition, reason);
  return { commands: tellStatus(hpa, news, now), requeue: later, events, remember: kept(memory) };
}

function rescaled(hpa: FederatedHPA, rescaling: Rescaling, memory: ScaleMemory, later: Requeue, now: Millis): Outcome {
  const { from, to, why, conditions, metrics } = rescaling;
  const message = `the template asks for ${to}`;
  const able: ConditionState = { type: SCALING.able, status: 'True', reason: 'SucceededRescale', message };
  const news = { conditions: [...conditions, able], current: from, desired: to, metrics, hasScaled: true };
  const text = `New size: ${to}; reason: ${why}`;
  return {
    commands: tellStatus(hpa, news, now),
    requeue: later,
    events: [event('Normal', 'FederatedHPA', keyOfScaler(hpa), 'SuccessfulRescale', text)],
    remember: kept(withChange(memory, from, to, now)),
  };
}

function notRescaled(
  hpa: FederatedHPA,
  { from, to, why }: Rescaling,
  { message }: { readonly message: string },
  memory: ScaleMemory,
  later: Requeue,
  now: Millis,
): Outcome {
  const able: ConditionState = { type: SCALING.able, status: 'False', reason: 'FailedUpdateScale', message };
  const text = `New size: ${to}; reason: ${why}; error: ${message}`;
  return {
    commands: tellStatus(hpa, { conditions: [able], current: from }, now),
    requeue: later,
    events: [event('Warning', 'FederatedHPA', keyOfScaler(hpa), 'FailedRescale', text)],
    remember: kept(memory),
  };
}
