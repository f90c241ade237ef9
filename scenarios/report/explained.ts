// An explanation in one sentence a cluster: why it was chosen, left out, or rejected.
import type { Explanation } from '../../engine/index.ts';

export interface WhyCluster {
  readonly cluster: string;
  readonly says: string;
}

type ClusterStory = Explanation['attempts'][number]['clusters'][number];

/** Of the attempt that decided, or of the last that failed. */
export function whyEach({ attempts }: Explanation): readonly WhyCluster[] {
  const { clusters = [] } = attempts.at(-1) ?? {};
  return clusters.map((story) => ({ cluster: story.name, says: sentence(story) }));
}

function sentence({ verdicts, candidate }: ClusterStory): string {
  const rejections = verdicts.filter(({ fact }) => fact !== null).map(({ filter, fact }) => `${filter}: ${fact}`);
  if (candidate === null) return `rejected; ${rejections.join('; ')}`;
  const { room, score, previous, selected, leftOut, idle, replicas } = candidate;
  const had = previous === null ? '' : `, had ${previous}`;
  const facts = `room for ${room}${had}, score ${score}`;
  if (!selected) return `left out; ${leftOut ?? 'others came first'} (${facts})`;
  if (replicas === null) return `chosen (${facts})`;
  return replicas === 0 ? `chosen, and got none; ${idle ?? ''} (${facts})` : `gets ${replicas} (${facts})`;
}
