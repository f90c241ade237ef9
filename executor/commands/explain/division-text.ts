// How the replicas were shared out, as tables of weights, exact shares and seats.
import type { AttemptStory, DivisionBasis, DivisionStory } from '../../../engine/index.ts';
import type { Palette } from '../../terminal/colour.ts';
import { cappedTable } from './capped-table.ts';
import { counted, section } from './words.ts';

const BASIS_WORDS: Readonly<Record<DivisionBasis, string>> = {
  copies: 'each cluster gets all of them',
  static: 'by the weights of the policy',
  room: 'by the room that the clusters have',
  fresh: 'by the room that the clusters have and what they run, as if nothing were placed yet',
  running: 'by what the clusters run, as there are fewer now',
  unchanged: 'nothing to hand out: as many run as are wanted, and all stay',
};

/** Copies explain themselves; every other division gets its table. */
export function divisionSections({ divisions }: AttemptStory, paint: Palette, wide: boolean): string[] {
  const several = divisions.length > 1;
  return divisions
    .filter(({ basis }) => basis !== 'copies')
    .map((division) => {
      const tier = several ? (division.tier === 0 ? ' (first tier)' : ` (overflow tier ${division.tier})`) : '';
      const what =
        division.basis === 'unchanged'
          ? BASIS_WORDS.unchanged
          : `${counted(division.seats, 'replica')} shared ${BASIS_WORDS[division.basis]}`;
      const title = `${paint.bold('Arithmetic')}${tier}: ${what}`;
      return division.basis === 'unchanged' ? `${title}\n` : section(title, divisionTable(division, wide));
    });
}

function divisionTable({ rows }: DivisionStory, wide: boolean): string {
  const keeps = rows.some(({ kept }) => kept > 0);
  const moves = rows.some(({ moved }) => moved !== 0);
  const limits = rows.some(({ most }) => most !== null);
  const right = (title: string) => ({ title, align: 'right' as const });
  return cappedTable(
    [
      { title: 'CLUSTER' },
      right('WEIGHT'),
      right('EXACT SHARE'),
      ...(limits ? [right('AT MOST')] : []),
      right('GIVEN'),
      ...(keeps ? [right('+ RUNNING')] : []),
      ...(moves ? [right('+ FOR THE SPREAD')] : []),
      ...(keeps || moves ? [right('= REPLICAS')] : []),
      ...(wide ? [right('LAST SEAT AT'), right('NEXT SEAT AT')] : []),
    ],
    rows.map((row) => [
      row.name,
      String(row.weight),
      decimal(row.quota),
      ...(limits ? [row.most === null ? '' : String(row.most)] : []),
      String(row.given),
      ...(keeps ? [String(row.kept)] : []),
      ...(moves ? [row.moved > 0 ? `+${row.moved}` : String(row.moved)] : []),
      ...(keeps || moves ? [String(row.replicas)] : []),
      ...(wide ? [row.lastQuotient === null ? '' : decimal(row.lastQuotient), decimal(row.nextQuotient)] : []),
    ]),
    wide,
  );
}

/** Two digits say enough of a share; whole ones need none. */
const decimal = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));
