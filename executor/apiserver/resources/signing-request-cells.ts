// The row of a request for a certificate: what became of it is told in one word or two.
import type { KubeObject } from '../../../engine/index.ts';
import { durationText, items, none, read } from './cells.ts';
import type { Cell } from './columns.ts';

export function signingRequestCells(object: KubeObject, age: string): readonly Cell[] {
  const seconds = read(object, 'spec.expirationSeconds');
  return [
    object.metadata.name,
    age,
    String(read(object, 'spec.signerName') ?? ''),
    String(read(object, 'spec.username') ?? ''),
    none(typeof seconds === 'number' ? durationText(seconds * 1000) : ''),
    conditionText(object),
  ];
}

function conditionText(object: KubeObject): string {
  const types = new Set(items(read(object, 'status.conditions')).map(({ type }) => String(type)));
  const answer = types.has('Denied') ? 'Denied' : types.has('Approved') ? 'Approved' : 'Pending';
  const parts = [
    answer,
    ...(types.has('Failed') ? ['Failed'] : []),
    ...(read(object, 'status.certificate') ? ['Issued'] : []),
  ];
  return parts.join(',');
}
