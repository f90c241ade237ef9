// Small wordings that several parts of an explanation share.
import type { ConstraintStory, Strategy, WorkloadStory } from '../../../engine/index.ts';

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export const replicasText = (replicas: number): string => counted(replicas, 'replica');

/** " of 500m cpu, 1Gi memory each". */
export function requestText(request: Readonly<Record<string, string>>): string {
  const parts = Object.entries(request).map(([resource, amount]) => `${amount} ${resource}`);
  return parts.length === 0 ? '' : ` of ${parts.join(', ')} each`;
}

export const STRATEGY_WORDS: Readonly<Record<Strategy, string>> = {
  Duplicated: 'duplicated',
  StaticWeight: 'divided by static weights',
  DynamicWeight: 'divided by available replicas',
  Aggregated: 'divided, on as few clusters as will do',
  Unsupported: 'divided in a way that does not exist',
};

/** "2 to 3", "2", "at least 2". */
export function rangeText({ minGroups, maxGroups }: Omit<ConstraintStory, 'over'>): string {
  const least = minGroups ?? 0;
  if (maxGroups === null) return `at least ${least}`;
  return least === maxGroups ? String(least) : `${least} to ${maxGroups}`;
}

/** "spread over region (2 to 3) and cluster (at least 2)". */
export function constraintsText({ constraints }: Pick<WorkloadStory, 'constraints'>): string {
  if (constraints.length === 0) return '';
  const parts = constraints.map((constraint) => `${constraint.over} (${rangeText(constraint)})`);
  const last = parts.pop();
  return `spread over ${parts.length === 0 ? last : `${parts.join(', ')} and ${last}`}`;
}

/** A title above an indented body; nothing where there is no body. */
export function section(title: string, body: string): string {
  if (body === '') return '';
  const lines = body.trimEnd().split('\n');
  return `${title}\n${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n`;
}
