// What limits the room of a cluster, in words.
import type { CandidateStory } from './story.ts';

/** The tightest bound of the estimator that decides. */
export function limitText({ estimates }: Pick<CandidateStory, 'estimates'>): string {
  const answered = estimates.filter(({ room }) => room !== null);
  const decisive = answered.reduce<(typeof answered)[number] | undefined>(
    (least, estimate) => (least === undefined || estimate.room! < least.room! ? estimate : least),
    undefined,
  );
  const [bound] = decisive?.bounds ?? [];
  if (bound === undefined) return decisive === undefined ? '' : decisive.estimator;
  return bound.by === 'pods' || bound.by === 'summary' ? bound.detail : `${bound.by}: ${bound.detail}`;
}
