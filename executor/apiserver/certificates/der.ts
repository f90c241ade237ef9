// Just enough DER to read a certificate request and to write a certificate.

export class DerError extends Error {
  override readonly name = 'DerError';
}

export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

export interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** With tag and length, as it stands. */
  readonly whole: Uint8Array;
}

/** The elements that follow each other in the bytes. */
export function readElements(bytes: Uint8Array): readonly Element[] {
  const elements: Element[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at;
    const tag = bytes[at]!;
    const { length, size } = readLength(bytes, at + 1);
    const from = at + 1 + size;
    at = from + length;
    if ((tag & 0x1f) === 0x1f || at > bytes.length) throw new DerError('an element ends too early');
    elements.push({ tag, content: bytes.subarray(from, at), whole: bytes.subarray(start, at) });
  }
  return elements;
}

/** What stands in the one element that the bytes are. */
export function within(bytes: Uint8Array, tag: number = TAG.sequence): readonly Element[] {
  const [only, ...rest] = readElements(bytes);
  if (only === undefined || rest.length > 0 || only.tag !== tag) throw new DerError('another element is expected');
  return readElements(only.content);
}

function readLength(bytes: Uint8Array, at: number): { readonly length: number; readonly size: number } {
  const first = bytes[at];
  if (first === undefined) throw new DerError('an element has no length');
  if (first < 0x80) return { length: first, size: 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 4 || at + count >= bytes.length) throw new DerError('a length cannot be read');
  let length = 0;
  for (let index = 1; index <= count; index += 1) length = length * 256 + bytes[at + index]!;
  return { length, size: 1 + count };
}

export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const length: number[] = [];
  if (content.length < 0x80) length.push(content.length);
  else {
    for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
    length.unshift(0x80 | length.length);
  }
  return Buffer.concat([Uint8Array.from([tag, ...length]), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => element(TAG.sequence, ...parts);

/** "1.2.840.10045.4.3.2" */
export function oid(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const group = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) group.unshift(0x80 | (left % 128));
    bytes.push(...group);
  }
  return element(TAG.oid, Uint8Array.from(bytes));
}

export const bitString = (bytes: Uint8Array, unused = 0): Uint8Array =>
  element(TAG.bitString, Uint8Array.from([unused]), bytes);

/** Years that two digits can say are said with two. */
export function time(ms: number): Uint8Array {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  const isShort = new Date(ms).getUTCFullYear() < 2050;
  return isShort
    ? element(TAG.utcTime, Buffer.from(digits.slice(2)))
    : element(TAG.generalizedTime, Buffer.from(digits));
}
