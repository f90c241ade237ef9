// The same scenario without its faults, and what faults there were: some only hold things up, and others change what is decided.
import { type Fault, HUB, isObject, type KubeObject } from '../../engine/index.ts';
import { agentName } from '../run/processes.ts';
import type { SwarmDocument } from './draw-scenario.ts';

type Entry = SwarmDocument['spec']['timeline'][number];

const faultIn = ({ fault }: Entry): Fault | null => (fault as Fault | undefined) ?? null;

export const hasFaults = ({ spec }: SwarmDocument): boolean => spec.timeline.some((entry) => faultIn(entry) !== null);

export const withoutFaults = (document: SwarmDocument): SwarmDocument => ({
  ...document,
  spec: { ...document.spec, timeline: document.spec.timeline.filter((entry) => faultIn(entry) === null) },
});

export const withoutDamage = (document: SwarmDocument): SwarmDocument => ({
  ...document,
  spec: {
    ...document.spec,
    timeline: document.spec.timeline.filter((entry) => faultIn(entry)?.fault !== 'corrupted'),
  },
});

/** Whether any of them shows the hub another fleet than there is, or lays hands on what it sent. */
export const mayChangeDecisions = ({ spec }: SwarmDocument): boolean =>
  spec.timeline.some((entry) => {
    const fault = faultIn(entry);
    return fault !== null && !onlyHoldsUp(fault);
  });

const LATE: readonly Fault['fault'][] = ['watch-held', 'watch-missed', 'pause'];

const REPEATING: readonly Fault['fault'][] = [
  'stale-list',
  'watch-missed',
  'watch-drops',
  'watch-repeats',
  'watch-reorders',
  'hub-meddling',
  'corrupted',
];

/**
 * Whoever lists from a replica that lags behind, or has one list before another, or is told wrong, or hears late beside another who
 * does not, may do again what is long over, and has to undo it; what somebody took away has to be made again.
 */
export function mayRepeatThings({ spec }: SwarmDocument): boolean {
  const kinds = spec.timeline.map((entry) => faultIn(entry)?.fault ?? null);
  if (REPEATING.some((kind) => kinds.includes(kind))) return true;
  return kinds.includes('second-leader') && LATE.some((kind) => kinds.includes(kind));
}

/** What one thing needed and another needs, too, goes and comes again where the other is late: whether it is, is a matter of time. */
export const mayPassOn = ({ spec }: SwarmDocument): boolean =>
  spec.timeline.some((entry) => entry.delete !== undefined);

/** What a policy placed before it went stays, and what it had no time to place is not placed. */
export const losesPolicies = ({ spec }: SwarmDocument): boolean =>
  spec.timeline.some((entry) =>
    /^((Cluster)?PropagationPolicy|MultiClusterService|Namespace)\//.test(String(entry.delete ?? '')),
  );

/** Lazy policies act when something else changes: what of two changes came first is a part of what was asked for. */
export const isLazy = ({ spec }: SwarmDocument): boolean =>
  spec.objects.some((object) => isObject(object.spec) && object.spec.activationPreference === 'Lazy');

/** Whoever applies what is still on its way out changes what then goes: whether it is, is a matter of time. */
export function bringsBack({ spec }: SwarmDocument): boolean {
  const deleted = new Set(spec.timeline.map((entry) => entry.delete));
  return spec.timeline.some(({ apply }) => {
    const object = apply as Partial<KubeObject> | undefined;
    return object !== undefined && deleted.has(`${object.kind}/${object.metadata?.name}`);
  });
}

const OF_THE_CONTROL_PLANE = new Set<Fault['fault']>([
  'restart',
  'pause',
  'disorder',
  'second-leader',
  'watch-broken',
  'watch-held',
  'watch-missed',
  'watch-expired',
  'stale-list',
  'resync',
]);

/** Whoever decides hears and says everything later, and perhaps twice; what there is to decide stays the same. */
function onlyHoldsUp(fault: Fault): boolean {
  if (fault.fault === 'api-errors') return fault.place === HUB && fault.from === undefined;
  if (fault.fault === 'api-down') return fault.place === HUB;
  // Where an agent is silent for long, its cluster counts as lost.
  if ('name' in fault && fault.name.startsWith(agentName('')) && fault.fault !== 'resync') return false;
  return OF_THE_CONTROL_PLANE.has(fault.fault);
}
