// A scenario of the swarm and its verdict: what its own run says, and whether it came to the end that the same wishes come to without
// any fault, and when they are made in another order and after detours.
import { CLUSTER_NAMESPACE, COLLECTIONS } from '../../engine/index.ts';
import { printYaml } from '../../executor/files/yaml.ts';
import { readScenario } from '../load.ts';
import { CONTROL_PLANE, type ControlPlane } from '../run/processes.ts';
import { isTouched, shouldServeAllTheTime } from './absence.ts';
import { anotherWay } from './another-way.ts';
import { NEEDED } from './draw-objects.ts';
import type { SwarmDocument } from './draw-scenario.ts';
import { NO_END, STATUS } from './end-state.ts';
import { judgeRun, type SwarmVerdict } from './judge-run.ts';
import { moreWork, otherEnds } from './same-end.ts';
import {
  bringsBack,
  hasFaults,
  isLazy,
  losesPolicies,
  mayChangeDecisions,
  mayPassOn,
  mayRepeatThings,
  withoutDamage,
  withoutFaults,
} from './twin.ts';

export async function judgeDocument(
  document: SwarmDocument,
  controlPlane: ControlPlane = CONTROL_PLANE,
): Promise<SwarmVerdict> {
  const own = judgedForAbsence(document, await judgeOnce(document, controlPlane));
  if (!own.ok) return own;
  if (!hasOneEnd(document)) return own;
  const twin = hasFaults(document) ? await judgeOnce(withoutFaults(document), controlPlane) : own;
  const violations = twin === own ? [] : [...compared(document, own, twin)];
  const other = anotherWay(document);
  if (other !== null && violations.length === 0) {
    const { end } = await judgeOnce(other, controlPlane);
    violations.push(...otherEnds('same-end-on-another-way', twin.end, end, 'the other way', lasts));
  }
  return { ...own, ok: violations.length === 0, violations };
}

function judgedForAbsence(document: SwarmDocument, verdict: SwarmVerdict): SwarmVerdict {
  const isDamaged = verdict.damaged.length > 0;
  const calm = isDamaged ? withoutDamage(document) : document;
  if (!verdict.ok || verdict.end.isCrowded || !shouldServeAllTheTime(calm)) return verdict;
  const message = 'it served, and then for a while nowhere, though nobody took anything away';
  const violations = verdict.absent
    .filter((about) => !isTouched(about, verdict.damaged))
    .map((about) => ({ rule: 'serves-all-the-time', about, message }));
  return { ...verdict, ok: violations.length === 0, violations };
}

/** The same for a scenario of which it is known what it comes to without its faults. */
export async function judgeBeside(
  twin: SwarmVerdict,
  document: SwarmDocument,
  controlPlane: ControlPlane = CONTROL_PLANE,
): Promise<SwarmVerdict> {
  const own = await judgeOnce(document, controlPlane);
  const violations = own.ok && hasOneEnd(document) ? compared(document, own, twin) : own.violations;
  return { ...own, ok: violations.length === 0, violations };
}

/** Asking to place anew is done once, what a Job has done is done, and where agents once told of themselves stays. */
const lasts = (entry: string): boolean =>
  !entry.startsWith(`hub ${COLLECTIONS.rebalancers}/`) &&
  !entry.startsWith(`hub ${COLLECTIONS.namespaces}/${CLUSTER_NAMESPACE}`) &&
  !(entry.includes('/job') && entry.endsWith(STATUS));

/** Not where policies act late or go: what they did first is a part of what was asked for. */
const hasOneEnd = (document: SwarmDocument): boolean => !isLazy(document) && !losesPolicies(document);

function compared(document: SwarmDocument, own: SwarmVerdict, twin: SwarmVerdict) {
  if (bringsBack(document)) return [];
  const isHarsh = mayChangeDecisions(document);
  const [here, there] = isHarsh ? [loosened(own.end), loosened(twin.end)] : [own.end, twin.end];
  const isMeant = (entry: string) => !mayBeRefused(entry, own.damaged) && (!isHarsh || !isOfMembers(entry));
  const ends = otherEnds('same-end-without-faults', here, there, 'a run without faults', isMeant);
  if (mayRepeatThings(document)) return ends;
  const isCounted = (entry: string) => isMeant(entry) && !(mayPassOn(document) && entry.includes(`/${NEEDED}`));
  return [...ends, ...moreWork('no-more-writes-than-without-faults', here, there, 'a run without faults', isCounted)];
}

/** Who is damaged takes no wish meanwhile; a policy's are for what bears its name. */
function mayBeRefused(entry: string, damaged: readonly string[]): boolean {
  return damaged.some((key) => {
    const isPolicy = key.startsWith('policy.karmada.io/');
    return entry === `hub ${key}` || (isPolicy && entry.includes(key.slice(key.lastIndexOf('/'))));
  });
}

/** Somebody may have laid hands on it. */
const isOfMembers = (entry: string): boolean =>
  !entry.startsWith('hub ') || (entry.startsWith(`hub ${COLLECTIONS.works}/`) && entry.endsWith(STATUS));

/** Where clusters failed anything may be elsewhere. */
const loosened = (end: SwarmVerdict['end']): SwarmVerdict['end'] => ({ ...end, loose: end.known });

async function judgeOnce(document: SwarmDocument, controlPlane: ControlPlane): Promise<SwarmVerdict> {
  const scenario = await readScenario(printYaml(document), `${document.metadata.name}.yaml`);
  try {
    return judgeRun(scenario, controlPlane);
  } catch (error) {
    return crashed(error);
  }
}

/** A process that throws ends, and so did the run. */
function crashed(error: unknown): SwarmVerdict {
  const [what = '', where = ''] = String(error instanceof Error ? error.stack : error).split('\n');
  const message = `${what.trim()} ${where.trim()}`;
  return {
    ok: false,
    violations: [{ rule: 'does-not-crash', about: 'the control plane', message }],
    settledAfterMs: null,
    events: 0,
    reached: {},
    end: NO_END,
    absent: [],
    damaged: [],
  };
}
