// Admission of resource models, the grades by which the nodes of a cluster are counted: brought into their form first, and judged then.
import { listOf, oneOf, onlyFields } from '../../base/shape.ts';
import { compareQuantity, parseQuantity } from '../../kube/quantity.ts';
import type { ResourceModel, ResourceModelRange } from '../cluster.ts';
import { count, quantity } from './words.ts';

const INT64_MAX = '9223372036854775807';

const range = onlyFields(
  { name: oneOf('cpu', 'memory', 'storage', 'ephemeral-storage') },
  { min: quantity, max: quantity },
);
export const resourceModel = onlyFields({ grade: count, ranges: listOf(range) });

const gradeRanges: readonly (readonly [string, string])[] = [
  ['0', '0'],
  ['1', '4Gi'],
  ['2', '16Gi'],
  ['4', '32Gi'],
  ['8', '64Gi'],
  ['16', '128Gi'],
  ['32', '256Gi'],
  ['64', '512Gi'],
  ['128', '1Ti'],
];

export const defaultResourceModels = (): ResourceModel[] =>
  gradeRanges.map(([cpu, memory], grade) => {
    const [cpuMax, memoryMax] = gradeRanges[grade + 1] ?? [INT64_MAX, INT64_MAX];
    return {
      grade,
      ranges: [
        { name: 'cpu', min: cpu, max: cpuMax },
        { name: 'memory', min: memory, max: memoryMax },
      ],
    };
  });

const inOrder = (models: readonly ResourceModel[]): ResourceModel[] => [...models].sort((a, b) => a.grade - b.grade);

/** In the order of the grades; the lowest begins at nothing and the highest has no end. */
export function standardModels(models: readonly ResourceModel[]): ResourceModel[] {
  return inOrder(models).map(({ grade, ranges }, at) => ({
    grade,
    ranges: ranges.map(({ name, min = '0', max = '0' }) => ({
      name,
      min: at === 0 ? '0' : min,
      max: at === models.length - 1 ? INT64_MAX : max,
    })),
  }));
}

type Report = (below: string, message: string) => void;

/** Every grade has the same resources in the same order, and each of them goes on where the grade below ends. */
export function checkModels(models: readonly ResourceModel[], report: Report): void {
  const standard = standardModels(models);
  inOrder(models).forEach((model, at) => {
    const place = `.resourceModels[${models.indexOf(model)}]`;
    const { grade, ranges } = standard[at]!;
    const below = standard[at - 1];
    if (grade === below?.grade) report(`${place}.grade`, `repeats ${grade}: every grade is one of its own`);
    if (below !== undefined && below.ranges.length !== ranges.length) {
      report(`${place}.ranges`, `has ${ranges.length} resources, and grade ${below.grade} has ${below.ranges.length}`);
    }
    ranges.forEach((one, nth) => {
      checkRange(one, below?.ranges[nth], (field, message) => report(`${place}.ranges[${nth}]${field}`, message));
    });
  });
}

function checkRange(
  { name, min = '0', max = '0' }: ResourceModelRange,
  under: ResourceModelRange | undefined,
  report: Report,
) {
  const isLess = (a: string | number, b: string | number) => compareQuantity(parseQuantity(a)!, parseQuantity(b)!) < 0;
  if (!isLess(min, max)) report('.max', `is ${max}, and should be more than min (${min})`);
  if (under === undefined) return;
  if (under.name !== name) report('.name', `is ${name}, and the grade below has ${under.name} in its place`);
  else if (isLess(min, under.max ?? '0') || isLess(under.max ?? '0', min)) {
    report('.min', `is ${min}, and should be ${under.max}, where the grade below ends`);
  }
}
