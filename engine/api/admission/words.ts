// Shapes that several kinds share: names, selectors, tolerations, quantities, times.
import {
  anything,
  fields,
  filledText as filled,
  listOf,
  mapOf,
  oneOf,
  onlyFields,
  type Shape,
  type ShapeProblem,
  scalar,
  text,
  wholeNumber,
} from '../../base/shape.ts';
import { countShape, INT32_MAX, int32Shape, quantityShape } from '../../kube/scalar-shapes.ts';
import { isLabelValue, isQualifiedName } from '../../kube/selector.ts';
import { parseTime } from '../../kube/time.ts';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export const isDnsLabel = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= 63 && DNS_LABEL.test(value);
export const isDnsSubdomain = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= 253 && DNS_SUBDOMAIN.test(value);

export const dnsName = scalar('a name of lower case letters, digits, "-" and "."', isDnsSubdomain);
export const labelKey = scalar(
  'a label key, such as tier or example.com/tier',
  (value) => typeof value === 'string' && isQualifiedName(value),
);
const labelValue = scalar(
  'a label value: at most 63 letters, digits, "-", "_" and "."',
  (value) => typeof value === 'string' && isLabelValue(value),
);
export const time = scalar(
  'a time such as 2026-01-31T12:00:00Z',
  (value) => typeof value === 'string' && parseTime(value) !== null,
);
export const pointer = scalar(
  'a JSON pointer that begins with "/"',
  (value) => typeof value === 'string' && value.startsWith('/'),
);
export const positive = wholeNumber(1, INT32_MAX);
export const seconds = wholeNumber(0, Number.MAX_SAFE_INTEGER);
export const texts = listOf(text);

/** Every shape in turn, whatever the others found. */
export const allOf =
  (...shapes: readonly Shape[]): Shape =>
  (value, path, problems) => {
    for (const shape of shapes) shape(value, path, problems);
  };

/** A rule about a value that has the right shape; tells its problems at paths below the value's. */
export const rule =
  <T>(check: (value: T, report: (below: string, message: string) => void) => void): Shape =>
  (value, path, problems) => {
    const before: ShapeProblem[] = [];
    check(value as T, (below, message) => before.push({ path: below === '' ? path : `${path}${below}`, message }));
    for (const problem of before) problems.push(problem);
  };

/** A shape, and rules that are asked only where the shape is right. */
export const ruled =
  (shape: Shape, ...rules: readonly Shape[]): Shape =>
  (value, path, problems) => {
    const found = problems.length;
    shape(value, path, problems);
    if (problems.length === found) for (const each of rules) each(value, path, problems);
  };

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

const valuesFitOperator = rule<Requirement>(({ operator, values = [] }, report) => {
  const needs = operator === 'In' || operator === 'NotIn';
  if (needs && values.length === 0) report('.values', `is empty, and ${operator} needs at least one value`);
  if (!needs && values.length > 0) report('.values', `is not empty, and ${operator} takes no values`);
});

export const labelSelector = onlyFields(
  {},
  {
    matchLabels: labelMap(),
    matchExpressions: listOf(
      ruled(
        onlyFields(
          { key: labelKey, operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist') },
          { values: listOf(labelValue) },
        ),
        valuesFitOperator,
      ),
    ),
  },
);

export function labelMap(): Shape {
  return allOf(mapOf(labelValue), (value, path, problems) => {
    for (const key of Object.keys((value ?? {}) as object)) {
      if (!isQualifiedName(key)) problems.push({ path: `${path}[${JSON.stringify(key)}]`, message: 'is no label key' });
    }
  });
}

export const fieldSelector = onlyFields(
  {},
  {
    matchExpressions: listOf(
      ruled(
        onlyFields({ key: oneOf('provider', 'region', 'zone'), operator: oneOf('In', 'NotIn') }, { values: texts }),
        valuesFitOperator,
      ),
    ),
  },
);

interface TolerationFields {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

export const toleration = ruled(
  onlyFields(
    {},
    {
      key: text,
      operator: oneOf('', 'Exists', 'Equal'),
      value: text,
      effect: oneOf('', 'NoSchedule', 'PreferNoSchedule', 'NoExecute'),
      tolerationSeconds: wholeNumber(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    },
  ),
  rule<TolerationFields>(({ key, operator, value, effect, tolerationSeconds }, report) => {
    if (!key && operator !== 'Exists')
      report('.operator', `is ${operator ? `"${operator}"` : 'missing'}, and should be Exists where there is no key`);
    if (operator === 'Exists' && value) report('.value', 'should be empty where the operator is Exists');
    if (key && !isQualifiedName(key)) report('.key', `is ${JSON.stringify(key)}, and should be a label key`);
    if (tolerationSeconds !== undefined && tolerationSeconds !== null && effect !== 'NoExecute') {
      report('.effect', 'should be NoExecute where tolerationSeconds is set');
    }
  }),
);

const metadataNamed = (name: Shape): Shape =>
  fields({ name }, { namespace: dnsName, labels: labelMap(), annotations: mapOf(text) });

/** An object of a kind that says what it wants in a spec of this shape; some kinds are particular about names. */
export const kindShape = (spec: Shape, name: Shape = dnsName): Shape =>
  fields({ metadata: metadataNamed(name), spec }, { apiVersion: text, kind: text, status: anything });

export { countShape as count, filled, int32Shape as int32, quantityShape as quantity };
