// 32-bit FNV-1a over UTF-8: the hash in Karmada's generated names and in its tie-breaking rule.

const START = 0x811c9dc5;

export const fnv1a32 = (text: string): number => continued(START, text) >>> 0;

function continued(start: number, text: string): number {
  let hash = start;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) hash = mixed(hash, unit);
    else {
      const code = text.codePointAt(at)!;
      if (code >= 0x10000) at += 1;
      hash = mixedWide(hash, code);
    }
  }
  return hash;
}

const mixed = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193);

const tail = (code: number, shift: number): number => 0x80 | ((code >> shift) & 0x3f);

function mixedWide(hash: number, code: number): number {
  if (code < 0x800) return mixed(mixed(hash, 0xc0 | (code >> 6)), tail(code, 0));
  if (code < 0x10000) return mixed(mixed(mixed(hash, 0xe0 | (code >> 12)), tail(code, 6)), tail(code, 0));
  return mixed(mixed(mixed(mixed(hash, 0xf0 | (code >> 18)), tail(code, 12)), tail(code, 6)), tail(code, 0));
}

/** The same UUID for the same text, and in practice no other text's. */
export function nameUuid(text: string): string {
  const digits = ['a', 'b', 'c', 'd']
    .map((salt) => (continued(continued(START, salt), text) >>> 0).toString(16).padStart(8, '0'))
    .join('');
  const variant = '89ab'[Number.parseInt(digits[16]!, 16) % 4];
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `5${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
}
