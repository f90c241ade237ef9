// What a fault came to, as a person would say it.
import { formatDuration } from '../../executor/terminal/duration.ts';
import type { FaultFigures } from '../metrics/names.ts';

const SECOND_MS = 1_000;

/** "47s", or "never". */
export const secondsText = (seconds: number): string =>
  Number.isFinite(seconds) ? formatDuration(Math.round(seconds) * SECOND_MS) : 'never';

const took = (seconds: number, done: string, undone: string): string =>
  Number.isFinite(seconds) ? `${done} after ${secondsText(seconds)}` : undone;

/** "noticed after 16s, left after 28s, overcome after 47s; 403 replica-seconds lost, 10 replicas moved". */
export function faultText(fault: FaultFigures): string {
  const { clusters, detectSeconds, evictSeconds, recoverSeconds, lostReplicaSeconds, moves, needlessMoves } = fault;
  const isNoticed = Number.isFinite(detectSeconds);
  // Nothing is to leave what is held for ready.
  const isToLeave = isNoticed && Object.values(fault.workloads).some((own) => own.evictSeconds > 0);
  const parts = [
    ...(clusters.length > 0
      ? [took(detectSeconds, 'noticed', `not noticed${clusters.length > 1 ? ' everywhere' : ''}`)]
      : []),
    ...(isToLeave ? [took(evictSeconds, 'left', 'not left by everything')] : []),
    ...(recoverSeconds > 0 ? [took(recoverSeconds, 'overcome', 'not overcome')] : ['nothing went down by it']),
  ];
  const needless = needlessMoves > 0 ? `, ${needlessMoves} of them needlessly` : '';
  // What was missing already goes on being lost until the next fault.
  const lost = recoverSeconds > 0 ? 'lost' : 'lost meanwhile';
  const sums = [
    ...(lostReplicaSeconds > 0 ? [`${Math.round(lostReplicaSeconds)} replica-seconds ${lost}`] : []),
    ...(moves > 0 ? [`${moves} ${moves === 1 ? 'replica' : 'replicas'} moved${needless}`] : []),
  ];
  return [parts.join(', '), ...(sums.length > 0 ? [sums.join(', ')] : [])].join('; ');
}

/** The ones that cost most, in the order in which they struck. */
export function worstFaults(faults: readonly FaultFigures[], most: number): readonly number[] {
  return faults
    .map(({ lostReplicaSeconds, moves }, at) => ({ at, lostReplicaSeconds, moves }))
    .sort((a, b) => b.lostReplicaSeconds - a.lostReplicaSeconds || b.moves - a.moves || a.at - b.at)
    .slice(0, most)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
}
