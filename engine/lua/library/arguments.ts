// What a library function was called with, held against what it takes.
import { numberOf } from '../arithmetic.ts';
import { numberText } from '../number.ts';
import { LuaTable } from '../table.ts';
import { LuaError, type LuaValue, typeName } from '../value.ts';

export class Arguments {
  readonly #of: string;
  readonly #all: readonly LuaValue[];

  constructor(of: string, all: readonly LuaValue[]) {
    this.#of = of;
    this.#all = all;
  }

  get count(): number {
    return this.#all.length;
  }

  from(position: number): readonly LuaValue[] {
    return this.#all.slice(position - 1);
  }

  value(position: number): LuaValue {
    return this.#all[position - 1];
  }

  any(position: number): LuaValue {
    if (position > this.#all.length) this.refuse(position, 'a value');
    return this.value(position);
  }

  number(position: number, otherwise?: number): number {
    const value = this.value(position);
    if (value === undefined && otherwise !== undefined) return otherwise;
    return numberOf(value) ?? this.refuse(position, 'a number');
  }

  whole(position: number, otherwise?: number): number {
    return Math.trunc(this.number(position, otherwise));
  }

  text(position: number, otherwise?: string): string {
    const value = this.value(position);
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return numberText(value);
    if (value === undefined && otherwise !== undefined) return otherwise;
    return this.refuse(position, 'a string');
  }

  table(position: number): LuaTable {
    const value = this.value(position);
    return value instanceof LuaTable ? value : this.refuse(position, 'a table');
  }

  refuse(position: number, wanted: string): never {
    const got = position > this.#all.length ? 'nothing' : `a ${typeName(this.value(position))}`;
    throw new LuaError(`${this.#of}: argument ${position} is ${got}, and should be ${wanted}`);
  }
}
