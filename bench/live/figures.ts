// What was measured as lines that can be held against limits and against an earlier run: each a number with its unit.
import type { Statistics } from '../statistics.ts';
import type { LiveCase } from './cases.ts';
import { KARMADA } from './karmada-figures.ts';
import type { LiveFigures } from './measure.ts';

export interface Figure {
  readonly case: string;
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: number | null;
  /** What Karmada took for the same; null where that was not measured. */
  readonly karmada: number | null;
}

/** Writes on the hub for each object: the binding, its decision, and its state in the end. */
const HUB_FLOOR = 3;
/** For each object in each member: the Work on the hub, and the object itself. */
const MEMBER_FLOOR = 2;

/** Karmada was measured with just these. */
const COMPARED = { objects: 2_000, members: 2 };

export function figuresOf(one: LiveCase, measured: LiveFigures, { percentile }: Statistics): readonly Figure[] {
  const { limits, members } = one;
  const isComparable = one.objects === COMPARED.objects && one.members === COMPARED.members;
  const line = (figure: string, value: number, unit: string, limit?: number, karmada?: number): Figure => ({
    case: one.name,
    figure,
    value,
    unit,
    limit: limit ?? null,
    karmada: isComparable ? (karmada ?? null) : null,
  });
  const { single, spread, idle, move, death } = measured;
  const calls = spread.hubWritesAnObject - 1 + spread.memberCallsAnObject;
  return [
    line('one object, median', percentile(single, 0.5), 'ms'),
    line('one object, p99', percentile(single, 0.99), 'ms'),
    line('in every member', spread.seconds, 's', limits.spreadSeconds, KARMADA.spreadSeconds),
    line('and told so', spread.settledSeconds, 's'),
    line('latency in the crowd, median', percentile(spread.latencies, 0.5), 'ms'),
    line('latency in the crowd, p99', percentile(spread.latencies, 0.99), 'ms'),
    line('calls an object', calls, 'calls', HUB_FLOOR + MEMBER_FLOOR * members),
    line('of them to members', spread.memberCallsAnObject, 'calls', members),
    line('hub CPU', spread.hubCpuSeconds, 's'),
    line('members CPU', spread.memberCpuSeconds, 's'),
    line('hub memory', spread.hubMiB, 'MiB'),
    ...(idle === null
      ? []
      : [
          line('idle hub CPU a minute', idle.hubCpuAMinute, 's', limits.idleCpuAMinute, KARMADA.idleCpuAMinute),
          line('idle members CPU a minute', idle.memberCpuAMinute, 's'),
        ]),
    ...(move === null
      ? []
      : [
          line(`move of ${one.moved}`, move.seconds, 's', limits.moveSeconds, KARMADA.moveSeconds),
          line('hub CPU of the move', move.hubCpuSeconds, 's'),
          line('absent from both', move.absentMs, 'ms', 0, KARMADA.absentMs),
        ]),
    ...(death === null
      ? []
      : [
          line('death noticed', death.noticedSeconds, 's', undefined, KARMADA.noticedSeconds),
          line('ready elsewhere', death.recoveredSeconds, 's', limits.recoverySeconds),
        ]),
  ];
}
