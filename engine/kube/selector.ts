// Label selectors, read once and then asked many times. A selector that Kubernetes would refuse matches nothing.
import { meets } from './requirement.ts';

export interface LabelSelectorRequirement {
  key: string;
  operator: string;
  values?: string[];
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: LabelSelectorRequirement[];
}

export type Requirement =
  | { readonly operator: 'In' | 'NotIn'; readonly key: string; readonly values: readonly string[] }
  | { readonly operator: 'Exists' | 'DoesNotExist'; readonly key: string };

export interface ParsedSelector {
  readonly requirements: readonly Requirement[];
  /** Why the selector cannot be used; it then matches nothing. */
  readonly problem: string | null;
}

const NAME = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export const isLabelValue = (value: string): boolean => value === '' || (value.length <= 63 && NAME.test(value));

/** Label and annotation keys: an optional DNS prefix, a slash, and a name of at most 63 characters. */
export function isQualifiedName(key: string): boolean {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? null : key.slice(0, slash);
  const name = key.slice(slash + 1);
  if (prefix !== null && (prefix.length > 253 || !DNS_SUBDOMAIN.test(prefix))) return false;
  return name.length <= 63 && NAME.test(name);
}

export function parseSelector(selector: LabelSelector | null | undefined): ParsedSelector {
  const requirements: Requirement[] = [];
  for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) {
    const problem = problemOf(key, 'In', [value]);
    if (problem !== null) return { requirements: [], problem };
    requirements.push({ operator: 'In', key, values: [value] });
  }
  for (const requirement of selector?.matchExpressions ?? []) {
    const { key, operator } = requirement;
    const values = requirement.values ?? [];
    const problem = problemOf(key, operator, values);
    if (problem !== null) return { requirements: [], problem };
    if (operator === 'In' || operator === 'NotIn') requirements.push({ operator, key, values });
    else requirements.push({ operator: operator as 'Exists' | 'DoesNotExist', key });
  }
  return { requirements, problem: null };
}

function problemOf(key: string, operator: string, values: readonly string[]): string | null {
  if (!isQualifiedName(key)) return `"${key}" is not a label key`;
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) return `${operator} needs at least one value`;
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) return `${operator} takes no values`;
      break;
    default:
      return `"${operator}" is not one of In, NotIn, Exists, DoesNotExist`;
  }
  const bad = values.find((value) => !isLabelValue(value));
  return bad === undefined ? null : `"${bad}" is not a label value`;
}

export function matchesSelector(
  selector: ParsedSelector,
  labels: Readonly<Record<string, string>> | null | undefined,
): boolean {
  return (
    selector.problem === null && selector.requirements.every((requirement) => matchesRequirement(requirement, labels))
  );
}

export function matchesRequirement(
  requirement: Requirement,
  labels: Readonly<Record<string, string>> | null | undefined,
): boolean {
  const value = labels != null && Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
  return meets(value, requirement.operator, 'values' in requirement ? requirement.values : []);
}
