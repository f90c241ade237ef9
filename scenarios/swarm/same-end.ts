// Two runs that should come to the same end: what differs between what they left behind, as violations.
import { COLLECTIONS, type Violation } from '../../engine/index.ts';
import { type EndState, STATUS } from './end-state.ts';

/** All that one of them has otherwise than the other, but for what may rightly differ. */
export function otherEnds(
  rule: string,
  own: EndState,
  other: EndState,
  otherName: string,
  isMeant: (entry: string) => boolean = () => true,
): readonly Violation[] {
  const found: Violation[] = [];
  const isCrowded = own.isCrowded || other.isCrowded;
  for (const entry of namesIn(own.objects, other.objects).filter(isMeant)) {
    if (isCrowded && entry.endsWith(STATUS)) continue;
    if (isLoose(own.bindingOf.get(entry) ?? other.bindingOf.get(entry), own, other)) continue;
    const [here, there] = [own.objects.get(entry), other.objects.get(entry)];
    if (here === there) continue;
    if (here !== undefined && there !== undefined && isLooseBinding(entry, own, other)) continue;
    const message =
      here === undefined
        ? `${otherName} has it, and here it is missing`
        : there === undefined
          ? `${otherName} does not have it`
          : firstDifference(here, there, otherName);
    found.push({ rule, about: entry, message });
  }
  return found;
}

/** What was made, or taken away, more often than in the other. */
export function moreWork(
  rule: string,
  own: EndState,
  other: EndState,
  otherName: string,
  isMeant: (entry: string) => boolean,
): readonly Violation[] {
  const found: Violation[] = [];
  for (const [counts, others, done] of [
    [own.births, other.births, 'made'],
    [own.deaths, other.deaths, 'deleted'],
  ] as const) {
    for (const [entry, count] of counts) {
      const expected = others.get(entry) ?? 0;
      if (count <= expected || isOfALeaver(entry, own) || isInWaves(entry, own, other) || !isMeant(entry)) continue;
      if (own.passing.has(entry)) continue;
      if (isLoose(own.bindingOf.get(entry) ?? other.bindingOf.get(entry), own, other)) continue;
      found.push({
        rule,
        about: entry,
        message: `it was ${done} ${count} times, and in ${otherName} ${expected} times`,
      });
    }
  }
  return found;
}

const namesIn = (a: EndState['objects'], b: EndState['objects']): readonly string[] =>
  [...new Set([...a.keys(), ...b.keys()])].sort();

/** A cluster that has left, or a place for it: whoever has not heard of it makes it again, and it goes again by itself. */
function isOfALeaver(entry: string, { objects }: EndState): boolean {
  if (entry.startsWith(`hub ${COLLECTIONS.clusters}/`)) return !objects.has(entry);
  const cluster = /\/(?:karmada-es-|cluster-inventory\/)([^/]+)/.exec(entry)?.[1];
  return cluster !== undefined && !objects.has(`hub ${COLLECTIONS.clusters}/${cluster}`);
}

/** Also the snapshots of what was stable. */
function isInWaves(entry: string, own: EndState, other: EndState): boolean {
  const binding = own.bindingOf.get(entry) ?? other.bindingOf.get(entry);
  const isStaged = binding !== undefined && (own.staged.has(binding) || other.staged.has(binding));
  return isStaged || entry.startsWith('hub apps/controllerrevisions/');
}

const isLoose = (binding: string | undefined, own: EndState, other: EndState): boolean =>
  binding !== undefined && (own.loose.has(binding) || other.loose.has(binding));

const isLooseBinding = (entry: string, own: EndState, other: EndState): boolean =>
  isLoose(own.bindings.get(entry) ?? other.bindings.get(entry), own, other);

const SHOWN = 160;

function firstDifference(here: string, there: string, otherName: string): string {
  let at = 0;
  while (at < here.length && here[at] === there[at]) at += 1;
  const from = Math.max(0, at - 60);
  return `it is ...${here.slice(from, from + SHOWN)}... and in ${otherName} ...${there.slice(from, from + SHOWN)}...`;
}
