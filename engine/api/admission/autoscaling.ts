// Admission of FederatedHPA: what Kubernetes demands of a HorizontalPodAutoscaler and fills in, but for metrics from outside.
import { merged } from '../../base/merged.ts';
import { listOf, oneOf, onlyFields, type Shape, scalar, wholeNumber } from '../../base/shape.ts';
import { parseQuantity } from '../../kube/quantity.ts';
import type {
  FederatedHPA,
  FederatedHPASpec,
  MetricSpec,
  MetricTarget,
  ScalingBehavior,
  ScalingRules,
} from '../autoscaling.ts';
import { scaleTarget } from './scale-target.ts';
import { filled, isDnsLabel, kindShape, labelSelector, positive, quantity, rule, ruled } from './words.ts';

const WINDOW_MAX_SECONDS = 3_600;
const PERIOD_MAX_SECONDS = 1_800;

const amount = scalar('a quantity above 0', (value) => {
  const read = typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : null;
  return read !== null && read.nano > 0n;
});

type Kept = 'averageUtilization' | 'averageValue' | 'value';

/** One of these must be set, and, for what is told in one way or the other, not both. */
const target = (needed: readonly [Kept, ...Kept[]], isEither: boolean): Shape =>
  ruled(
    onlyFields(
      { type: oneOf('Utilization', 'Value', 'AverageValue') },
      { averageUtilization: positive, averageValue: amount, value: amount },
    ),
    rule<MetricTarget>((found, report) => {
      const set = needed.filter((field) => found[field] !== undefined);
      if (set.length === 0) report(`.${needed[0]}`, `is missing: set ${needed.join(' or ')}`);
      if (isEither && set.length > 1) report(`.${needed[1]}`, `stands beside ${needed[0]}: set one of the two`);
    }),
  );

const ofResource = target(['averageUtilization', 'averageValue'], true);
const identifier = onlyFields({ name: filled }, { selector: labelSelector });
const container = scalar('the name of a container', isDnsLabel);

const SOURCES = {
  Resource: 'resource',
  ContainerResource: 'containerResource',
  Pods: 'pods',
  Object: 'object',
} as const;

const metric = ruled(
  onlyFields(
    { type: oneOf(...Object.keys(SOURCES)) },
    {
      resource: onlyFields({ name: filled, target: ofResource }),
      containerResource: onlyFields({ name: filled, container, target: ofResource }),
      pods: onlyFields({ metric: identifier, target: target(['averageValue'], false) }),
      object: onlyFields({
        describedObject: scaleTarget,
        metric: identifier,
        target: target(['averageValue', 'value'], false),
      }),
    },
  ),
  rule<MetricSpec>((spec, report) => {
    const own = SOURCES[spec.type as keyof typeof SOURCES];
    if (spec[own] === undefined) report(`.${own}`, `is missing, and type is ${spec.type}`);
    for (const other of Object.values(SOURCES)) {
      if (other !== own && spec[other] !== undefined) report(`.${other}`, `should not be set: type is ${spec.type}`);
    }
  }),
);

const policy = onlyFields({
  type: oneOf('Pods', 'Percent'),
  value: positive,
  periodSeconds: wholeNumber(1, PERIOD_MAX_SECONDS),
});

const scalingRules = ruled(
  onlyFields(
    {},
    {
      stabilizationWindowSeconds: wholeNumber(0, WINDOW_MAX_SECONDS),
      selectPolicy: oneOf('Max', 'Min', 'Disabled'),
      policies: listOf(policy),
      tolerance: quantity,
    },
  ),
  rule<ScalingRules>(({ policies }, report) => {
    if (policies?.length === 0) report('.policies', 'is empty: leave it out for those that are meant otherwise');
  }),
);

const spec = ruled(
  onlyFields(
    { scaleTargetRef: scaleTarget, maxReplicas: positive },
    {
      // Nothing is scaled to none: what has no pods has nothing that can be measured.
      minReplicas: positive,
      metrics: listOf(metric),
      behavior: onlyFields({}, { scaleUp: scalingRules, scaleDown: scalingRules }),
    },
  ),
  rule<FederatedHPASpec>(({ minReplicas = 1, maxReplicas }, report) => {
    if (maxReplicas < minReplicas) report('.maxReplicas', `is ${maxReplicas}, and minReplicas is ${minReplicas}`);
  }),
);

export const federatedHpaShape = kindShape(spec);

const CPU_METRICS: MetricSpec[] = [
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
];

const UP: ScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};

/** How long it waits before it goes down is the control plane's to say. */
const DOWN: ScalingRules = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };

export function defaultFederatedHpa(object: FederatedHPA): FederatedHPA {
  const { minReplicas = 1, metrics = [], behavior } = object.spec;
  const completed = merged(
    object.spec,
    { minReplicas, metrics: metrics.length === 0 ? CPU_METRICS : metrics },
    behavior !== undefined && { behavior: defaultBehavior(behavior) },
  );
  return merged(object, { spec: completed });
}

const defaultBehavior = ({ scaleUp, scaleDown }: ScalingBehavior): ScalingBehavior => ({
  scaleUp: merged(UP, scaleUp),
  scaleDown: merged(DOWN, scaleDown),
});
