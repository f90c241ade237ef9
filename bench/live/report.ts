// What live measurements found, as a table: each figure beside its limit and what it was before.
import { renderTable } from '../../executor/terminal/table.ts';
import type { Figure } from './figures.ts';

export interface Report {
  readonly bench: 'live';
  readonly node: string;
  readonly cpu: string;
  readonly isQuick: boolean;
  readonly storage: string;
  readonly figures: readonly Figure[];
}

const rounded = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2));

/** Of nothing at all anything is too much. */
function share({ value, limit }: Figure): string {
  if (limit === null) return '-';
  if (limit === 0) return value === 0 ? 'kept' : 'over';
  return (value / limit).toFixed(2);
}

const ahead = ({ value, karmada }: Figure): string =>
  karmada === null || value === 0 ? '-' : `${(karmada / value).toFixed(1)}x`;

export function printReport({ figures, node, cpu, isQuick, storage }: Report, before: Report | null): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  const table = renderTable(
    [
      { title: 'CASE' },
      { title: 'FIGURE' },
      right('VALUE'),
      { title: 'UNIT' },
      right('LIMIT'),
      right('OF LIMIT'),
      right('AHEAD OF KARMADA'),
      ...(before === null ? [] : [right('TO EARLIER')]),
    ],
    figures.map((one) => {
      const then = before?.figures.find((other) => other.case === one.case && other.figure === one.figure);
      const ratio = then === undefined || then.value === 0 ? '-' : (one.value / then.value).toFixed(2);
      const limit = one.limit === null ? '-' : String(one.limit);
      const cells = [one.case, one.figure, rounded(one.value), one.unit, limit, share(one), ahead(one)];
      return before === null ? cells : [...cells, ratio];
    }),
  );
  const isSame =
    before === null ||
    (before.node === node && before.cpu === cpu && before.isQuick === isQuick && before.storage === storage);
  return isSame
    ? table
    : `${table}\nThe earlier run was on another machine, another Node or storage, or of another size.\n`;
}
