// Figures as reports show them: rounded for the eye, and requests added up by kind.
import { byText } from '../../engine/index.ts';
import type { CallFigures, RunFigures } from '../metrics/names.ts';

/** Four digits after the point at most; "never" for what took for ever. */
export const rounded = (value: number): string =>
  Number.isFinite(value) ? String(Math.round(value * 10_000) / 10_000) : 'never';

export interface CallTotal {
  readonly kind: string;
  readonly hub: number;
  readonly members: number;
}

/** The most asked for first. */
export function callTotals({ hub, members }: RunFigures['calls']): readonly CallTotal[] {
  const kinds = [...new Set([...Object.keys(hub), ...Object.keys(members)])];
  const totalOf = (figures: CallFigures, kind: string) =>
    Object.values(figures[kind] ?? {}).reduce((total, count) => total + count, 0);
  return kinds
    .map((kind) => ({ kind, hub: totalOf(hub, kind), members: totalOf(members, kind) }))
    .sort((a, b) => b.hub + b.members - a.hub - a.members || byText(a.kind, b.kind));
}
