// Texts as bytes: Lua counts and cuts bytes, so each byte of a text's UTF-8 is one char there.

const ASCII = /^[\0-\x7f]*$/;
const REPLACEMENT = 0xfffd;

export function bytesOf(text: string): string {
  if (ASCII.test(text)) return text;
  let bytes = '';
  for (const char of text) bytes += encoded(char.codePointAt(0) ?? REPLACEMENT);
  return bytes;
}

function encoded(code: number): string {
  if (code < 0x80) return String.fromCharCode(code);
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), tail(code));
  // Half of a pair stands for nothing.
  if (code >= 0xd800 && code <= 0xdfff) return encoded(REPLACEMENT);
  if (code < 0x10000) return String.fromCharCode(0xe0 | (code >> 12), tail(code >> 6), tail(code));
  return String.fromCharCode(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code));
}

const tail = (code: number): number => 0x80 | (code & 0x3f);

/** Bytes that are no UTF-8 become the sign for that, as in Go's JSON. */
export function textOf(bytes: string): string {
  if (ASCII.test(bytes)) return bytes;
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const { code, length } = decoded(bytes, at);
    text += String.fromCodePoint(code);
    at += length;
  }
  return text;
}

const WRONG = { code: REPLACEMENT, length: 1 };

/** By the lead byte: how many bytes, and the least code that needs so many. */
function shapeOf(lead: number): { readonly length: number; readonly bits: number; readonly least: number } | null {
  if (lead < 0x80) return { length: 1, bits: lead, least: 0 };
  if (lead >= 0xc2 && lead < 0xe0) return { length: 2, bits: lead & 0x1f, least: 0x80 };
  if (lead >= 0xe0 && lead < 0xf0) return { length: 3, bits: lead & 0x0f, least: 0x800 };
  if (lead >= 0xf0 && lead < 0xf5) return { length: 4, bits: lead & 0x07, least: 0x10000 };
  return null;
}

function decoded(bytes: string, at: number): { readonly code: number; readonly length: number } {
  const shape = shapeOf(bytes.charCodeAt(at));
  if (shape === null) return WRONG;
  let code = shape.bits;
  for (let next = at + 1; next < at + shape.length; next += 1) {
    const byte = bytes.charCodeAt(next);
    if (Number.isNaN(byte) || (byte & 0xc0) !== 0x80) return WRONG;
    code = (code << 6) | (byte & 0x3f);
  }
  const isWrong = code < shape.least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
  return isWrong ? WRONG : { code, length: shape.length };
}
