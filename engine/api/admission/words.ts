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
import type { Taint } from '../../kube/taint.ts';
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
export const labelValue = scalar(
  'a label value: at most 63 letters, digits, "-", "_" and "."',
  (value) => typeof value === 'string' && isLabelValue(value),
);
export const time = scalar(
  'a time such as 2026-01-31T12:00:00Z',
  (value) => typeof value === 'string' && parseTime(value) !== null,
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

/** What cannot be used selects nothing, as in Karmada; admission warns of it. */
const requirement = onlyFields({ key: text, operator: text }, { values: texts });
export const labelSelector = onlyFields({}, { matchLabels: mapOf(text), matchExpressions: listOf(requirement) });

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
      onlyFields({ key: oneOf('provider', 'region', 'zone'), operator: oneOf('In', 'NotIn') }, { values: texts }),
    ),
  },
);

/** Of those with one key and one effect only one could be there. */
export function repeatedTaints(taints: readonly Taint[], report: (below: string, message: string) => void): void {
  const seen = new Set<string>();
  taints.forEach(({ key, effect }, at) => {
    if (seen.has(`${key}:${effect}`)) report(`.taints[${at}]`, `repeats ${key}:${effect}`);
    seen.add(`${key}:${effect}`);
  });
}

const tolerationOperator = scalar(
  'Exists or Equal: taints are not compared as numbers',
  (value) => typeof value === 'string' && value !== 'Lt' && value !== 'Gt',
);
/** Karmada knows them by less than the rules of nodes demand: what means nothing there means nothing here. */
export const toleration = onlyFields(
  {},
  {
    key: text,
    operator: tolerationOperator,
    value: text,
    effect: text,
    tolerationSeconds: wholeNumber(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  },
);

const metadataNamed = (name: Shape): Shape =>
  fields({ name }, { namespace: dnsName, labels: labelMap(), annotations: mapOf(text) });

export const metadata = metadataNamed(dnsName);

/** An object of a kind that says what it wants in a spec of this shape; some kinds are particular about names. */
export const kindShape = (spec: Shape, name: Shape = dnsName): Shape =>
  fields({ metadata: metadataNamed(name), spec }, { apiVersion: text, kind: text, status: anything });

export { countShape as count, filled, int32Shape as int32, quantityShape as quantity };
