// Why the scheduler would not place something in a cluster that it is to come to, as its own explanation has it; and whether it would
// find room there.
import {
  type AttemptStory,
  type BindingInput,
  type ClusterStory,
  explain,
  limitText,
  pluginsFor,
  type Scheduler,
  TAINTS,
} from '../../../engine/index.ts';

/** In words that follow the name of the cluster. */
export function whyNotThere(scheduler: Scheduler, binding: BindingInput, cluster: string): string {
  const { attempt, story } = toldOf(scheduler, binding, cluster);
  if (story === null) return 'nothing was decided on it';
  const { verdicts, candidate } = story;
  const facts = verdicts.flatMap(({ fact }) => (fact === null ? [] : [fact]));
  const isCordoned = facts.some((fact) => fact.includes(TAINTS.cordoned));
  if (facts.length > 0) return `${isCordoned ? 'it is cordoned, and there is ' : ''}${facts.join('; ')}`;
  if (attempt?.failure != null) return `${attempt.failure.message}; ${roomText(story)}`;
  return candidate?.leftOut ?? candidate?.idle ?? 'others are preferred';
}

/** Null where it has room for so many replicas, as far as anybody knows. */
export function whyNoRoom(
  scheduler: Scheduler,
  binding: BindingInput,
  cluster: string,
  replicas: number,
): string | null {
  const { story } = toldOf(scheduler, binding, cluster);
  const room = story?.candidate?.room;
  return story === null || room === undefined || room >= replicas ? null : roomText(story);
}

/** Of several affinity groups the first that it can be used by, or else the last. */
function toldOf(scheduler: Scheduler, binding: BindingInput, cluster: string) {
  const { attempts } = explain(binding, scheduler.view(), scheduler.profile, pluginsFor(scheduler.profile));
  const storyIn = ({ clusters }: AttemptStory): ClusterStory | null =>
    clusters.find(({ name }) => name === cluster) ?? null;
  const attempt = attempts.find((one) => storyIn(one)?.candidate != null) ?? attempts.at(-1);
  return { attempt, story: attempt === undefined ? null : storyIn(attempt) };
}

function roomText({ candidate }: ClusterStory): string {
  if (candidate === null) return 'it has no room';
  const { room } = candidate;
  const limit = limitText(candidate);
  return `it has room for ${room} ${room === 1 ? 'replica' : 'replicas'}${limit === '' ? '' : ` (${limit})`}`;
}
