// The library `table`.
import { compared } from '../arithmetic.ts';
import { numberText } from '../number.ts';
import type { LuaTable } from '../table.ts';
import { isTrue, LuaError, type LuaValue, type Purse, typeName } from '../value.ts';
import type { Arguments } from './arguments.ts';
import type { Functions } from './library.ts';

export const TABLE: Functions = {
  concat: (given, purse) => {
    const table = given.table(1);
    const between = given.text(2, '');
    const pieces: string[] = [];
    for (let at = given.whole(3, 1); at <= given.whole(4, table.length); at += 1) {
      pieces.push(pieceOf(table.get(at), at));
      purse.spend(1 + between.length + pieces.at(-1)!.length);
    }
    return pieces.join(between);
  },
  getn: (given) => given.table(1).length,
  insert: (given, purse) => {
    const table = given.table(1);
    purse.spend(1 + table.length);
    if (given.count === 2) table.set(table.length + 1, given.value(2));
    else if (given.count === 3) insertAt(table, given.whole(2), given.value(3));
    else throw new LuaError('table.insert: it takes a table, perhaps a place, and a value');
    return [];
  },
  maxn: (given) => given.table(1).length,
  remove: (given, purse) => {
    const table = given.table(1);
    purse.spend(1 + table.length);
    return table.remove(given.whole(2, table.length));
  },
  sort: (given, purse) => {
    sortWith(given, purse);
    return [];
  },
};

function insertAt(table: LuaTable, place: number, value: LuaValue): void {
  if (place < 1 || place > table.length + 1) throw new LuaError(`table.insert: ${place} is no place in the table`);
  table.insert(place, value);
}

function pieceOf(value: LuaValue, at: number): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  throw new LuaError(`table.concat: what stands at ${at} is a ${typeName(value)}`);
}

function sortWith(given: Arguments, purse: Purse): void {
  const table = given.table(1);
  const isBefore = given.value(2);
  const comesFirst = (a: LuaValue, b: LuaValue): boolean => {
    purse.spend(1);
    return isBefore === undefined ? compared('<', a, b) : isTrue(purse.call(isBefore, [a, b])[0]);
  };
  const sorted = table.list().sort((a, b) => (comesFirst(a, b) ? -1 : comesFirst(b, a) ? 1 : 0));
  sorted.forEach((value, at) => {
    table.set(at + 1, value);
  });
}
