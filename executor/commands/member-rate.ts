// How many requests a second a member gets, as Karmada's own flags say it.
import type { Argv } from 'yargs';
import { MEMBER_RATE, type RequestRate } from '../live/request-rate.ts';
import { type Arguments, CommandError } from '../terminal/command.ts';

const QPS = 'cluster-api-qps';
const BURST = 'cluster-api-burst';

export const withMemberRateOptions = (yargs: Argv): Argv =>
  yargs
    .option(QPS, { describe: 'requests a second to each member', type: 'number', default: MEMBER_RATE.perSecond })
    .option(BURST, { describe: 'requests to a member at once', type: 'number', default: MEMBER_RATE.burst });

export function memberRateOf(args: Arguments): RequestRate {
  const perSecond = Number(args[QPS] ?? MEMBER_RATE.perSecond);
  const burst = Number(args[BURST] ?? Math.max(MEMBER_RATE.burst, perSecond));
  if (!(perSecond > 0)) throw new CommandError(`--${QPS} wants a number above 0`);
  if (!(Number.isInteger(burst) && burst > 0)) throw new CommandError(`--${BURST} wants a whole number above 0`);
  return { perSecond, burst };
}
