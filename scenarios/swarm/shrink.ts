// Makes a failing scenario small: leaves out events, then objects, then clusters, and shortens what is left, as long as it fails
// in the same way.
import type { KubeObject } from '../../engine/index.ts';
import { formatDuration, parseDuration } from '../../executor/terminal/duration.ts';
import type { SwarmDocument } from './draw-scenario.ts';

/** Whether a document still fails as the first did. */
export type StillFails = (document: SwarmDocument) => Promise<boolean>;

type Spec = SwarmDocument['spec'];

export async function shrink(
  document: SwarmDocument,
  stillFails: StillFails,
  triesMax: number,
): Promise<{ readonly document: SwarmDocument; readonly tries: number }> {
  let smallest = document;
  let tries = 0;
  const attempt = async (spec: Spec): Promise<boolean> => {
    if (tries >= triesMax) return false;
    tries += 1;
    const candidate = { ...smallest, spec };
    if (!(await stillFails(candidate))) return false;
    smallest = candidate;
    return true;
  };
  for (let before: SwarmDocument | null = null; before !== smallest && tries < triesMax; ) {
    before = smallest;
    await leaveOut(
      () => smallest.spec.timeline,
      (timeline) => attempt({ ...smallest.spec, timeline }),
    );
    await leaveOut(
      () => namesOf(smallest.spec.objects),
      (names) => attempt(withOnly(smallest.spec, names)),
    );
    await leaveOut(
      () => smallest.spec.fleet.clusters,
      (clusters) =>
        clusters.length === 0 ? Promise.resolve(false) : attempt({ ...smallest.spec, fleet: { clusters } }),
    );
    await shorten(() => smallest.spec, attempt);
  }
  return { document: smallest, tries };
}

/** Halves first, then quarters, then one by one. */
async function leaveOut<T>(
  current: () => readonly T[],
  attempt: (items: readonly T[]) => Promise<boolean>,
): Promise<void> {
  for (let size = Math.max(1, Math.ceil(current().length / 2)); ; size = Math.ceil(size / 2)) {
    for (let at = 0; at < current().length; ) {
      const items = current();
      if (!(await attempt([...items.slice(0, at), ...items.slice(at + size)]))) at += size;
    }
    if (size === 1) return;
  }
}

/** A workload and its policy have one name, and go together. */
const namesOf = (objects: readonly KubeObject[]): readonly string[] => [
  ...new Set(objects.map(({ metadata }) => metadata.name)),
];

function withOnly(spec: Spec, names: readonly string[]): Spec {
  const isKept = (name: unknown) => names.includes(String(name));
  return {
    ...spec,
    objects: spec.objects.filter(({ metadata }) => isKept(metadata.name)),
    timeline: spec.timeline.filter((entry) => {
      const ref = entry.scale ?? entry.rollout ?? entry.delete ?? entry.patch;
      return ref === undefined || isKept(String(ref).split('/').at(-1));
    }),
  };
}

async function shorten(current: () => Spec, attempt: (spec: Spec) => Promise<boolean>): Promise<void> {
  const last = Math.max(0, ...current().timeline.map(({ at }) => parseDuration(at) ?? 0));
  const wholeMs = parseDuration(current().duration) ?? 0;
  const endMs = Math.max(60_000, last + 60_000);
  const hasTriggers = current().timeline.some(({ when }) => when !== undefined);
  if (endMs < wholeMs && !hasTriggers) await attempt({ ...current(), duration: formatDuration(endMs) });
  for (let at = 0; at < current().timeline.length; at += 1) {
    const { timeline } = current();
    const { fault } = timeline[at]! as { fault?: { forMs?: number } };
    if (fault?.forMs === undefined || fault.forMs < 2_000) continue;
    const shorter = { ...timeline[at], fault: { ...fault, forMs: Math.ceil(fault.forMs / 2) } };
    await attempt({ ...current(), timeline: timeline.with(at, shorter) });
  }
}
