import { describe, expect, it } from 'vitest';
import { applyJsonPatch } from './json-patch.ts';
import { parseJsonText, printJsonText } from './json-text.ts';

const roundTrip = (text: string) => printJsonText(parseJsonText(text));

describe('JSON text', () => {
  it('keeps numbers and texts as they were typed, and the order of fields', () => {
    const text = '{"z":1.0,"10":12345678901234567890,"2":1e3,"e":"\\u00e9\\/é","n":[true,false,null,-0.50,{}]}';
    expect(roundTrip(text)).toBe(text);
  });

  it('loses white space only outside of texts', () => {
    expect(roundTrip(' { "a b" : [ 1 ,\n"x, y: \\" ]" ] } ')).toBe('{"a b":[1,"x, y: \\" ]"]}');
  });

  it.each(['', '{', '[1,]', '{"a" 1}', '01', '"\n"', 'nul'])('refuses %j', (text) => {
    expect(parseJsonText(text)).toBeNull();
  });

  it('refuses a document nested beyond reason', () => {
    expect(parseJsonText(`${'['.repeat(1001)}${']'.repeat(1001)}`)).not.toBeNull();
    expect(parseJsonText(`${'['.repeat(1002)}1${']'.repeat(1002)}`)).toBeNull();
  });

  it('escapes what could end a script element', () => {
    expect(roundTrip('{"<a>":"&"}')).toBe('{"\\u003ca\\u003e":"\\u0026"}');
    expect(printJsonText({ a: '<', b: undefined, c: [undefined] })).toBe('{"a":"\\u003c","c":[null]}');
  });

  it('is patched without touching its neighbours', () => {
    const patch = [
      { op: 'replace', path: '/b/0', value: { x: 1 } },
      { op: 'add', path: '/c', value: 'y' },
    ];
    const result = applyJsonPatch(parseJsonText('{"b":[1.50,2.0],"a":1e2}'), patch);
    expect(result.ok && printJsonText(result.document)).toBe('{"b":[{"x":1},2.0],"a":1e2,"c":"y"}');
  });
});
