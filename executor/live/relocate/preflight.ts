// Whether the scheduler would say of a move what is about to be done, before anything is written.
import { byText, type Cluster, Fleet, type Profile, Scheduler } from '../../../engine/index.ts';
import { targetsText } from '../../terminal/targets-text.ts';
import { isSamePlacement } from '../apply/changes.ts';
import { RelocationProblem } from './application.ts';
import type { Move } from './plan-moves.ts';
import { PRODUCER } from './record.ts';
import { whyNoRoom, whyNotThere } from './why-not-there.ts';

/** What the scheduler would say later has to be what is done now; tells what it would not say, and clusters would. */
export function preflight(moves: readonly Move[], clusters: readonly Cluster[], profile: Profile): readonly string[] {
  const scheduler = new Scheduler(new Fleet(clusters), profile);
  return moves.flatMap((move) => preflightOf(move, scheduler));
}

function preflightOf({ part, goal, leaves, arrives }: Move, scheduler: Scheduler): readonly string[] {
  const tasks = leaves.map((fromCluster) => ({ fromCluster, reason: 'Relocated', producer: PRODUCER }));
  const { spec, status } = part.binding;
  const { placement } = goal;
  // What is somewhere already is let stay there: so it is asked for as if it were still to come.
  const staying = goal.clusters.filter(({ name }) => !arrives.includes(name));
  const binding = { spec: { ...spec, placement, clusters: staying, gracefulEvictionTasks: tasks }, status };
  const verdict = scheduler.decide(binding);
  const absent = arrives.find((name) => !verdict.ok || !verdict.clusters.some((one) => one.name === name));
  if (absent !== undefined) {
    const why = whyNotThere(scheduler, binding, absent);
    throw new RelocationProblem(`${part.title} would not be placed in ${absent}: ${why}`);
  }
  if (!verdict.ok) throw new RelocationProblem(`${part.title} has no place there: ${verdict.message}`);
  const doubts = arrives.flatMap((name) => {
    const replicas = goal.clusters.find((one) => one.name === name)?.replicas ?? 0;
    const why = whyNoRoom(scheduler, binding, name, replicas);
    return why === null ? [] : [`${part.title} is to have ${replicas} replicas in ${name}, and ${why}`];
  });
  const later = scheduler.decide({ ...binding, spec: { ...binding.spec, clusters: [...goal.clusters] } });
  if (!later.ok || isSamePlacement(later.clusters, goal.clusters)) return doubts;
  const places = [...later.clusters].sort((a, b) => byText(a.name, b.name));
  return [...doubts, `by its policy ${part.title} then goes to ${targetsText(places)}`];
}
