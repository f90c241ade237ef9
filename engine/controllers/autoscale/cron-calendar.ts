// When the rules of a CronFederatedHPA are due. That is kept in memory, beside what is told of it in the status.
//
// A rule without a time zone goes by UTC, in which Karmada runs where nobody has set its clock otherwise.
import type { CronFederatedHPA, CronRule } from '../../api/cron-autoscaling.ts';
import { byKey, byNumber } from '../../base/order.ts';
import { nextTime, readSchedule } from '../../kube/cron-schedule.ts';
import { canonicalJson } from '../../kube/json.ts';
import { type Millis, parseTime } from '../../kube/time.ts';
import { type TimeZones, UTC } from '../../kube/time-zone.ts';

export interface Calendar {
  readonly zones: TimeZones;
  /** Differs from Karmada: there what is due while nobody runs is passed over. */
  readonly makesUp: boolean;
}

/** When a rule is due, and as what it was read. */
export interface Due {
  readonly rule: string;
  readonly as: string;
  /** Null for never. */
  readonly at: Millis | null;
}

/** A rule whose time has come. */
export interface Turn {
  readonly rule: string;
  readonly scheduled: Millis;
  /** Since when it is tried. */
  readonly since: Millis;
}

/** Who has not run for longer does not look further back for the last of its times. */
const LOOKING_BACK_MS: Millis = 86_400_000;

/** One for each rule, in their order. A rule that is another than before is planned anew, from now on. */
export function planned(
  cron: CronFederatedHPA,
  known: readonly Due[],
  now: Millis,
  calendar: Calendar,
  onUnreadable: (rule: CronRule) => void,
): Due[] {
  return cron.spec.rules.map((rule) => {
    const as = canonicalJson([rule, cron.spec.scaleTargetRef]);
    const before = known.find((one) => one.rule === rule.name);
    if (before?.as === as) return before;
    if (!isReadable(rule, calendar)) onUnreadable(rule);
    const missed = before === undefined && calendar.makesUp ? missedTime(cron, rule, now, calendar) : null;
    return { rule: rule.name, as, at: missed ?? nextOf(rule, now, calendar) };
  });
}

const isReadable = ({ schedule, timeZone }: CronRule, { zones }: Calendar): boolean =>
  readSchedule(schedule) !== null && zones.offsetAt(timeZone || UTC, 0) !== null;

/** Null where it rests, and where it never comes. */
export function nextOf(rule: CronRule, after: Millis, calendar: Calendar): Millis | null {
  const schedule = readSchedule(rule.schedule);
  if (rule.suspend === true || schedule === null || !isReadable(rule, calendar)) return null;
  return nextTime(schedule, after, (at) => calendar.zones.offsetAt(rule.timeZone || UTC, at) ?? 0);
}

/** The last time at which it was due since the one that was told to come; null where that has not come, or is not its own any more. */
function missedTime({ status }: CronFederatedHPA, rule: CronRule, now: Millis, calendar: Calendar): Millis | null {
  const told = status?.executionHistories?.find(({ ruleName }) => ruleName === rule.name)?.nextExecutionTime;
  const announced = parseTime(told ?? '');
  if (announced === null || announced > now || nextOf(rule, announced - 1, calendar) !== announced) return null;
  let last = announced;
  let next = nextOf(rule, Math.max(announced, now - LOOKING_BACK_MS), calendar);
  while (next !== null && next <= now) {
    last = next;
    next = nextOf(rule, next, calendar);
  }
  return last;
}

/** In the order in which they were due, so that the last one holds; whoever is under way goes on first. */
export function turnsOf(due: readonly Due[], underWay: Turn | undefined, now: Millis): readonly Turn[] {
  const others = due
    .flatMap(({ rule, at }) => (at !== null && at <= now ? [{ rule, scheduled: at, since: now }] : []))
    .filter(({ rule }) => rule !== underWay?.rule)
    .sort(byKey(({ scheduled }) => scheduled, byNumber));
  return underWay === undefined ? others : [underWay, ...others];
}
