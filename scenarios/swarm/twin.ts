// The same scenario without its faults, and what faults there were: some only hold things up, and others change what is decided.
import { type Fault, HUB, type KubeObject } from '../../engine/index.ts';
import type { SwarmDocument } from './draw-scenario.ts';

type Entry = SwarmDocument['spec']['timeline'][number];

const faultIn = ({ fault }: Entry): Fault | null => (fault as Fault | undefined) ?? null;

export const hasFaults = ({ spec }: SwarmDocument): boolean => spec.timeline.some((entry) => faultIn(entry) !== null);

export const withoutFaults = (document: SwarmDocument): SwarmDocument => ({
  ...document,
  spec: { ...document.spec, timeline: document.spec.timeline.filter((entry) => faultIn(entry) === null) },
});

/** Whether any of them shows the hub another fleet than there is, or lays hands on what it sent. */
export const mayChangeDecisions = ({ spec }: SwarmDocument): boolean =>
  spec.timeline.some((entry) => {
    const fault = faultIn(entry);
    return fault !== null && !onlyHoldsUp(fault);
  });

/** Whoever lists from a replica that lags behind may do again what is long over, and has to undo it. */
export const mayRepeatThings = ({ spec }: SwarmDocument): boolean =>
  spec.timeline.some((entry) => faultIn(entry)?.fault === 'stale-list');

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
  'second-leader',
  'watch-broken',
  'watch-held',
  'watch-expired',
  'stale-list',
]);

/** Whoever decides hears and says everything later, and perhaps twice; what there is to decide stays the same. */
function onlyHoldsUp(fault: Fault): boolean {
  if (fault.fault === 'api-errors' || fault.fault === 'api-down') return fault.place === HUB;
  return OF_THE_CONTROL_PLANE.has(fault.fault);
}
