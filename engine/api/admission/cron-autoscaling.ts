// Admission of CronFederatedHPA: names, schedules, time zones, and to what each rule scales.
import { merged } from '../../base/merged.ts';
import { flag, listOf, onlyFields, type ShapeProblem, scalar, wholeNumber } from '../../base/shape.ts';
import { readSchedule } from '../../kube/cron-schedule.ts';
import { isZoneName, type TimeZones } from '../../kube/time-zone.ts';
import { AUTOSCALING_API_VERSION, FEDERATED_HPA } from '../autoscaling.ts';
import { CRON_RULE, type CronFederatedHPA, type CronFederatedHPASpec, type CronRule } from '../cron-autoscaling.ts';
import { scaleTarget } from './scale-target.ts';
import { count, kindShape, positive, rule, ruled } from './words.ts';

const { nameMax, historyMax, historyDefault } = CRON_RULE;

const ruleName = scalar(
  `a name of at most ${nameMax} letters`,
  (value) => typeof value === 'string' && value !== '' && [...value].length <= nameMax,
);
const schedule = scalar(
  'a schedule such as "0 8 * * mon-fri"',
  (value) => typeof value === 'string' && readSchedule(value) !== null,
);
const timeZone = scalar(
  'a time zone such as Europe/Berlin',
  (value) => typeof value === 'string' && (value === '' || isZoneName(value)),
);

const cronRule = onlyFields(
  { name: ruleName, schedule },
  {
    targetReplicas: count,
    targetMinReplicas: positive,
    targetMaxReplicas: positive,
    suspend: flag,
    timeZone,
    successfulHistoryLimit: wholeNumber(1, historyMax),
    failedHistoryLimit: wholeNumber(0, historyMax),
  },
);

type Report = (below: string, message: string) => void;

const spec = ruled(
  onlyFields({ scaleTargetRef: scaleTarget, rules: listOf(cronRule) }),
  rule<CronFederatedHPASpec>(({ scaleTargetRef: { apiVersion, kind }, rules }, report) => {
    const isOwn = apiVersion === AUTOSCALING_API_VERSION;
    if (isOwn && kind !== FEDERATED_HPA) {
      report('.scaleTargetRef.kind', `is ${kind}, and ${AUTOSCALING_API_VERSION} has ${FEDERATED_HPA} alone to scale`);
      return;
    }
    const names = new Set<string>();
    rules.forEach((one, at) => {
      const tell: Report = (below, message) => report(`.rules[${at}]${below}`, message);
      if (names.has(one.name)) tell('.name', `is that of another rule, too: ${one.name}`);
      names.add(one.name);
      if (isOwn) checkBounds(one, tell);
      else if (one.targetReplicas === undefined) tell('.targetReplicas', `is missing, and ${kind} is scaled to it`);
    });
  }),
);

function checkBounds({ targetMinReplicas: least, targetMaxReplicas: most }: CronRule, tell: Report): void {
  if (least === undefined && most === undefined) {
    tell('.targetMaxReplicas', 'is missing, and so is targetMinReplicas: set one or both');
  }
  if (least !== undefined && most !== undefined && least > most) {
    tell('.targetMinReplicas', `is ${least}, and targetMaxReplicas is ${most}`);
  }
}

export const cronFederatedHpaShape = kindShape(spec);

/** Zones of which nobody has heard. */
export const zoneProblems = ({ spec }: CronFederatedHPA, zones: TimeZones): readonly ShapeProblem[] =>
  spec.rules.flatMap(({ timeZone: zone = '' }, at) =>
    zone === '' || zones.offsetAt(zone, 0) !== null
      ? []
      : [{ path: `spec.rules[${at}].timeZone`, message: `is ${JSON.stringify(zone)}, which is no time zone` }],
  );

const DEFAULTS = {
  suspend: false,
  successfulHistoryLimit: historyDefault,
  failedHistoryLimit: historyDefault,
};

export const defaultCronFederatedHpa = (object: CronFederatedHPA): CronFederatedHPA =>
  merged(object, {
    spec: merged(object.spec, { rules: object.spec.rules.map((one) => merged(DEFAULTS, one)) }),
  });
