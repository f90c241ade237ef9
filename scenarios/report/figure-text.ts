// Figures as reports show them: rounded for the eye, and requests added up by kind.
import { byText } from '../../engine/index.ts';
import type { CallFigures, RunFigures } from '../metrics/names.ts';

/** As many digits as the eye can use, fewer the larger it is; "never" for what took for ever. What is not quite all is not 1. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return 'never';
  const size = Math.abs(value);
  const unit = size >= 100 ? 1 : size >= 1 ? 100 : 10_000;
  const shown = Math.round(value * unit) / unit;
  return String(shown === 1 && value < 1 ? 1 - 1 / unit : shown);
}

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
