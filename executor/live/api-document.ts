// Documents that an API is asked for once, and what is found in them, whatever somebody has put there.
import { isObject, parseQuantity, quantityMilli } from '../../engine/index.ts';
import type { AskableApi } from './http-api.ts';
import { type Refusal, refusal } from './place-client.ts';

type Fields = Readonly<Record<string, unknown>>;

type Read = { readonly document: Fields } | { readonly refused: Refusal };

/** Anything but a good answer is a refusal. */
export async function read(api: AskableApi, path: string): Promise<Read> {
  const got = await api.send({ method: 'GET', path });
  if (!got.ok) return { refused: got };
  if (got.status !== 200) {
    const code = got.status === 404 ? 'NotFound' : got.status === 403 ? 'Forbidden' : 'ServerError';
    return { refused: refusal(code, `${path} is answered with status ${got.status}`) };
  }
  try {
    const document: unknown = JSON.parse(got.text);
    if (isObject(document)) return { document };
  } catch {
    // No document either.
  }
  return { refused: refusal('ServerError', `${path} is answered with no document`) };
}

export const fieldsOf = (value: unknown): Fields => (isObject(value) ? value : {});
export const itemsOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Null for what is no amount. */
export function milliOf(value: unknown): number | null {
  const quantity = typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : null;
  return quantity === null ? null : Number(quantityMilli(quantity));
}
