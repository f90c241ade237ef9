// What a sweep tries: each value has to be one that its parameter can have.
import { fieldPath, isObject } from '../../engine/index.ts';
import type { Value } from '../../executor/script/expression.ts';
import type { Params } from '../format/params.ts';

type Refuse = (path: string, message: string) => void;

const A_SORT = { number: 'a number', string: 'a text', boolean: 'true or false' } as const;

export const sortText = (value: Value): string => A_SORT[typeof value as keyof typeof A_SORT];

/** Of what has the form. */
export function refuseMatrix(matrix: unknown, params: Params, refuse: Refuse): void {
  if (!isObject(matrix)) return;
  const known = Object.keys(params).join(', ') || 'none';
  for (const [name, values] of Object.entries(matrix) as [string, readonly Value[]][]) {
    const path = fieldPath('spec.matrix', name);
    const param = params[name];
    if (param === undefined) refuse(path, `there is no parameter "${name}": there are ${known}`);
    else if (values.length === 0) refuse(path, 'has no values, and so a sweep would run nothing');
    else {
      for (const [at, value] of values.entries()) {
        if (typeof value === typeof param) continue;
        refuse(`${path}[${at}]`, `is ${JSON.stringify(value)}, and the parameter ${name} is ${sortText(param)}`);
      }
    }
  }
}
