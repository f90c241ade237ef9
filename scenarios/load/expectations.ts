// The expectations of a scenario, compiled: an unknown fact, workload or event is a mistake of the file.
import { fieldPath } from '../../engine/index.ts';
import { problemAt } from '../../executor/files/yaml.ts';
import { ExpressionError } from '../../executor/script/expression.ts';
import { compileCondition } from '../expect/condition.ts';
import type { Expectation } from '../expect/expectation.ts';
import { type Known, METRIC_TOPIC } from '../expect/facts.ts';
import { eventsOf, type Moment, parseMoment, pointsOf } from '../expect/moment.ts';
import type { Timed } from '../format/timing.ts';
import { AFTER_THE_END, type LoadContext } from './timeline.ts';

export interface ExpectationContext extends LoadContext {
  /** Of everything on the timeline that has one. */
  readonly ids: ReadonlySet<string | null>;
  /** Of what goes wrong on it. */
  readonly faults: readonly string[];
}

export async function readExpectations(
  entries: readonly (Timed | null)[],
  context: ExpectationContext,
): Promise<readonly Expectation[]> {
  const { document, problems, objects, clusters, knowsFleet, params, faults } = context;
  const known: Known = {
    object: (text) => objects.known.find(text),
    collection: (kind) => objects.known.collectionCalled(kind),
    clusters,
    knowsClusters: knowsFleet,
    faults,
  };
  const expectations: Expectation[] = [];
  for (const [at, entry] of entries.entries()) {
    if (entry === null) continue;
    const path = `spec.expect[${at}]`;
    const [key, text] = Object.entries(entry).find(([name]) => parseMoment(name) !== null)! as [string, string];
    const moment = parseMoment(key)!;
    const conditionPath = fieldPath(path, key);
    const refuse = (message: string) => void problems.push(problemAt(document, conditionPath, message));
    refuseMoment(moment, context, refuse);
    try {
      const condition = await compileCondition(text, known, params);
      if (condition.reads.length === 0) refuse('names no fact, and so never changes');
      if (moment.kind !== 'at-end' && condition.topics.has(METRIC_TOPIC)) {
        refuse('metrics are known at the end alone: say "at end"');
      }
      expectations.push({
        name: (entry.id as string | undefined) ?? `${key}: ${text}`,
        moment,
        condition,
        profile: (entry.profile as string | undefined) ?? null,
        because: (entry.because as string | undefined) ?? null,
        place: document.place(conditionPath),
      });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      refuse(error.message);
    }
  }
  return expectations;
}

function refuseMoment(
  moment: Moment,
  { ids, durationMs }: ExpectationContext,
  refuse: (message: string) => void,
): void {
  const known = [...ids].filter((id) => id !== null);
  for (const event of eventsOf(moment)) {
    if (known.includes(event)) continue;
    refuse(
      `there is no event "${event}": ${known.length === 0 ? 'no line of the timeline has an id' : `there are ${known.join(', ')}`}`,
    );
  }
  if (pointsOf(moment).some(({ afterMs }) => afterMs > durationMs)) refuse(AFTER_THE_END);
  else if (moment.kind === 'within' && moment.point.afterMs + moment.ms > durationMs) {
    refuse('waits until after the end of the scenario');
  }
  if (!('until' in moment) || moment.from === null || moment.until === null) return;
  const areTimes = moment.from.event === null && moment.until.event === null;
  if (areTimes && moment.from.afterMs > moment.until.afterMs) refuse('begins after its end: turn the two times round');
}
