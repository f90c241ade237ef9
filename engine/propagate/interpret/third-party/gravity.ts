// Of what many clusters report, what is gravest.
import { type Fields, textAt } from '../../fields.ts';
import type { Statuses } from './status.ts';

/** The status whose field is the gravest; of equals the first. */
export function gravest(statuses: Statuses, field: string, gravity: ReadonlyMap<string, number>): Fields | undefined {
  let found: { status: Fields; weight: number } | undefined;
  for (const status of statuses) {
    const text = status === null ? undefined : textAt(status, field);
    const weight = gravity.get(text ?? '') ?? 0;
    if (text !== undefined && (found === undefined || weight > found.weight)) found = { status: status!, weight };
  }
  return found?.status;
}
