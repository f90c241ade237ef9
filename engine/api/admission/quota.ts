// Admission of FederatedResourceQuota: resources that a quota can be of, and no more assigned than there is overall.
import { listOf, mapOf, onlyFields, type Shape } from '../../base/shape.ts';
import { addQuantity, compareQuantity, formatQuantity, parseQuantity, type Quantity } from '../../kube/quantity.ts';
import { isQualifiedName } from '../../kube/selector.ts';
import type { ResourceList } from '../cluster.ts';
import type { FederatedResourceQuota, FederatedResourceQuotaSpec } from '../quota.ts';
import { clusterName } from './cluster.ts';
import type { Warn } from './verdict.ts';
import { kindShape, quantity, rule, ruled } from './words.ts';

/** It is the value of a label on its Works. */
const NAME_MAX = 63;

const AMOUNTS = ['cpu', 'memory', 'ephemeral-storage'];
const COUNTS = [
  'configmaps',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
  'services.loadbalancers',
  'services.nodeports',
];
const COUNTED: ReadonlySet<string> = new Set(COUNTS);
const STANDARD: ReadonlySet<string> = new Set([
  ...AMOUNTS,
  ...[...AMOUNTS, 'storage'].map((amount) => `requests.${amount}`),
  ...AMOUNTS.map((amount) => `limits.${amount}`),
  ...COUNTS,
]);

const isOfQuotas = (resource: string): boolean =>
  resource.includes('/') || STANDARD.has(resource) || /^(requests\.)?hugepages-/.test(resource);

const limits = ruled(
  mapOf(quantity),
  rule<ResourceList>((list, report) => {
    for (const [resource, text] of Object.entries(list)) {
      const at = `[${resource}]`;
      const amount = parseQuantity(text)!;
      if (!isQualifiedName(resource)) report(at, 'is no name of a resource');
      else if (!isOfQuotas(resource)) report(at, 'is no resource that a quota can be of');
      if (amount.nano < 0n) report(at, `is ${text}, and should not be less than 0`);
      if (COUNTED.has(resource) && amount.nano % 1_000_000_000n !== 0n)
        report(at, `is ${text}, and should be a whole number`);
    }
  }),
);

const spec = ruled(
  onlyFields({ overall: limits }, { staticAssignments: listOf(onlyFields({ clusterName, hard: limits })) }),
  rule<FederatedResourceQuotaSpec>(({ overall, staticAssignments = [] }, report) => {
    for (const [resource, text] of Object.entries(overall)) {
      const sum = assigned(resource, staticAssignments);
      if (compareQuantity(parseQuantity(text)!, sum) < 0)
        report(`.overall[${resource}]`, `is ${text}, and ${formatQuantity(sum)} of it are assigned to clusters`);
    }
    staticAssignments.forEach(({ hard }, at) => {
      for (const resource of Object.keys(hard).filter((one) => !Object.hasOwn(overall, one)))
        report(`.staticAssignments[${at}].hard[${resource}]`, 'is assigned, and there is none of it in overall');
    });
  }),
);

const assigned = (
  resource: string,
  assignments: NonNullable<FederatedResourceQuotaSpec['staticAssignments']>,
): Quantity =>
  assignments
    .map(({ hard }) => (Object.hasOwn(hard, resource) ? parseQuantity(hard[resource]!) : null))
    .reduce<Quantity>((sum, one) => (one === null ? sum : addQuantity(sum, one)), { nano: 0n, format: 'DecimalSI' });

export const quotaShape: Shape = ruled(
  kindShape(spec),
  rule<FederatedResourceQuota>(({ metadata: { name } }, report) => {
    if (name.length > NAME_MAX) report('metadata.name', `is longer than ${NAME_MAX} characters`);
  }),
);

/** Karmada takes the first of them, and tells nobody. */
export function warnOfQuota({ spec: { staticAssignments = [] } }: FederatedResourceQuota, warn: Warn): void {
  const seen = new Set<string>();
  staticAssignments.forEach(({ clusterName: name }, at) => {
    if (seen.has(name)) warn(`spec.staticAssignments[${at}]`, `is a second one for ${name}: the first counts`);
    seen.add(name);
  });
}
