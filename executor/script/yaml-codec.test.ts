import { describe, expect, it } from 'vitest';
import { yamlCodec } from './yaml-codec.ts';

const toJson = (yaml: string) => yamlCodec.toJson(yaml);
const print = (value: unknown) => yamlCodec.fromJson(JSON.stringify(value));

describe('YAML to JSON', () => {
  it('reads maps, lists and every kind of scalar', () => {
    expect(toJson('a:\n  - 1\n  - x\n  - {b: c}\n  - [1.5, true]\nd: ~\ne:\n')).toBe(
      '{"a":[1,"x",{"b":"c"},[1.5,true]],"d":null,"e":null}',
    );
    expect(toJson('')).toBe('null');
    expect(toJson('# nothing\n')).toBe('null');
    expect(toJson('a: 1\n---\nb: 2\n')).toBe('{"a":1}');
  });

  it.each([
    ['yes', 'true'],
    ['No', 'false'],
    ['y', 'true'],
    ['off', 'false'],
    ['"yes"', '"yes"'],
    ['017', '15'],
    ['0o17', '15'],
    ['08', '8'],
    ['0x1F', '31'],
    ['0b101', '5'],
    ['-0b11', '-3'],
    ['1_000', '1000'],
    ['+5', '5'],
    ['9223372036854775807', '9223372036854775807'],
    ['18446744073709551615', '18446744073709551615'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['12345678901234567890123', '1.2345678901234568e+22'],
    ['1.0', '1'],
    ['.5', '0.5'],
    ['1e3', '1000'],
    ['.5_0', '".5_0"'],
    ['12:30:45', '"12:30:45"'],
    ['2001-12-14', '"2001-12-14"'],
    ['2001-12-14t21:59:43.10-05:00', '"2001-12-14t21:59:43.10-05:00"'],
    ['1.2.3', '"1.2.3"'],
    ['!!str 1', '"1"'],
    ['!!int "7"', '7'],
    ['!!float 7', '7'],
    ['!!binary aGk=', '"hi"'],
    ['!own 5', '"5"'],
    ['|\n  a\n  b\n', '"a\\nb\\n"'],
    ['>\n  a\n  b\n', '"a b\\n"'],
  ])('reads %j as %s', (yaml, json) => {
    expect(toJson(`v: ${yaml}`)).toBe(`{"v":${json}}`);
  });

  it('makes texts of keys, the later of two winning', () => {
    expect(toJson('1: a\ntrue: b\n0.1: c\nx: 1\nx: 2\n')).toBe('{"1":"a","true":"b","0.1":"c","x":2}');
  });

  it('follows aliases and merges', () => {
    expect(toJson('a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  l: 3\nc: *x\nd:\n  <<: [{k: 1}, {k: 2, m: 3}]\n')).toBe(
      '{"a":{"k":1,"l":2},"b":{"k":1,"l":3},"c":{"k":1,"l":2},"d":{"k":1,"m":3}}',
    );
  });

  it.each([
    ['a: [1', 'flow sequence'],
    ['a: .nan', 'JSON has no .nan'],
    ['~: 1', 'a key is null'],
    ['{[1]: 2}', 'a key is not a scalar'],
    ['!!int x', 'no int'],
    ['<<: 5', 'a merge needs'],
    ['&a [*a]', 'contains itself'],
    ['a: b: c', 'compact mappings'],
  ])('refuses %j', (yaml, message) => {
    expect(() => toJson(yaml)).toThrow(new RegExp(message, 'i'));
  });

  it.each(['[', '- ', '{a: '])('refuses %j a hundred thousand deep, and lives on', (opening) => {
    expect(() => toJson(opening.repeat(100_000))).toThrow('nested more than 200 deep');
  });

  it('refuses aliases that multiply without end', () => {
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 9; level++) {
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(',')}]`,
      );
    }
    expect(() => toJson(lines.join('\n'))).toThrow('aliases multiply');
  });
});

describe('JSON to YAML', () => {
  it('prints sorted keys, lists at the level of their key, and empty collections in brackets', () => {
    expect(print({ b: [1, { y: 1, x: [] }, ['p', ['q']]], a: { c: {} } })).toBe(
      'a:\n  c: {}\nb:\n- 1\n- x: []\n  "y": 1\n- - p\n  - - q\n',
    );
    expect(print([])).toBe('[]\n');
    expect(print(['a', { b: 1 }])).toBe('- a\n- b: 1\n');
    expect(print('text')).toBe('text\n');
  });

  it('sorts letters after everything else and numbers by their value', () => {
    expect(print({ a10: 1, a2: 1, B: 1, a: 1, _x: 1, 1: 1, 10: 1, 9: 1, 'a-b': 1, ab: 1 })).toBe(
      '_x: 1\n"1": 1\n"9": 1\n"10": 1\nB: 1\na: 1\na-b: 1\na2: 1\na10: 1\nab: 1\n',
    );
  });

  it.each([
    ['', '""'],
    ['yes', '"yes"'],
    ['null', '"null"'],
    ['12', '"12"'],
    ['1e3', '"1e3"'],
    ['0x', '0x'],
    ['12:30', '"12:30"'],
    ['2020-01-02', '"2020-01-02"'],
    ['2020-13-02', '2020-13-02'],
    ['a: b', "'a: b'"],
    ['a:b', 'a:b'],
    ['a #b', "'a #b'"],
    ['a#b', 'a#b'],
    ["it's: x", "'it''s: x'"],
    [' a', "' a'"],
    ['a ', "'a '"],
    ['- a', "'- a'"],
    ['-a', '-a'],
    ['*a', "'*a'"],
    ['%a', "'%a'"],
    ['--- a', "'--- a'"],
    ['a\tb', '"a\\tb"'],
    ['é', 'é'],
    ['😀', '"\\U0001F600"'],
    ['\u0007\u0001', '"\\a\\x01"'],
    ['a\\"b', 'a\\"b'],
    ['a\nb', '|-\n  a\n  b'],
    ['a\nb\n', '|\n  a\n  b'],
    ['a\n\n', '|+\n  a\n'],
    [' a\nb', '|2-\n   a\n  b'],
    ['a \nb', '"a \\nb"'],
  ])('prints %j as %s', (text, yaml) => {
    expect(print({ k: text })).toBe(`k: ${yaml}\n`);
    expect(JSON.parse(toJson(print({ k: text })))).toEqual({ k: text });
  });

  it.each([
    ['1.0', '1'],
    ['1.50', '1.5'],
    ['1e6', '1e+06'],
    ['123456789.5', '1.234567895e+08'],
    ['100000.5', '100000.5'],
    ['0.0001', '0.0001'],
    ['0.00001', '1e-05'],
    ['18446744073709551615', '18446744073709551615'],
    ['-0', '0'],
    ['true', 'true'],
    ['null', 'null'],
  ])('prints the number %s as %s', (json, yaml) => {
    expect(yamlCodec.fromJson(`{"k":${json}}`)).toBe(`k: ${yaml}\n`);
  });

  it('folds long lines after the eightieth column', () => {
    const words = Array.from({ length: 30 }, (_, at) => `word${at}`).join(' ');
    const printed = print({ k: { text: words, quoted: `${words}: x`, control: `${words}\u0001` } });
    expect(printed).toBe(
      [
        'k:',
        '  control: "word0 word1 word2 word3 word4 word5 word6 word7 word8 word9 word10 word11',
        '    word12 word13 word14 word15 word16 word17 word18 word19 word20 word21 word22 word23',
        '    word24 word25 word26 word27 word28 word29\\x01"',
        "  quoted: 'word0 word1 word2 word3 word4 word5 word6 word7 word8 word9 word10 word11",
        '    word12 word13 word14 word15 word16 word17 word18 word19 word20 word21 word22 word23',
        "    word24 word25 word26 word27 word28 word29: x'",
        '  text: word0 word1 word2 word3 word4 word5 word6 word7 word8 word9 word10 word11',
        '    word12 word13 word14 word15 word16 word17 word18 word19 word20 word21 word22 word23',
        '    word24 word25 word26 word27 word28 word29',
        '',
      ].join('\n'),
    );
    expect(JSON.parse(toJson(printed)).k.text).toBe(words);
  });

  it('writes long keys in the explicit form', () => {
    const key = 'k'.repeat(129);
    expect(print({ [key]: [1] })).toBe(`? ${key}\n: - 1\n`);
    expect(print({ ['k'.repeat(128)]: 1 })).toBe(`${'k'.repeat(128)}: 1\n`);
  });

  it('refuses what is no JSON', () => {
    expect(() => yamlCodec.fromJson('{')).toThrow('not JSON');
  });
});
