// Admission of references to what is scaled: a kind and a name that can stand in a path.
import { onlyFields, scalar, text } from '../../base/shape.ts';

const isSegment = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value !== '.' && value !== '..' && !/[/%]/.test(value);

const segment = scalar('a name without "/" and "%"', isSegment);

export const scaleTarget = onlyFields({ kind: segment, name: segment }, { apiVersion: text });
