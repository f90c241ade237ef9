// A short name for a text's content, by which clients know whether they have it already.
import { createHash } from 'node:crypto';

export const fingerprint = (text: string): string => createHash('sha512').update(text).digest('hex').toUpperCase();
