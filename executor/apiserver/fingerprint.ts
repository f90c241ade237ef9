// A short name for a text's content, by which clients know whether they have it already.
import { createHash } from 'node:crypto';

export const fingerprint = (content: string | Uint8Array): string =>
  createHash('sha512').update(content).digest('hex').toUpperCase();
